#include "controlplane/gateway/aws/operations/cache_cluster_life.h"

#include <fmt/format.h>

#include <optional>

#include "common/text.h"
#include "controlplane/gateway/aws/operations/cache_cluster_request.h"
#include "controlplane/gateway/aws/operations/cluster_faults.h"
#include "controlplane/gateway/aws/operations/find_member.h"
#include "controlplane/gateway/aws/operations/member_view.h"
#include "controlplane/gateway/aws/operations/new_member.h"
#include "controlplane/gateway/aws/operations/not_built.h"
#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/service/cluster_service.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

using service::ClusterAnswer;
using service::ClusterDetails;

constexpr const char* kId = "CacheClusterId";

Fault StateFault(const std::string& message) { return FaultNamed("InvalidCacheClusterStateFault", message); }

// One replica more, or one less.
service::ModifyClusterRequest CountRequest(const Call& call, const model::Cluster& cluster, int replicas) {
  service::ModifyClusterRequest request;
  request.name = cluster.name;
  request.spec.replicas_per_shard = replicas;
  request.update_mask = {"replicas_per_shard"};
  request.apply_immediately = true;
  request.refuse_when_busy = true;
  request.request_id = RequestIdOf(call);
  return request;
}

std::optional<Fault> WhyNotDeleted(const ClusterDetails& group, const GroupMember& member) {
  const std::string& name = group.cluster.name;
  // Terraform looks for "only member of a replication group" and "serving as primary", and then does not try again.
  if (group.cluster.spec.replicas_per_shard == 0 && MembersOf(group).size() == 1) {
    return StateFault(
        fmt::format("CacheClusterId: {} is the only member of a replication group; allowed: "
                    "DeleteReplicationGroup of {}",
                    service::Quoted(member.id), service::Quoted(name)));
  }
  if (member.node == nullptr) {
    return StateFault(
        fmt::format("CacheClusterId: {} is being created; allowed: once it is available", service::Quoted(member.id)));
  }
  if (member.node->node.role != model::Role::kPrimary) return std::nullopt;
  return StateFault(
      fmt::format("CacheClusterId: {} is serving as primary of replication group {}; allowed: its "
                  "replicas, or this one after another became primary",
                  service::Quoted(member.id), service::Quoted(name)));
}

Answer RemoveReplica(const Call& call, const Services& services, const ClusterDetails& group) {
  const GroupMember member = MemberNamed(group, TextIn(call.input, kId));
  if (auto fault = WhyNotDeleted(group, member)) return *fault;
  // A call that is repeated asks for what it asked for the first time.
  const bool leaves = MemberStatusOf(group, member) == "deleting";
  const int replicas = group.cluster.spec.replicas_per_shard - (leaves ? 0 : 1);
  service::ModifyClusterRequest request = CountRequest(call, group.cluster, replicas);
  request.replicas_to_remove = {member.id};
  const Result<ClusterAnswer> answer = services.clusters.ModifyCluster(request);
  if (!answer.ok() && leaves) {
    return StateFault(fmt::format("CacheClusterId: {} is being deleted", service::Quoted(member.id)));
  }
  return ChangedCacheCluster(answer, call);
}

Answer DeleteAlone(const Call& call, const Services& services, const model::Cluster& cluster) {
  service::DeleteClusterRequest request;
  request.name = cluster.name;
  request.request_id = RequestIdOf(call);
  return ChangedCacheCluster(services.clusters.DeleteCluster(request), call);
}

Fault Exists(const std::string& id) {
  return FaultNamed("CacheClusterAlreadyExistsFault",
                    fmt::format("CacheClusterId: {} exists; allowed: another one", service::Quoted(id)));
}

// The replica of that id is there: the answer, if it is this very call that made it.
Answer CreateAgain(const Call& call, const Services& services, const ClusterDetails& group) {
  const std::string id = ToLower(TextIn(call.input, kId));
  if (!group.operation || RequestIdOf(call).empty()) return Exists(id);
  const auto answer =
      services.clusters.ModifyCluster(CountRequest(call, group.cluster, group.cluster.spec.replicas_per_shard));
  const bool repeated = answer.ok() && answer->operation && answer->operation->before;
  return repeated ? ChangedCacheCluster(answer, call) : Answer(Exists(id));
}

Answer CreateReplica(const Call& call, const Services& services) {
  const Result<ClusterDetails> group = GroupNamed(services.clusters, TextIn(call.input, "ReplicationGroupId"));
  if (!group.ok()) return GroupFault(group.error());
  const std::string id = ToLower(TextIn(call.input, kId));
  if (const Status follows = CheckFollowsGroup(call.input, *group); !follows.ok()) return InputFault(follows.error());
  if (!MemberNamed(*group, id).id.empty()) return CreateAgain(call, services, *group);
  const std::string next = NextMemberOf(*group);
  if (id != next) {
    return InvalidParameterValue(
        fmt::format("CacheClusterId: {} is not the name of the next replica of {}; allowed: {}", service::Quoted(id),
                    service::Quoted(group->cluster.name), service::Quoted(next)));
  }
  const auto answer =
      services.clusters.ModifyCluster(CountRequest(call, group->cluster, group->cluster.spec.replicas_per_shard + 1));
  return answer.ok() ? ChangedCacheCluster(answer, call) : Answer(GroupFault(answer.error()));
}

Answer CreateAlone(const Call& call, const Services& services) {
  const Result<service::CreateClusterRequest> request = CacheClusterRequestOf(call);
  if (!request.ok()) return InputFault(request.error());
  return ChangedCacheCluster(services.clusters.CreateCluster(*request), call);
}

}  // namespace

Answer ChangedCacheCluster(const Result<ClusterAnswer>& answer, const Call& call) {
  if (!answer.ok()) return MemberFault(answer.error());
  return Json::object({{"CacheCluster", MemberJson(*answer, TextIn(call.input, kId), call.region)}});
}

Answer CreateCacheCluster(const Call& call, const Services& services) {
  return IsEmptyIn(call.input, "ReplicationGroupId") ? CreateAlone(call, services) : CreateReplica(call, services);
}

Answer DeleteCacheCluster(const Call& call, const Services& services) {
  if (const Status built = CheckBuilt(call.input); !built.ok()) return InputFault(built.error());
  const Result<ClusterDetails> present = ClusterWithMember(services.clusters, TextIn(call.input, kId));
  if (!present.ok()) return MemberFault(present.error());
  return StandsAlone(*present) ? DeleteAlone(call, services, present->cluster)
                               : RemoveReplica(call, services, *present);
}

}  // namespace cacheplane::gateway::aws
