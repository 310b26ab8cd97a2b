#include "controlplane/gateway/aws/operations/replica_count.h"

#include <fmt/format.h>

#include "common/text.h"
#include "controlplane/gateway/aws/operations/not_built.h"
#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr const char* kRemovals = "ReplicasToRemove";
constexpr const char* kOneOrAgree = "one of the two, or values that agree";

// A count of replicas, and the parameter that told it.
struct Told {
  std::string parameter;
  int value = 0;  // as it was sent
  int replicas = 0;
};

Result<std::optional<Told>> AgreedOn(const std::vector<Told>& all) {
  if (all.empty()) return std::optional<Told>();
  for (const Told& other : all) {
    if (other.replicas == all.front().replicas) continue;
    return FailedPrecondition(fmt::format("{}: {} means {} replicas, and {}: {} means {}; allowed: {}",
                                          all.front().parameter, all.front().value, all.front().replicas,
                                          other.parameter, other.value, other.replicas, kOneOrAgree));
  }
  return std::optional(all.front());
}

// The only element of NodeGroupConfiguration; empty when there is none.
Result<Json> OnlyConfiguration(const Json& input) {
  constexpr const char* kParameter = "NodeGroupConfiguration";
  const Json all = StructuresIn(input, kParameter);
  if (all.empty()) return Json::object();
  if (all.size() > 1) return NotBuilt(kParameter, fmt::format("{} node groups", all.size()), "one node group");
  const Json& only = all.front();
  CP_RETURN_IF_ERROR(CheckBuilt(only));  // NodeGroupId, outposts
  const std::string slots = TextIn(only, "Slots");
  if (!slots.empty() && slots != "0-16383") return NotBuilt("Slots", slots, "\"0-16383\"");
  return only;
}

std::vector<std::string> ZonesOf(const Json& configuration) {
  std::vector<std::string> zones;
  const std::string primary = TextIn(configuration, "PrimaryAvailabilityZone");
  if (!primary.empty()) zones.push_back(primary);
  for (std::string& zone : TextsIn(configuration, "ReplicaAvailabilityZones")) zones.push_back(std::move(zone));
  return zones;
}

Result<std::vector<Told>> NewCounts(const Json& input, const Json& configuration) {
  std::vector<Told> all;
  if (const auto nodes = NumberIn(input, "NumCacheClusters")) {
    CP_RETURN_IF_ERROR(service::CheckRange("NumCacheClusters", *nodes, 1, 1 + service::kMostReplicas));
    all.push_back({"NumCacheClusters", *nodes, *nodes - 1});
  }
  if (const auto replicas = NumberIn(input, "ReplicasPerNodeGroup")) {
    CP_RETURN_IF_ERROR(service::CheckRange("ReplicasPerNodeGroup", *replicas, 0, service::kMostReplicas));
    all.push_back({"ReplicasPerNodeGroup", *replicas, *replicas});
  }
  if (const auto replicas = NumberIn(configuration, "ReplicaCount")) {
    CP_RETURN_IF_ERROR(service::CheckRange("ReplicaCount", *replicas, 0, service::kMostReplicas));
    all.push_back({"NodeGroupConfiguration.ReplicaCount", *replicas, *replicas});
  }
  return all;
}

Result<std::optional<Told>> ConfiguredCount(const Json& input) {
  constexpr const char* kParameter = "ReplicaConfiguration";
  const Json all = StructuresIn(input, kParameter);
  if (all.empty()) return std::optional<Told>();
  if (all.size() > 1) return NotBuilt(kParameter, fmt::format("{} node groups", all.size()), "one node group");
  const Json& only = all.front();
  CP_RETURN_IF_ERROR(CheckBuilt(only));  // NodeGroupId, zones, outposts
  const auto replicas = NumberIn(only, "NewReplicaCount");
  if (!replicas) return service::Missing("ReplicaConfiguration.NewReplicaCount", "0 to 5");
  return std::optional(Told{"ReplicaConfiguration.NewReplicaCount", *replicas, *replicas});
}

Error NoCount(const Json& input) {
  const char* others = input.contains("ReplicasToRemove") ? "it, ReplicaConfiguration, or ReplicasToRemove"
                                                          : "it, or ReplicaConfiguration";
  return FailedPrecondition(fmt::format("NewReplicaCount: is required; allowed: {}", others));
}

Status CheckRange(const Told& told, int present_replicas) {
  if (told.parameter != kRemovals) return service::CheckRange(told.parameter, told.value, 0, service::kMostReplicas);
  if (told.replicas >= 0) return {};
  return InvalidArgument(fmt::format("{}: {} are named, and there are {} replicas; allowed: names of replicas",
                                     kRemovals, told.value, present_replicas));
}

Result<int> CountAskedFor(const Json& input, int present_replicas, const std::vector<std::string>& removals) {
  std::vector<Told> all;
  if (const auto replicas = NumberIn(input, "NewReplicaCount"))
    all.push_back({"NewReplicaCount", *replicas, *replicas});
  CP_ASSIGN_OR_RETURN(const std::optional<Told> configured, ConfiguredCount(input));
  if (configured) all.push_back(*configured);
  const int named = static_cast<int>(removals.size());
  if (all.empty() && named > 0) all.push_back({kRemovals, named, present_replicas - named});
  CP_ASSIGN_OR_RETURN(const std::optional<Told> agreed, AgreedOn(all));
  if (!agreed) return NoCount(input);
  CP_RETURN_IF_ERROR(CheckRange(*agreed, present_replicas));
  return agreed->replicas;
}

}  // namespace

Result<NewShape> NewShapeOf(const Json& input) {
  CP_ASSIGN_OR_RETURN(const Json configuration, OnlyConfiguration(input));
  CP_ASSIGN_OR_RETURN(const std::vector<Told> counts, NewCounts(input, configuration));
  CP_ASSIGN_OR_RETURN(const std::optional<Told> agreed, AgreedOn(counts));
  NewShape shape{agreed ? agreed->replicas : 0, TextsIn(input, "PreferredCacheClusterAZs")};
  std::vector<std::string> configured = ZonesOf(configuration);
  if (!shape.zones.empty() && !configured.empty() && shape.zones != configured) {
    return FailedPrecondition(
        fmt::format("PreferredCacheClusterAZs: {}, and NodeGroupConfiguration has {}; allowed: {}",
                    service::QuotedList(shape.zones), service::QuotedList(configured), kOneOrAgree));
  }
  if (shape.zones.empty()) shape.zones = std::move(configured);
  return shape;
}

Result<service::ModifyClusterRequest> CountRequestOf(const Call& call, int present_replicas) {
  if (FlagIn(call.input, "ApplyImmediately") != true) {
    return service::Invalid("ApplyImmediately", "false", "would wait for the maintenance window", "true");
  }
  service::ModifyClusterRequest request;
  request.name = TextIn(call.input, "ReplicationGroupId");
  for (const std::string& id : TextsIn(call.input, "ReplicasToRemove")) {
    request.replicas_to_remove.push_back(ToLower(id));
  }
  CP_ASSIGN_OR_RETURN(request.spec.replicas_per_shard,
                      CountAskedFor(call.input, present_replicas, request.replicas_to_remove));
  request.update_mask = {"replicas_per_shard"};
  request.apply_immediately = true;
  request.refuse_when_busy = true;
  request.request_id = RequestIdOf(call);
  return request;
}

}  // namespace cacheplane::gateway::aws
