#include "controlplane/gateway/aws/operations/find_member.h"

#include <fmt/format.h>

#include <iterator>

#include "controlplane/gateway/aws/operations/members.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {

Result<service::ClusterDetails> GroupWithMember(const service::ClusterService& clusters, const std::string& id) {
  const Error missing = NotFound(
      fmt::format("CacheClusterId: there is no cache cluster {}; allowed: those that DescribeCacheClusters shows",
                  service::Quoted(id)));
  const std::string group = GroupOfMember(id);
  if (group.empty()) return missing;
  Result<service::ClusterDetails> details = clusters.GetCluster(group);
  const bool found = details.ok() && !MemberNamed(*details, id).id.empty();
  return found || (!details.ok() && details.error().code != ErrorCode::kNotFound) ? details : missing;
}

Result<std::vector<service::ClusterDetails>> AllGroups(const service::ClusterService& clusters) {
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
