#include "controlplane/gateway/aws/operations/cache_cluster_request.h"

#include <fmt/format.h>

#include "common/text.h"
#include "controlplane/gateway/aws/operations/members.h"
#include "controlplane/gateway/aws/operations/not_built.h"
#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/gateway/aws/operations/settings.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr const char* kEngines = "\"redis\", \"valkey\"";

Status CheckEngine(const Json& input) {
  const std::string engine = ToLower(TextIn(input, "Engine"));
  if (engine.empty()) return service::Missing("Engine", kEngines);
  if (engine == "memcached") return NotBuilt("Engine", engine, kEngines);
  return {};
}

// The first in ElastiCache's words.
Status CheckNodeCount(const Json& input) {
  const auto nodes = NumberIn(input, "NumCacheNodes");
  if (!nodes || *nodes == 1) return {};
  if (*nodes < 1) return service::CheckRange("NumCacheNodes", *nodes, 1, 1);
  return InvalidArgument(
      fmt::format("NumCacheNodes: {}. Cannot create a Redis cluster with a NumCacheNodes parameter greater than 1; "
                  "allowed: 1, or CreateReplicationGroup with NumCacheClusters {}",
                  *nodes, *nodes));
}

// The one node's, told in one of two ways.
Result<std::vector<std::string>> ZonesIn(const Json& input) {
  std::vector<std::string> zones = TextsIn(input, "PreferredAvailabilityZones");
  const std::string zone = TextIn(input, "PreferredAvailabilityZone");
  if (zone.empty()) return zones;
  if (zones.empty() || zones == std::vector{zone}) return std::vector{zone};
  return FailedPrecondition(
      fmt::format("PreferredAvailabilityZone: {}, and PreferredAvailabilityZones has {}; allowed: one of the two",
                  service::Quoted(zone), service::QuotedList(zones)));
}

Status CheckAloneIsBuilt(Json input) {
  for (const char* built : {"PreferredAvailabilityZone", "PreferredAvailabilityZones"}) input.erase(built);
  return CheckBuilt(input);
}

Status CheckMembersChange(const Json& input, const std::string& group) {
  const std::string parameter = GivenToGroupAlone(input);
  if (parameter.empty()) return {};
  return FailedPrecondition(
      fmt::format("{}: {} cannot be changed for one member of {}; allowed: with ModifyReplicationGroup, for all",
                  parameter, ShownValue(input.at(parameter)), service::Quoted(group)));
}

}  // namespace

Result<service::CreateClusterRequest> CacheClusterRequestOf(const Call& call) {
  const Json& input = call.input;
  CP_RETURN_IF_ERROR(CheckEngine(input));
  CP_RETURN_IF_ERROR(CheckNodeCount(input));
  CP_RETURN_IF_ERROR(CheckAloneIsBuilt(input));
  service::CreateClusterRequest request;
  request.name = TextIn(input, "CacheClusterId");
  request.form = model::ClusterFormName(model::ClusterForm::kCacheCluster);
  request.request_id = RequestIdOf(call);
  SetFields(input, request.spec);
  CP_ASSIGN_OR_RETURN(request.spec.preferred_zones, ZonesIn(input));
  request.spec.subnet_group = TextIn(input, "CacheSubnetGroupName");
  request.spec.port = NumberIn(input, "Port");
  CP_ASSIGN_OR_RETURN(request.spec.tags, TagsIn(input));
  return request;
}

Result<service::ModifyClusterRequest> CacheClusterModificationOf(const Call& call,
                                                                 const service::ClusterDetails& present) {
  CP_RETURN_IF_ERROR(CheckBuilt(call.input));
  if (const auto nodes = NumberIn(call.input, "NumCacheNodes")) {
    CP_RETURN_IF_ERROR(service::CheckRange("NumCacheNodes", *nodes, 1, 1));
  }
  if (!StandsAlone(present)) CP_RETURN_IF_ERROR(CheckMembersChange(call.input, present.cluster.name));
  return ModificationOf(call, present.cluster.name);
}

}  // namespace cacheplane::gateway::aws
