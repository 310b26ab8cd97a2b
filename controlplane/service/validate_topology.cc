// Rules of shards, replicas, zones and quotas.
#include <fmt/format.h>

#include <algorithm>

#include "controlplane/service/rules.h"
#include "controlplane/service/validate.h"

namespace cacheplane::service {
namespace {

std::string ListOf(const std::set<std::string>& zones) { return QuotedList({zones.begin(), zones.end()}); }

Status CheckPreferredZones(const model::ClusterSpec& spec, const std::set<std::string>& zones) {
  constexpr std::string_view kField = "spec.preferred_zones";
  const std::vector<std::string>& preferred = spec.preferred_zones;
  if (preferred.empty()) return {};
  const auto needed = static_cast<std::size_t>(spec.shard_count * model::NodesPerShard(spec));
  if (preferred.size() != needed) {
    return InvalidArgument(
        fmt::format("{}: {} zones for {} nodes; allowed: none, or one a node", kField, preferred.size(), needed));
  }
  for (const std::string& zone : preferred) {
    if (!zones.contains(zone)) {
      return Invalid(kField, zone, fmt::format("is no zone of subnet group {}", Quoted(spec.subnet_group)),
                     ListOf(zones));
    }
  }
  const bool all_the_same = std::equal(preferred.begin() + 1, preferred.end(), preferred.begin());
  if (spec.multi_az && all_the_same) {
    return Invalid(kField, preferred.front(), "is the zone of every node, and spec.multi_az is true",
                   "at least two different zones");
  }
  return {};
}

}  // namespace

Status ValidateTopology(const model::ClusterSpec& spec) {
  CP_RETURN_IF_ERROR(CheckRange("spec.shard_count", spec.shard_count, 1, kMostShards));
  if (spec.shard_count > 1) {
    return Unimplemented(fmt::format("not yet: spec.shard_count: {}; allowed: 1", spec.shard_count));
  }
  CP_RETURN_IF_ERROR(CheckRange("spec.replicas_per_shard", spec.replicas_per_shard, 0, kMostReplicas));
  const bool alone = spec.replicas_per_shard == 0;
  if (spec.multi_az && alone) {
    return InvalidArgument(
        "spec.multi_az: true needs a replica and there is none; allowed: spec.replicas_per_shard 1 to 5");
  }
  if (spec.automatic_failover && alone) {
    return InvalidArgument(
        "spec.automatic_failover: true needs a replica and there is none; allowed: spec.replicas_per_shard 1 to 5");
  }
  if (spec.multi_az && !spec.automatic_failover) {
    return InvalidArgument("spec.multi_az: true needs spec.automatic_failover, which is false; allowed: both true");
  }
  return {};
}

Status ValidateZones(const model::ClusterSpec& spec, const std::optional<std::set<std::string>>& zones) {
  if (!zones) {
    return NotFound(fmt::format("spec.subnet_group: {} does not exist; allowed: a name that ListSubnetGroups shows",
                                Quoted(spec.subnet_group)));
  }
  if (spec.multi_az && zones->size() < 2) {
    return InvalidArgument(
        fmt::format("spec.multi_az: true needs two zones, and subnet group {} has {}; allowed: a "
                    "subnet group with subnets in at least two zones",
                    Quoted(spec.subnet_group), ListOf(*zones)));
  }
  return CheckPreferredZones(spec, *zones);
}

Status ValidateQuota(const model::ClusterSpec& spec, int nodes) {
  const int wanted = spec.shard_count * model::NodesPerShard(spec);
  if (nodes + wanted <= kMostNodes) return {};
  return Error{ErrorCode::kResourceExhausted,
               fmt::format("spec.replicas_per_shard: {} makes {} nodes beside the {} there are; allowed: {} nodes over "
                           "all clusters",
                           spec.replicas_per_shard, wanted, nodes, kMostNodes)};
}

}  // namespace cacheplane::service
