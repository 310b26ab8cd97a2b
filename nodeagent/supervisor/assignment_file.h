// assignments.json: the last assignment set, so that an agent without a control plane goes on with it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "common/result.h"
#include "nodeagent/decide/assignment_set.h"

namespace cacheplane::agent {

std::string ToJson(const AssignmentSet& set);
// kInvalidArgument when it is not what ToJson writes, or holds an assignment that breaks the contract.
Result<AssignmentSet> ParseAssignmentSet(std::string_view json);

// Readable by the agent's user alone: it holds the internal passwords. Placed, it survives the end of this process;
// saved, that of the host.
Status PlaceAssignments(const std::filesystem::path& file, const AssignmentSet& set);
Status SaveAssignments(const std::filesystem::path& file, const AssignmentSet& set);
// No file is an empty set.
Result<AssignmentSet> LoadAssignments(const std::filesystem::path& file);

}  // namespace cacheplane::agent
