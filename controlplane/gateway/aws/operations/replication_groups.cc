// Calls about replication groups, which are clusters.
#include <fmt/format.h>

#include "controlplane/gateway/aws/operations/api_words.h"
#include "controlplane/gateway/aws/operations/cluster_faults.h"
#include "controlplane/gateway/aws/operations/find_member.h"
#include "controlplane/gateway/aws/operations/group_request.h"
#include "controlplane/gateway/aws/operations/group_view.h"
#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/gateway/aws/operations/members.h"
#include "controlplane/gateway/aws/operations/node_type_changes.h"
#include "controlplane/gateway/aws/operations/not_built.h"
#include "controlplane/gateway/aws/operations/paging.h"
#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/gateway/aws/operations/replica_count.h"
#include "controlplane/service/cluster_service.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

using service::ClusterAnswer;
using service::ClusterDetails;

constexpr const char* kId = "ReplicationGroupId";

Answer Changed(const Result<ClusterAnswer>& answer, const Call& call) {
  if (!answer.ok()) return GroupFault(answer.error());
  return Json::object({{"ReplicationGroup", GroupJson(*answer, call.region)}});
}

Answer Create(const Call& call, const Services& services) {
  const Result<service::CreateClusterRequest> request = CreateRequestOf(call);
  if (!request.ok()) return InputFault(request.error());
  const Result<ClusterAnswer> answer = services.clusters.CreateCluster(*request);
  return answer.ok() ? Changed(answer, call) : NewGroupFault(answer.error(), call.input);
}

Answer DescribeAll(const Call& call, const Services& services, const service::ListRequest& request) {
  const auto list = [&](const service::ListRequest& rest) { return services.clusters.ListClusters(rest); };
  const auto page = FilteredPage<ClusterDetails>(request, list, [](const auto& row) { return !StandsAlone(row); });
  if (!page.ok()) return GroupFault(page.error());
  Json groups = Json::array();
  for (const ClusterDetails& details : page->items) groups.push_back(GroupJson(details, call.region));
  Json result = Json::object();
  if (!page->next_page_token.empty()) result["Marker"] = page->next_page_token;
  result["ReplicationGroups"] = std::move(groups);
  return result;
}

Answer Describe(const Call& call, const Services& services) {
  const Result<service::ListRequest> request = ListRequestIn(call.input);
  if (!request.ok()) return InputFault(request.error());
  const std::string id = TextIn(call.input, kId);
  if (id.empty()) return DescribeAll(call, services, *request);
  const Result<ClusterDetails> details = GroupNamed(services.clusters, id);
  if (!details.ok()) return GroupFault(details.error());
  return Json::object({{"ReplicationGroups", Json::array({GroupJson(*details, call.region)})}});
}

Fault NotAlone(const service::SwitchoverClusterRequest& primary, const std::string& field) {
  return InputFault(InApiWords(
      FailedPrecondition(fmt::format("PrimaryClusterId: {} is given beside spec.{}; allowed: PrimaryClusterId alone",
                                     service::Quoted(primary.node), field)),
      {}));
}

Answer Modify(const Call& call, const Services& services) {
  const Result<ClusterDetails> present = GroupNamed(services.clusters, TextIn(call.input, kId));
  if (!present.ok()) return GroupFault(present.error());
  const Result<service::ModifyClusterRequest> request = ModifyRequestOf(call, *present);
  if (!request.ok()) return InputFault(request.error());
  const auto primary = PrimaryRequestOf(call);
  if (primary && !request->update_mask.empty()) {
    return NotAlone(*primary, request->update_mask.front());
  }
  if (primary) return Changed(services.clusters.SwitchoverCluster(*primary), call);
  if (request->update_mask.empty()) return InvalidParameterCombination("No modifications were requested");
  return Changed(services.clusters.ModifyCluster(*request), call);
}

Answer Delete(const Call& call, const Services& services) {
  if (const Status built = CheckBuilt(call.input); !built.ok()) return InputFault(built.error());
  service::DeleteClusterRequest request;
  request.name = TextIn(call.input, kId);
  // The group of a repeated call may be gone: the service knows.
  const Result<ClusterDetails> present = services.clusters.GetCluster(request.name);
  if (present.ok() && StandsAlone(*present)) return GroupFault(NoSuchGroup(request.name));
  request.request_id = RequestIdOf(call);
  return Changed(services.clusters.DeleteCluster(request), call);
}

