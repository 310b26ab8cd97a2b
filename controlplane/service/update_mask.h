// Which fields a modification may change, and the changed definition. Pure.
#pragma once

#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/model/cluster.h"
#include "controlplane/service/requests.h"

namespace cacheplane::service {

// `current` with the fields of `mask` taken from `wanted`; a field absent there goes back to its default.
// kInvalidArgument for an empty mask and for a name that is no field; kUnimplemented for a field that cannot be changed
// yet. The result is not validated.
Result<model::ClusterSpec> ApplyMask(const std::string& name, const model::ClusterSpec& current,
                                     const ClusterDraft& wanted, const std::vector<std::string>& mask);

// Names of the fields that can be changed and differ.
std::vector<std::string> ChangedFields(const model::ClusterSpec& from, const model::ClusterSpec& to);

// Another value of the field may concern the nodes; what does not is in force at once in every state.
bool ConcernsNodes(const std::string& field);

// At least one of the fields.
bool AnyConcernsNodes(const std::vector<std::string>& fields);

}  // namespace cacheplane::service
