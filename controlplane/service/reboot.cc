#include "controlplane/service/reboot.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/text.h"
#include "controlplane/service/build_change.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

// By name, whatever the case; all of the cluster's when none is named.
Result<std::set<std::string>> NodesToRestart(const RebootClusterRequest& request, const model::Cluster& cluster,
                                             const std::vector<model::Node>& nodes) {
  std::vector<std::string> known;
  for (const model::Node& node : nodes) known.push_back(node.name.str());
  if (request.nodes.empty()) return std::set<std::string>(known.begin(), known.end());
  std::set<std::string> restarts;
  for (const std::string& asked : request.nodes) {
    const std::string name = ToLower(asked);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return NotFound(
          fmt::format("nodes: {} has no node {}; allowed: {}", cluster.name, Quoted(asked), QuotedList(known)));
    }
    if (!restarts.insert(name).second) {
      return InvalidArgument(fmt::format("nodes: {} is named twice; allowed: each once", Quoted(asked)));
    }
  }
  return restarts;
}

bool HasPrimary(const std::set<std::string>& restarts, const std::vector<model::Node>& nodes) {
  return std::any_of(nodes.begin(), nodes.end(), [&](const model::Node& node) {
    return node.role == model::Role::kPrimary && restarts.contains(node.name.str());
  });
}

}  // namespace

Result<ClusterChange> PrepareReboot(ports::Transaction& transaction, const RebootClusterRequest& request,
                                    WallTime now) {
  ClusterChange change;
  change.write = ClusterChange::Write::kUpdate;
  CP_ASSIGN_OR_RETURN(change.cluster, FindIdle(transaction, request.name, request.etag));
  model::Cluster& cluster = change.cluster;
  const Foundation foundation = LoadFoundation(transaction, cluster, {});
  CP_ASSIGN_OR_RETURN(const std::set<std::string> restarts, NodesToRestart(request, cluster, foundation.nodes));
  if (HasPrimary(restarts, foundation.nodes)) CP_RETURN_IF_ERROR(CheckRoomToLend(cluster, foundation));
  change.plan = PlanOf({.cluster = cluster.name,
                        .from = cluster.spec,
                        .to = cluster.spec,
                        .restarts = restarts,
                        .usual_pause_ms = UsualPauseMs(transaction.journal())},
                       foundation.nodes);
  change.operation = Begun(model::OperationKind::kRebootCluster, cluster, "restart nodes", now);
  change.operation.before = model::BuildOf(cluster.spec);
  change.operation.before_replicas = cluster.spec.replicas_per_shard;
  for (const model::Node& node : foundation.nodes) {
    if (restarts.contains(node.name.str())) change.operation.reboots[node.incarnation] = node.renewal;
  }
  cluster.updated = now;
  cluster.status = model::ClusterStatus::kModifying;
  cluster.status_reason.clear();
  change.event =
      fmt::format("Reboot of cluster {} requested: {}", cluster.name, Join({restarts.begin(), restarts.end()}, ", "));
  return change;
}

}  // namespace cacheplane::service
