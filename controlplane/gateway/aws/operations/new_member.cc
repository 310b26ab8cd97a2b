#include "controlplane/gateway/aws/operations/new_member.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/text.h"
#include "controlplane/gateway/aws/operations/not_built.h"
#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

Json TagsJson(const model::ClusterSpec& spec) {
  Json tags = Json::array();
  for (const auto& [key, value] : spec.tags) tags.push_back({{"Key", key}, {"Value", value}});
  return tags;
}

// The parameters of a cache cluster as the group has them.
Json ParametersOf(const model::ClusterSpec& spec) {
  return {{"NumCacheNodes", 1},
          {"CacheNodeType", spec.node_type},
          {"Engine", spec.engine},
          {"EngineVersion", model::VersionAskedFor(model::BuildOf(spec))},
          {"CacheParameterGroupName", spec.parameter_group},
          {"CacheSubnetGroupName", spec.subnet_group},
          {"SecurityGroupIds", spec.security_groups},
          {"PreferredMaintenanceWindow", spec.maintenance_window},
          {"Port", spec.port},
          {"AutoMinorVersionUpgrade", spec.auto_minor_version_upgrade},
          {"SnapshotRetentionLimit", 0},
          {"SnapshotWindow", spec.snapshot_window},
          {"Tags", TagsJson(spec)}};
}

// Texts in any case of letters, lists in any order; a tag without a value has an empty one.
std::vector<std::string> Comparable(const Json& value) {
  std::vector<std::string> items;
  for (const Json& item : value.is_array() ? value : Json::array({value})) {
    const bool tag = item.is_object();
    items.push_back(tag ? TextIn(item, "Key") + "=" + TextIn(item, "Value")
                        : (item.is_string() ? ToLower(item.get<std::string>()) : item.dump()));
  }
  std::sort(items.begin(), items.end());
  return items;
}

}  // namespace

Status CheckFollowsGroup(const Json& input, const service::ClusterDetails& group) {
  CP_RETURN_IF_ERROR(CheckBuilt(input));
  const Json parameters = ParametersOf(group.cluster.spec);
  for (const auto& [name, value] : parameters.items()) {
    if (IsEmptyIn(input, name.c_str()) || Comparable(input.at(name)) == Comparable(value)) continue;
    return FailedPrecondition(
        fmt::format("{}: {} is not what replication group {} has, which its replicas follow; allowed: nothing, or {}",
                    name, ShownValue(input.at(name)), service::Quoted(group.cluster.name), ShownValue(value)));
  }
  return {};
}

}  // namespace cacheplane::gateway::aws
