#include "controlplane/gateway/aws/operations/node_type_changes.h"

#include <algorithm>
#include <tuple>

#include "controlplane/gateway/aws/operations/cluster_faults.h"
#include "controlplane/gateway/aws/operations/find_member.h"
#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/service/catalog_service.h"
#include "controlplane/service/cluster_service.h"

namespace cacheplane::gateway::aws {
namespace {

Result<std::vector<catalog::NodeType>> OfferedTypes(const service::CatalogService& catalog) {
  std::vector<catalog::NodeType> types;
  service::ListRequest request;
  do {
    CP_ASSIGN_OR_RETURN(const service::Page<catalog::NodeType> page, catalog.ListNodeTypes(request));
    types.insert(types.end(), page.items.begin(), page.items.end());
    request.page_token = page.next_page_token;
  } while (!request.page_token.empty());
  std::sort(types.begin(), types.end(), [](const catalog::NodeType& a, const catalog::NodeType& b) {
    return std::tie(a.memory_bytes, a.name) < std::tie(b.memory_bytes, b.name);
  });
  return types;
}

// Also while something else is under way: it could wait for the maintenance window, or for its turn behind others.
bool Takes(service::ClusterService& clusters, const model::Cluster& cluster, const std::string& node_type) {
  service::ModifyClusterRequest request;
  request.name = cluster.name;
  request.apply_immediately = !cluster.queue.empty();
  request.spec.node_type = node_type;
  request.update_mask = {"node_type"};
  request.validate_only = true;
  return clusters.ModifyCluster(request).ok();
}

Answer AllowedFor(const model::Cluster& cluster, const Services& services) {
  const Result<std::vector<catalog::NodeType>> types = OfferedTypes(services.catalog);
  if (!types.ok()) return GroupFault(types.error());
  const catalog::NodeType* present = catalog::FindNodeType(cluster.spec.node_type);
  const std::int64_t memory = present == nullptr ? 0 : present->memory_bytes;
  Json up = Json::array();
  Json down = Json::array();
  for (const catalog::NodeType& type : *types) {
    if (type.name == cluster.spec.node_type || !Takes(services.clusters, cluster, type.name)) continue;
    (type.memory_bytes < memory ? down : up).push_back(type.name);
  }
  return Json::object({{"ScaleUpModifications", up}, {"ScaleDownModifications", down}});
}

}  // namespace

Answer ListAllowedNodeTypeModifications(const Call& call, const Services& services) {
  const std::string member = TextIn(call.input, "CacheClusterId");
  const std::string group = TextIn(call.input, "ReplicationGroupId");
  if (member.empty() == group.empty()) {
    return InvalidParameterCombination(
        "CacheClusterId and ReplicationGroupId: one of the two is required, and only one; allowed: either of them");
  }
  const auto details =
      member.empty() ? GroupNamed(services.clusters, group) : ClusterWithMember(services.clusters, member);
  if (details.ok()) return AllowedFor(details->cluster, services);
  return member.empty() ? GroupFault(details.error()) : MemberFault(details.error());
}

}  // namespace cacheplane::gateway::aws
