#include "controlplane/app/figures.h"

#include <iterator>

namespace cacheplane::app {
namespace {

void CountClusters(ports::Transaction& tx, gateway::ControlPlaneFigures& figures) {
  for (const model::ClusterUid& uid : tx.clusters().Uids()) {
    const auto cluster = tx.clusters().Find(uid);
    if (!cluster) continue;
    ++figures.clusters_by_status[std::string(model::ClusterStatusName(cluster->status))];
    if (!cluster->operation.empty()) ++figures.operations_running;
    figures.operations_queued += std::ssize(cluster->queue);
  }
}

}  // namespace

gateway::ControlPlaneFigures CountFigures(ports::Store& store, const ports::FactSource& facts, std::uint64_t passes,
                                          std::uint64_t audit_records_lost) {
  gateway::ControlPlaneFigures figures;
  figures.reconcile_passes = passes;
  figures.audit_records_lost = audit_records_lost;
  store.Read([&](ports::Transaction& tx) {
    CountClusters(tx, figures);
    figures.agents_known = static_cast<std::int64_t>(tx.hosts().Hosts().size());
  });
  const ports::FactSnapshot snapshot = facts.Snapshot();
  for (const auto& [name, agent] : snapshot.agents) {
    if (agent.connected) ++figures.agents_connected;
    for (const auto& [incarnation, node] : *agent.nodes) {
      ++figures.nodes_by_status[std::string(model::ProcessStateName(node.process))];
    }
  }
  for (const model::RouterFacts& router : snapshot.routers) figures.routers_connected += router.connected ? 1 : 0;
  return figures;
}

}  // namespace cacheplane::app
