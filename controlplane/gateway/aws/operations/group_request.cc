#include "controlplane/gateway/aws/operations/group_request.h"

#include "common/text.h"
#include "controlplane/gateway/aws/operations/members.h"
#include "controlplane/gateway/aws/operations/not_built.h"
#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/gateway/aws/operations/replica_count.h"
#include "controlplane/gateway/aws/operations/settings.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

using service::ClusterDraft;

Status CheckDescription(const Json& input) {
  if (!TextIn(input, "ReplicationGroupDescription").empty()) return {};
  return service::Missing("ReplicationGroupDescription", "1 to 255 printable characters");
}

// Snapshots are taken of one member, which the API lets callers choose elsewhere.
Status CheckSnapshotting(const Json& input, const service::ClusterDetails& present) {
  const std::string asked = ToLower(TextIn(input, "SnapshottingClusterId"));
  const std::string first = SnapshottingMember(present);
  if (asked.empty() || asked == first || asked == model::NodeNameOf(present.cluster.name, 1).str()) return {};
  return NotBuilt("SnapshottingClusterId", asked, service::Quoted(first).c_str());
}

}  // namespace

Result<service::CreateClusterRequest> CreateRequestOf(const Call& call) {
  const Json& input = call.input;
  CP_RETURN_IF_ERROR(CheckBuilt(input));
  CP_RETURN_IF_ERROR(CheckDescription(input));
  if (!IsEmptyIn(input, "PrimaryClusterId")) {
    return NotBuilt("PrimaryClusterId", input.at("PrimaryClusterId"), "nothing: its nodes are created with a group");
  }
  service::CreateClusterRequest request;
  request.name = TextIn(input, "ReplicationGroupId");
  request.request_id = RequestIdOf(call);
  ClusterDraft& spec = request.spec;
  SetFields(input, spec);
  if (spec.engine.empty()) spec.engine = "redis";
  CP_ASSIGN_OR_RETURN(const NewShape shape, NewShapeOf(input));
  spec.replicas_per_shard = shape.replicas;
  spec.preferred_zones = shape.zones;
  spec.shard_count = NumberIn(input, "NumNodeGroups");
  spec.automatic_failover = spec.automatic_failover.value_or(false);
  spec.subnet_group = TextIn(input, "CacheSubnetGroupName");
  spec.port = NumberIn(input, "Port");
  CP_ASSIGN_OR_RETURN(spec.tags, TagsIn(input));
  return request;
}

Result<service::ModifyClusterRequest> ModifyRequestOf(const Call& call, const service::ClusterDetails& present) {
  CP_RETURN_IF_ERROR(CheckBuilt(call.input));
  CP_RETURN_IF_ERROR(CheckSnapshotting(call.input, present));
  return ModificationOf(call, present.cluster.name);
}

std::optional<service::SwitchoverClusterRequest> PrimaryRequestOf(const Call& call) {
  if (IsEmptyIn(call.input, "PrimaryClusterId")) return std::nullopt;
  service::SwitchoverClusterRequest request;
  request.name = TextIn(call.input, "ReplicationGroupId");
  request.node = TextIn(call.input, "PrimaryClusterId");
  request.request_id = RequestIdOf(call);
  return request;
}

}  // namespace cacheplane::gateway::aws
