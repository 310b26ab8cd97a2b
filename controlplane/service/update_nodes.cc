#include "controlplane/service/update_nodes.h"

#include <fmt/format.h>

#include "common/text.h"
#include "controlplane/model/update.h"
#include "controlplane/service/build_change.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

// What each node gets, by name; nodes that have the newest of their host are left out.
std::map<std::string, std::string> UpdatesOfNodes(const model::ClusterSpec& spec, const Foundation& foundation) {
  std::map<std::string, std::string> updates;
  for (const model::Node& node : foundation.nodes) {
    std::string update = model::UpdateFor(spec, node, foundation.hosts);
    if (!update.empty()) updates[node.name.str()] = std::move(update);
  }
  return updates;
}

// Somebody is behind it, and gets it or a newer one.
Status CheckBringsFurther(const std::string& version, const model::Cluster& cluster, const Foundation& foundation) {
  if (version.empty()) return {};
  for (const model::Node& node : foundation.nodes) {
    const std::string update = model::UpdateFor(cluster.spec, node, foundation.hosts);
    const bool is_one = model::IsPatchLevelOf(version, cluster.spec.engine_version);
    if (is_one && model::IsNewer(version, node.image_version) && !model::IsNewer(version, update)) return {};
  }
  return Invalid("version", version, fmt::format("is newer than what a node of {} has for none of them", cluster.name),
                 fmt::format("a patch level up to {} {}, or nothing for the newest", cluster.spec.engine,
                             model::NewestUpdate(cluster.spec, foundation.nodes, foundation.hosts)));
}

Status CheckSomethingNewer(const std::map<std::string, std::string>& updates, const model::Cluster& cluster) {
  if (!updates.empty()) return {};
  return FailedPrecondition(
      fmt::format("name: {} has no node whose host has a newer patch level of {} {}; allowed: once one has",
                  Quoted(cluster.name), cluster.spec.engine, cluster.spec.engine_version));
}

model::Operation UpdateOf(const model::Cluster& cluster, const Foundation& foundation, WallTime now) {
  model::Operation operation = Begun(model::OperationKind::kUpdateNodes, cluster, "add nodes", now);
  operation.before = model::BuildOf(cluster.spec);
  operation.before_replicas = cluster.spec.replicas_per_shard;
  for (const model::Node& node : foundation.nodes) operation.images_before[node.incarnation] = node.image_version;
  operation.update_to = model::NewestUpdate(cluster.spec, foundation.nodes, foundation.hosts);
  operation.by_call = true;
  return operation;
}

}  // namespace

Result<ClusterChange> PrepareUpdateNodes(ports::Transaction& transaction, const UpdateNodesRequest& request,
                                         WallTime now) {
  ClusterChange change;
  change.write = ClusterChange::Write::kUpdate;
  CP_ASSIGN_OR_RETURN(change.cluster, FindIdle(transaction, request.name, request.etag));
  model::Cluster& cluster = change.cluster;
  const Foundation foundation = LoadFoundation(transaction, cluster, {});
  const std::map<std::string, std::string> updates = UpdatesOfNodes(cluster.spec, foundation);
  CP_RETURN_IF_ERROR(CheckSomethingNewer(updates, cluster));
  CP_RETURN_IF_ERROR(CheckBringsFurther(request.version, cluster, foundation));
  CP_RETURN_IF_ERROR(CheckRoomToLend(cluster, foundation));
  std::set<std::string> renewed;
  std::vector<std::string> told;
  for (const auto& [node, version] : updates) {
    renewed.insert(node);
    told.push_back(fmt::format("{} to {}", node, version));
  }
  change.plan = PlanOf({.cluster = cluster.name,
                        .from = cluster.spec,
                        .to = cluster.spec,
                        .restarts = std::move(renewed),
                        .updates = true,
                        .has_room = CheckRoomForMore(cluster.spec, 1, foundation).ok(),
                        .usual_pause_ms = UsualPauseMs(transaction.journal())},
                       foundation.nodes);
  change.operation = UpdateOf(cluster, foundation, now);
  cluster.updated = now;
  cluster.status = model::ClusterStatus::kModifying;
  cluster.status_reason.clear();
  change.event = fmt::format("Update of cluster {} requested: {}", cluster.name, Join(told, ", "));
  return change;
}

}  // namespace cacheplane::service
