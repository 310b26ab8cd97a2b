// Calls about cache clusters: members of replication groups, and those that stand alone.
#include <algorithm>

#include "common/text.h"
#include "controlplane/gateway/aws/operations/cache_cluster_life.h"
#include "controlplane/gateway/aws/operations/cache_cluster_request.h"
#include "controlplane/gateway/aws/operations/cluster_faults.h"
#include "controlplane/gateway/aws/operations/find_member.h"
#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/gateway/aws/operations/member_view.h"
#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/service/cluster_service.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

using service::ClusterDetails;

constexpr const char* kId = "CacheClusterId";

Answer DescribeOne(const Call& call, const Services& services, const MemberShown& shown) {
  const std::string id = TextIn(call.input, kId);
  const Result<ClusterDetails> group = ClusterWithMember(services.clusters, id);
  if (!group.ok()) return MemberFault(group.error());
  return Json::object({{"CacheClusters", Json::array({MemberJson(*group, MemberNamed(*group, id), shown)})}});
}

// By id, those after `after` only.
std::vector<std::pair<std::string, Json>> Rows(const std::vector<ClusterDetails>& clusters, const std::string& after,
                                               const MemberShown& shown) {
  std::vector<std::pair<std::string, Json>> rows;
  for (const ClusterDetails& cluster : clusters) {
    for (const GroupMember& member : MembersOf(cluster)) {
      if (member.id > after) rows.emplace_back(member.id, MemberJson(cluster, member, shown));
    }
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return rows;
}

Answer DescribeAll(const service::ListRequest& request, bool alone, const Services& services,
                   const MemberShown& shown) {
  const std::string_view scope = alone ? "cache clusters on their own" : "cache clusters";
  const Result<ports::PageRequest> page = service::ReadListRequest(scope, request);
  if (!page.ok()) return MemberFault(page.error());
  Result<std::vector<ClusterDetails>> clusters = AllClusters(services.clusters);
  if (!clusters.ok()) return MemberFault(clusters.error());
  if (alone) std::erase_if(*clusters, [](const ClusterDetails& details) { return !StandsAlone(details); });
  auto shown_page =
      service::MakePage(Rows(*clusters, page->after, shown), *page, scope, [](const auto& row) { return row.first; });
  Json members = Json::array();
  for (auto& [id, json] : shown_page.items) members.push_back(std::move(json));
  Json result = Json::object();
  if (!shown_page.next_page_token.empty()) result["Marker"] = shown_page.next_page_token;
  result["CacheClusters"] = std::move(members);
  return result;
}

Answer Describe(const Call& call, const Services& services) {
  const Result<service::ListRequest> request = ListRequestIn(call.input);
  if (!request.ok()) return InputFault(request.error());
  const MemberShown shown{call.region, FlagIn(call.input, "ShowCacheNodeInfo").value_or(false)};
  if (!TextIn(call.input, kId).empty()) return DescribeOne(call, services, shown);
  const bool alone = FlagIn(call.input, "ShowCacheClustersNotInReplicationGroups").value_or(false);
  return DescribeAll(*request, alone, services, shown);
}

Answer Modify(const Call& call, const Services& services) {
  const Result<ClusterDetails> present = ClusterWithMember(services.clusters, TextIn(call.input, kId));
  if (!present.ok()) return MemberFault(present.error());
  const Result<service::ModifyClusterRequest> request = CacheClusterModificationOf(call, *present);
  if (!request.ok()) return InputFault(request.error());
  if (request->update_mask.empty()) return InvalidParameterCombination("No modifications were requested");
  return ChangedCacheCluster(services.clusters.ModifyCluster(*request), call);
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
  const Result<ClusterDetails> present = ClusterWithMember(services.clusters, id);
  if (!present.ok()) return MemberFault(present.error());
  service::RebootClusterRequest request{.name = present->cluster.name};
  if (!StandsAlone(*present)) request.nodes = {ToLower(id)};
  request.request_id = RequestIdOf(call);
  return ChangedCacheCluster(services.clusters.RebootCluster(request), call);
}

}  // namespace

void AddCacheClusters(HandlerTable& table, const Services& services) {
  const auto add = [&](const char* action, Answer (*function)(const Call&, const Services&)) {
    table[action] = AtOnce([function, &services](const Call& call) { return function(call, services); });
  };
  add("CreateCacheCluster", CreateCacheCluster);
  add("DescribeCacheClusters", Describe);
  add("ModifyCacheCluster", Modify);
  add("DeleteCacheCluster", DeleteCacheCluster);
  add("RebootCacheCluster", Reboot);
}

}  // namespace cacheplane::gateway::aws
