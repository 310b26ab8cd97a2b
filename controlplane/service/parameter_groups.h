// Parameter groups as they are found and shown. A default group is not stored: "default.<family>" holds the family's
// defaults, "default.<family>.cluster.on" the same with cluster-enabled.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cache-engine/catalog/catalog.h"
#include "controlplane/model/parameter_group.h"
#include "controlplane/ports/store.h"

namespace cacheplane::service {

// No other group is ever called so: their names have no dots.
bool IsDefaultParameterGroup(std::string_view name);

// In order of names.
const std::vector<model::ParameterGroup>& DefaultParameterGroups();

// Stored or default, in any case of letters; nothing when there is none.
std::optional<model::ParameterGroup> FindParameterGroup(ports::ParameterGroupTable& table, const std::string& name);

// A page of both kinds in order of names.
std::vector<model::ParameterGroup> ListParameterGroupRows(ports::ParameterGroupTable& table,
                                                          const ports::PageRequest& page);

// Follows from what the group holds, so that two groups that are equal have equal ones; empty for a default group.
std::string EtagOf(const model::ParameterGroup& group);

// One parameter of a group, as it is shown. The catalogue's row outlives everything.
struct ParameterDetails {
  const catalog::Parameter* parameter = nullptr;
  std::string value;
  bool is_set = false;  // in this group: its source is "user", else "system"
};

// All of them in order of their names; empty for an unknown family.
std::vector<ParameterDetails> DescribeParameters(const model::ParameterGroup& group);

}  // namespace cacheplane::service
