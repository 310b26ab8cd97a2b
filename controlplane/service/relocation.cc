#include "controlplane/service/relocation.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/text.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/validate.h"

namespace cacheplane::service {

bool Relocates(const model::ClusterSpec& before, const model::ClusterSpec& after) {
  return before.port != after.port || before.subnet_group != after.subnet_group;
}

Status CheckRelocation(ports::Transaction& transaction, const model::ClusterSpec& now, const model::ClusterSpec& wanted,
                       bool apply_immediately, const Foundation& foundation) {
  if (!Relocates(now, wanted)) return {};
  CP_RETURN_IF_ERROR(ValidateZones(wanted, ZonesOf(transaction.network(), wanted.subnet_group)));
  CP_RETURN_IF_ERROR(
      CheckRoomForMore(wanted, std::max(0, wanted.replicas_per_shard - now.replicas_per_shard) + 1, foundation));
  if (apply_immediately) return {};
  const bool port = now.port != wanted.port;
  return InvalidArgument(
      fmt::format("spec.{}: {} cannot wait for the maintenance window; allowed: apply_immediately true",
                  port ? "port" : "subnet_group", port ? std::to_string(wanted.port) : Quoted(wanted.subnet_group)));
}

std::set<std::string> Leaving(ports::Transaction& transaction, const model::Cluster& cluster,
                              const model::ClusterSpec& to) {
  std::set<std::string> names;
  if (!Relocates(cluster.spec, to)) return names;
  const auto group = transaction.network().FindSubnetGroup(to.subnet_group);
  const std::vector<std::string>& subnets = group->subnets;
  for (const model::Node& node : transaction.plan().Nodes(cluster.uid)) {
    const bool in_group = std::find(subnets.begin(), subnets.end(), node.subnet) != subnets.end();
    if (node.address.port != to.port || !in_group) names.insert(node.name.str());
  }
  return names;
}

}  // namespace cacheplane::service
