#include "controlplane/service/validate.h"

#include "controlplane/service/parameter_groups.h"

namespace cacheplane::service {
namespace {

int CountNodes(ports::ClusterTable& clusters) {
  int nodes = 0;
  ports::PageRequest page;
  for (;;) {
    const std::vector<model::Cluster> rows = clusters.List(page);
    for (const model::Cluster& cluster : rows) nodes += cluster.spec.shard_count * model::NodesPerShard(cluster.spec);
    if (rows.size() < static_cast<std::size_t>(page.limit)) return nodes;
    page.after = rows.back().name;
  }
}

}  // namespace

std::optional<std::set<std::string>> ZonesOf(ports::NetworkTable& network, const std::string& group_name) {
  const std::optional<model::SubnetGroup> group = network.FindSubnetGroup(group_name);
  if (!group) return std::nullopt;
  std::set<std::string> zones;
  for (const std::string& name : group->subnets) {
    if (const auto subnet = network.FindSubnet(name)) zones.insert(subnet->zone);
  }
  return zones;
}

int CountOtherNodes(ports::ClusterTable& clusters, const model::ClusterSpec& one) {
  return CountNodes(clusters) - one.shard_count * model::NodesPerShard(one);
}

std::set<std::string> LoadSecurityGroups(ports::NetworkTable& network, const model::ClusterSpec& spec) {
  std::set<std::string> existing;
  for (const std::string& name : spec.security_groups) {
    if (network.FindSecurityGroup(name)) existing.insert(name);
  }
  return existing;
}

Surroundings LoadSurroundings(ports::Transaction& transaction, const model::ClusterSpec& spec) {
  Surroundings surroundings;
  surroundings.zones = ZonesOf(transaction.network(), spec.subnet_group);
  surroundings.security_groups = LoadSecurityGroups(transaction.network(), spec);
  surroundings.parameter_group = FindParameterGroup(transaction.parameter_groups(), spec.parameter_group);
  surroundings.hosts = transaction.hosts().Hosts();
  surroundings.nodes = CountNodes(transaction.clusters());
  return surroundings;
}

Status ValidateDefinition(const model::ClusterSpec& spec, const Surroundings& surroundings) {
  CP_RETURN_IF_ERROR(ValidateEngine(spec, surroundings.hosts));
  CP_RETURN_IF_ERROR(ValidateNodeType(spec, surroundings.hosts));
  CP_RETURN_IF_ERROR(ValidateTopology(spec));
  CP_RETURN_IF_ERROR(ValidateZones(spec, surroundings.zones));
  CP_RETURN_IF_ERROR(ValidateSecurityGroups(spec, surroundings.security_groups));
  CP_RETURN_IF_ERROR(ValidateParameterGroup(spec, surroundings.parameter_group));
  CP_RETURN_IF_ERROR(ValidateSettings(spec));
  return ValidateQuota(spec, surroundings.nodes);
}

}  // namespace cacheplane::service
