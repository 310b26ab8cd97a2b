#include "controlplane/service/network_views.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

std::set<std::string> SubnetsUsedBy(ports::PlanTable& plan, const model::ClusterUid& cluster) {
  std::set<std::string> used;
  for (const model::Node& node : plan.Nodes(cluster)) used.insert(node.subnet);
  for (const model::Endpoint& endpoint : plan.Endpoints(cluster)) used.insert(endpoint.subnet);
  return used;
}

Status CheckServes(ports::Transaction& transaction, const model::SubnetGroup& group, const model::Cluster& cluster) {
  for (const std::string& subnet : SubnetsUsedBy(transaction.plan(), cluster.uid)) {
    if (!std::binary_search(group.subnets.begin(), group.subnets.end(), subnet)) {
      return FailedPrecondition(
          fmt::format("subnet_group.subnets: cluster {} has addresses in subnet {}; allowed: sets "
                      "that keep it",
                      Quoted(cluster.name), Quoted(subnet)));
    }
  }
  if (cluster.spec.multi_az && DescribeSubnetGroup(transaction.network(), group).zones.size() < 2) {
    return FailedPrecondition(fmt::format(
        "subnet_group.subnets: cluster {} is Multi-AZ; allowed: subnets in at least two zones", Quoted(cluster.name)));
  }
  return {};
}

}  // namespace

std::vector<model::Subnet> AllSubnets(ports::NetworkTable& network) {
  std::vector<model::Subnet> all;
  ports::PageRequest page;
  for (;;) {
    const std::vector<model::Subnet> rows = network.Subnets(page);
    all.insert(all.end(), rows.begin(), rows.end());
    if (rows.size() < static_cast<std::size_t>(page.limit)) return all;
    page.after = rows.back().name;
  }
}

SubnetDetails DescribeSubnet(ports::Transaction& transaction, const model::Subnet& subnet) {
  const auto used = static_cast<std::int64_t>(transaction.plan().UsedAddresses(subnet.name).size());
  return {subnet, model::UsableAddresses(subnet.cidr) - used};
}

SubnetGroupDetails DescribeSubnetGroup(ports::NetworkTable& network, const model::SubnetGroup& group) {
  std::set<std::string> zones;
  for (const std::string& name : group.subnets) {
    if (const auto subnet = network.FindSubnet(name)) zones.insert(subnet->zone);
  }
  return {group, {zones.begin(), zones.end()}};
}

Status CheckSubnetsExist(ports::NetworkTable& network, const model::SubnetGroup& group) {
  for (const std::string& name : group.subnets) {
    if (network.FindSubnet(name)) continue;
    return NotFound(
        fmt::format("subnet_group.subnets: {} does not exist; allowed: names that ListSubnets shows", Quoted(name)));
  }
  return {};
}

Status CheckStillServes(ports::Transaction& transaction, const model::SubnetGroup& group) {
  ports::PageRequest page;
  for (;;) {
    const std::vector<model::Cluster> rows = transaction.clusters().List(page);
    for (const model::Cluster& cluster : rows) {
      if (cluster.spec.subnet_group == group.name) CP_RETURN_IF_ERROR(CheckServes(transaction, group, cluster));
    }
    if (rows.size() < static_cast<std::size_t>(page.limit)) return {};
    page.after = rows.back().name;
  }
}

}  // namespace cacheplane::service
