#include "controlplane/service/stop.h"

#include <fmt/format.h>

#include "common/text.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

ClusterChange Changing(const model::Cluster& cluster, model::OperationKind kind, const char* first_step, WallTime now) {
  ClusterChange change;
  change.write = ClusterChange::Write::kUpdate;
  change.cluster = cluster;
  change.cluster.updated = now;
  change.cluster.status = model::ClusterStatus::kModifying;
  change.cluster.status_reason.clear();
  change.operation = Begun(kind, cluster, first_step, now);
  return change;
}

// What is down has saved nothing, and what is on a drained host is to leave it.
Status CheckCanStop(ports::Transaction& transaction, const model::Cluster& cluster) {
  if (cluster.status != model::ClusterStatus::kAvailable) {
    return FailedPrecondition(fmt::format("name: {} is {}: {}; allowed: clusters that are available",
                                          Quoted(cluster.name), model::ClusterStatusName(cluster.status),
                                          cluster.status_reason));
  }
  for (const model::Node& node : transaction.plan().Nodes(cluster.uid)) {
    const auto host = transaction.hosts().FindHost(node.agent);
    if (!host || host->admission != model::Admission::kDraining) continue;
    return FailedPrecondition(fmt::format("name: {} has {} on {}, which is drained; allowed: once that has left it",
                                          Quoted(cluster.name), node.name, node.agent));
  }
  return {};
}

}  // namespace

Result<ClusterChange> PrepareStop(ports::Transaction& transaction, const StopClusterRequest& request, WallTime now) {
  CP_ASSIGN_OR_RETURN(const model::Cluster cluster, FindCluster(transaction, request.name));
  CP_RETURN_IF_ERROR(CheckEtag(cluster, request.etag));
  if (cluster.status == model::ClusterStatus::kStopped) {
    return FailedPrecondition(fmt::format("name: {} is stopped already", Quoted(cluster.name)));
  }
  CP_RETURN_IF_ERROR(CheckNothingUnderWay(transaction, cluster));
  CP_RETURN_IF_ERROR(CheckCanStop(transaction, cluster));
  ClusterChange change = Changing(cluster, model::OperationKind::kStopCluster, "withdraw endpoints", now);
  change.event = fmt::format("Stop of cluster {} requested", cluster.name);
  return change;
}

Result<ClusterChange> PrepareStart(ports::Transaction& transaction, const StartClusterRequest& request, WallTime now) {
  CP_ASSIGN_OR_RETURN(const model::Cluster cluster, FindCluster(transaction, request.name));
  CP_RETURN_IF_ERROR(CheckEtag(cluster, request.etag));
  CP_RETURN_IF_ERROR(CheckNotDeleting(cluster));
  if (cluster.status != model::ClusterStatus::kStopped) {
    return FailedPrecondition(fmt::format("name: {} is {}; allowed: clusters that are stopped", Quoted(cluster.name),
                                          model::ClusterStatusName(cluster.status)));
  }
  ClusterChange change = Changing(cluster, model::OperationKind::kStartCluster, "start engines", now);
  change.event = fmt::format("Start of cluster {} requested", cluster.name);
  return change;
}

}  // namespace cacheplane::service
