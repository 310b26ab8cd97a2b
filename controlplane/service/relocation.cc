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
  const auto zones = ZonesOf(transaction.network(), wanted.subnet_group);
  CP_RETURN_IF_ERROR(ValidateZones(wanted, zones));
  Foundation there = foundation;
  std::erase_if(there.hosts, [&](const model::Host& host) { return !zones->contains(host.zone); });
  const bool port = now.port != wanted.port;
  const std::string change = port ? fmt::format("spec.port: {}", wanted.port)
                                  : fmt::format("spec.subnet_group: {}", Quoted(wanted.subnet_group));
  const int more = std::max(0, wanted.replicas_per_shard - now.replicas_per_shard) + 1;
  if (!CheckRoomForMore(wanted, more, there).ok()) {
    return FailedPrecondition(fmt::format(
        "{} needs room for {} more node{} on hosts of its zones meanwhile, and there is none; allowed: more hosts",
        change, more, more == 1 ? "" : "s"));
  }
  if (apply_immediately) return {};
  return InvalidArgument(change + " cannot wait for the maintenance window; allowed: apply_immediately true");
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
