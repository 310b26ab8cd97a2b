// Calls about cache clusters, which are members of replication groups. There are no others yet.
#include <fmt/format.h>

#include <algorithm>

#include "common/text.h"
#include "controlplane/gateway/aws/operations/cluster_faults.h"
#include "controlplane/gateway/aws/operations/find_member.h"
#include "controlplane/gateway/aws/operations/group_request.h"
#include "controlplane/gateway/aws/operations/handlers.h"
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

// Of a call that was repeated the member may be gone by now.
Answer Changed(const ClusterAnswer& answer, const Call& call) {
  const std::string id = ToLower(TextIn(call.input, kId));
  const GroupMember member = answer.cluster ? MemberNamed(*answer.cluster, id) : GroupMember{};
  if (member.id.empty()) {
    return Json::object({{"CacheCluster", {{"CacheClusterId", id}, {"CacheClusterStatus", "deleting"}}}});
  }
  return Json::object({{"CacheCluster", MemberJson(*answer.cluster, member, {.region = call.region})}});
}

Fault StateFault(const std::string& message) { return FaultNamed("InvalidCacheClusterStateFault", message); }

Answer DescribeOne(const Call& call, const Services& services, const MemberShown& shown) {
  const std::string id = TextIn(call.input, kId);
  const Result<ClusterDetails> group = GroupWithMember(services.clusters, id);
  if (!group.ok()) return MemberFault(group.error());
  return Json::object({{"CacheClusters", Json::array({MemberJson(*group, MemberNamed(*group, id), shown)})}});
}