enum class Direction { kUp, kDown };

// Nothing when the count that is asked for lies in that direction, or is the present one.
std::optional<Fault> WrongDirection(int asked, int present, Direction direction) {
  if (direction == Direction::kUp ? asked >= present : asked <= present) return std::nullopt;
  return InvalidParameterValue(
      direction == Direction::kUp
          ? fmt::format("NewReplicaCount: {} is less than the {} there are; allowed: {} to {}, or DecreaseReplicaCount",
                        asked, present, present + 1, service::kMostReplicas)
          : fmt::format("NewReplicaCount: {} is more than the {} there are; allowed: fewer, or IncreaseReplicaCount",
                        asked, present));
}

Fault NoOperation(int replicas) {
  return FaultNamed("NoOperationFault",
                    fmt::format("NewReplicaCount: {} is the present count; allowed: another one", replicas));
}

Answer ChangeCount(const Call& call, const Services& services, Direction direction) {
  const Result<ClusterDetails> present = GroupNamed(services.clusters, TextIn(call.input, kId));
  if (!present.ok()) return GroupFault(present.error());
  const model::Cluster& cluster = present->cluster;
  const Result<service::ModifyClusterRequest> request = CountRequestOf(call, cluster.spec.replicas_per_shard);
  if (!request.ok()) return InputFault(request.error());
  const int asked = *request->spec.replicas_per_shard;
  if (auto fault = WrongDirection(asked, cluster.spec.replicas_per_shard, direction)) return *fault;
  const bool same = asked == cluster.spec.replicas_per_shard;
  // It would begin at once what waits for the maintenance window.
  if (same && cluster.pending) return NoOperation(asked);
  const Result<ClusterAnswer> answer = services.clusters.ModifyCluster(*request);
  const bool repeated = answer.ok() && answer->operation && answer->operation->before;
  if (same && answer.ok() && !repeated) return NoOperation(asked);
  if (!answer.ok()) return CountFault(answer.error());
  return Changed(answer, call);
}

Answer TestFailover(const Call& call, const Services& services) {
  const Result<ClusterDetails> present = GroupNamed(services.clusters, TextIn(call.input, kId));
  if (!present.ok()) return GroupFault(present.error());
  const model::ClusterSpec& spec = present->cluster.spec;
  if (spec.replicas_per_shard == 0 || !spec.automatic_failover) {
    return FaultNamed("TestFailoverNotAvailableFault",
                      fmt::format("{}: {} has {} replicas, and AutomaticFailover is {}; allowed: groups with a replica "
                                  "and automatic failover",
                                  kId, service::Quoted(present->cluster.name), spec.replicas_per_shard,
                                  spec.automatic_failover ? "enabled" : "disabled"));
  }
  service::TestFailoverRequest request;
  request.name = present->cluster.name;
  request.shard = TextIn(call.input, "NodeGroupId");
  request.request_id = RequestIdOf(call);
  return Changed(services.clusters.TestFailover(request), call);
}

}  // namespace

void AddReplicationGroups(HandlerTable& table, const Services& services) {
  const auto add = [&](const char* action, Answer (*function)(const Call&, const Services&)) {
    table[action] = AtOnce([function, &services](const Call& call) { return function(call, services); });
  };
  add("CreateReplicationGroup", Create);
  add("DescribeReplicationGroups", Describe);
  add("ModifyReplicationGroup", Modify);
  add("DeleteReplicationGroup", Delete);
  add("IncreaseReplicaCount",
      [](const Call& call, const Services& all) { return ChangeCount(call, all, Direction::kUp); });
  add("DecreaseReplicaCount",
      [](const Call& call, const Services& all) { return ChangeCount(call, all, Direction::kDown); });
  add("TestFailover", TestFailover);
  add("ListAllowedNodeTypeModifications", ListAllowedNodeTypeModifications);
}

}  // namespace cacheplane::gateway::aws
