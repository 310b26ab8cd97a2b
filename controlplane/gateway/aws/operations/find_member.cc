#include "controlplane/gateway/aws/operations/find_member.h"

#include <fmt/format.h>

#include <iterator>

#include "controlplane/gateway/aws/operations/members.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {

Result<service::ClusterDetails> GroupNamed(const service::ClusterService& clusters, const std::string& id) {
  Result<service::ClusterDetails> details = clusters.GetCluster(id);
  if (details.ok() && StandsAlone(*details)) return NoSuchGroup(id);
  return details;
}

Error NoSuchGroup(const std::string& id) {
  return NotFound(
      fmt::format("ReplicationGroupId: there is no replication group {}, it is a cache cluster on its own; allowed: "
                  "groups that DescribeReplicationGroups shows",
                  service::Quoted(id)));
}

Result<service::ClusterDetails> ClusterWithMember(const service::ClusterService& clusters, const std::string& id) {
  const Error missing = NotFound(
      fmt::format("CacheClusterId: there is no cache cluster {}; allowed: those that DescribeCacheClusters shows",
                  service::Quoted(id)));
  for (const std::string& name : {id, model::ClusterOfNode(id)}) {
    if (name.empty()) continue;
    Result<service::ClusterDetails> details = clusters.GetCluster(name);
    const bool found = details.ok() && !MemberNamed(*details, id).id.empty();
    if (found || (!details.ok() && details.error().code != ErrorCode::kNotFound)) return details;
  }
  return missing;
}

Result<std::vector<service::ClusterDetails>> AllClusters(const service::ClusterService& clusters) {
  std::vector<service::ClusterDetails> all;
  service::ListRequest request;
  do {
    CP_ASSIGN_OR_RETURN(service::Page<service::ClusterDetails> page, clusters.ListClusters(request));
    all.insert(all.end(), std::make_move_iterator(page.items.begin()), std::make_move_iterator(page.items.end()));
    request.page_token = page.next_page_token;
  } while (!request.page_token.empty());
  return all;
}

}  // namespace cacheplane::gateway::aws