// Members by id, those after `after` only.
std::vector<std::pair<std::string, Json>> Rows(const std::vector<ClusterDetails>& groups, const std::string& after,
                                               const MemberShown& shown) {
  std::vector<std::pair<std::string, Json>> rows;
  for (const ClusterDetails& group : groups) {
    for (const GroupMember& member : MembersOf(group)) {
      if (member.id > after) rows.emplace_back(member.id, MemberJson(group, member, shown));
    }
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return rows;
}

Answer DescribeAll(const service::ListRequest& request, const Services& services, const MemberShown& shown) {
  constexpr std::string_view kScope = "cache clusters";
  const Result<ports::PageRequest> page = service::ReadListRequest(kScope, request);
  if (!page.ok()) return MemberFault(page.error());
  const Result<std::vector<ClusterDetails>> groups = AllGroups(services.clusters);
  if (!groups.ok()) return MemberFault(groups.error());
  auto shown_page =
      service::MakePage(Rows(*groups, page->after, shown), *page, kScope, [](const auto& row) { return row.first; });
  Json clusters = Json::array();
  for (auto& [id, json] : shown_page.items) clusters.push_back(std::move(json));
  Json result = Json::object();
  if (!shown_page.next_page_token.empty()) result["Marker"] = shown_page.next_page_token;
  result["CacheClusters"] = std::move(clusters);
  return result;
}

Answer Describe(const Call& call, const Services& services) {
  const Result<service::ListRequest> request = ListRequestIn(call.input);
  if (!request.ok()) return InputFault(request.error());
  const MemberShown shown{call.region, FlagIn(call.input, "ShowCacheNodeInfo").value_or(false)};
  if (!TextIn(call.input, kId).empty()) return DescribeOne(call, services, shown);
  if (FlagIn(call.input, "ShowCacheClustersNotInReplicationGroups") == true) {
    return Json::object({{"CacheClusters", Json::array()}});
  }
  return DescribeAll(*request, services, shown);
}

Answer Modify(const Call& call, const Services& services) {
  const Result<ClusterDetails> group = GroupWithMember(services.clusters, TextIn(call.input, kId));
  if (!group.ok()) return MemberFault(group.error());
  const Result<service::ModifyClusterRequest> request = MemberModifyRequestOf(call, *group);
  if (!request.ok()) return InputFault(request.error());
  if (request->update_mask.empty()) return InvalidParameterCombination("No modifications were requested");
  const Result<ClusterAnswer> answer = services.clusters.ModifyCluster(*request);
  return answer.ok() ? Changed(*answer, call) : MemberFault(answer.error());
}

Answer Reboot(const Call& call, const Services& services) {
  const std::string id = TextIn(call.input, kId);
  for (const std::string& node : TextsIn(call.input, "CacheNodeIdsToReboot")) {
    if (node == kOnlyNode) continue;
    return InputFault(service::Invalid("CacheNodeIdsToReboot", node, "is no node of the cache cluster", kOnlyNode));
  }
  if (IsEmptyIn(call.input, "CacheNodeIdsToReboot")) {
    return InputFault(service::Missing("CacheNodeIdsToReboot", kOnlyNode));
  }
  const Result<ClusterDetails> group = GroupWithMember(services.clusters, id);
  if (!group.ok()) return MemberFault(group.error());
  service::RebootClusterRequest request{.name = group->cluster.name, .nodes = {ToLower(id)}};
  request.request_id = RequestIdOf(call);
  const Result<ClusterAnswer> answer = services.clusters.RebootCluster(request);
  return answer.ok() ? Changed(*answer, call) : MemberFault(answer.error());
}

// One replica more, or one less.
service::ModifyClusterRequest CountRequest(const Call& call, const model::Cluster& cluster, int replicas) {
  service::ModifyClusterRequest request;
  request.name = cluster.name;
  request.spec.replicas_per_shard = replicas;
  request.update_mask = {"replicas_per_shard"};
  request.apply_immediately = true;
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

Answer Delete(const Call& call, const Services& services) {
  if (const Status built = CheckBuilt(call.input); !built.ok()) return InputFault(built.error());
  const Result<ClusterDetails> group = GroupWithMember(services.clusters, TextIn(call.input, kId));
  if (!group.ok()) return MemberFault(group.error());
  const GroupMember member = MemberNamed(*group, TextIn(call.input, kId));
  if (auto fault = WhyNotDeleted(*group, member)) return *fault;
  // A call that is repeated asks for what it asked for the first time.
  const bool leaves = MemberStatusOf(*group, member) == "deleting";
  const int replicas = group->cluster.spec.replicas_per_shard - (leaves ? 0 : 1);
  service::ModifyClusterRequest request = CountRequest(call, group->cluster, replicas);
  request.replicas_to_remove = {member.id};
  const Result<ClusterAnswer> answer = services.clusters.ModifyCluster(request);
  if (answer.ok()) return Changed(*answer, call);
  if (leaves) return StateFault(fmt::format("CacheClusterId: {} is being deleted", service::Quoted(member.id)));
  return MemberFault(answer.error());
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
  return repeated ? Changed(*answer, call) : Answer(Exists(id));
}

Answer CreateReplica(const Call& call, const Services& services) {
  const Result<ClusterDetails> group = services.clusters.GetCluster(TextIn(call.input, "ReplicationGroupId"));
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
  return answer.ok() ? Changed(*answer, call) : GroupFault(answer.error());
}

Answer Create(const Call& call, const Services& services) {
  if (!TextIn(call.input, "ReplicationGroupId").empty()) return CreateReplica(call, services);
  return InvalidParameterCombination(
      fmt::format("CacheClusterId: {} would be a cache cluster of its own, Memcached or a single node, which is not "
                  "built yet; allowed: ReplicationGroupId, for a replica, or CreateReplicationGroup with "
                  "NumCacheClusters 1",
                  service::Quoted(TextIn(call.input, kId))));
}

}  // namespace

void AddCacheClusters(HandlerTable& table, const Services& services) {
  const auto add = [&](const char* action, Answer (*function)(const Call&, const Services&)) {
    table[action] = AtOnce([function, &services](const Call& call) { return function(call, services); });
  };
  add("CreateCacheCluster", Create);
  add("DescribeCacheClusters", Describe);
  add("ModifyCacheCluster", Modify);
  add("DeleteCacheCluster", Delete);
  add("RebootCacheCluster", Reboot);
}

}  // namespace cacheplane::gateway::aws
