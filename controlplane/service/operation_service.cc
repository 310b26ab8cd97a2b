#include "controlplane/service/operation_service.h"

#include <fmt/format.h>

#include "cache-engine/catalog/catalog.h"
#include "common/text.h"
#include "controlplane/model/update.h"
#include "controlplane/service/cluster_form.h"
#include "controlplane/service/queue.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

Error NoWayBack(const model::Operation& operation, const std::string& why) {
  return FailedPrecondition(
      fmt::format("id: {} cannot be cancelled: {}; allowed: before that", Quoted(operation.id.str()), why));
}

// The way back is closed once the primary is planned to be made of the new, whatever it is seen to be
// (decide/rolling.h).
Status CheckWayBack(ports::Transaction& transaction, const model::Operation& operation) {
  const std::optional<model::Cluster> cluster = transaction.clusters().Find(operation.cluster);
  const auto none = [&](const std::string& why) { return NoWayBack(operation, why); };
  if (!operation.failure.empty()) return none("it goes back already");
  if (!cluster || !operation.before) return none("nothing of it can be taken back");
  const model::Build wanted = model::BuildOf(cluster->spec);
  if (!model::Remakes(*operation.before, wanted)) {
    const bool relocates = operation.before_port != 0;
    const bool scales = operation.before_replicas != cluster->spec.replicas_per_shard;
    return relocates || scales ? Status() : none("nothing of it can be taken back");
  }
  for (const model::Node& node : transaction.plan().Nodes(cluster->uid)) {
    if (node.role != model::Role::kPrimary) continue;
    const std::int64_t memory = catalog::FindNodeType(wanted.node_type)->memory_bytes;
    if (model::IsMadeSo(node, wanted.engine, wanted.engine_version, memory))
      return none(fmt::format("writes go to {}, which is made of the new", node.name));
  }
  return {};
}

// The same for newer patch levels.
Status CheckWayBackOfUpdate(ports::Transaction& transaction, const model::Operation& operation) {
  for (const model::Node& node : transaction.plan().Nodes(operation.cluster)) {
    if (node.role != model::Role::kPrimary || model::IsAsBefore(node, operation)) continue;
    return NoWayBack(operation, fmt::format("writes go to {}, which is made of the new", node.name));
  }
  return {};
}

Status CheckOpen(const model::Operation& operation) {
  if (model::IsOpen(operation)) return {};
  return FailedPrecondition(fmt::format("id: {} has {} already; allowed: operations that run or wait for their turn",
                                        Quoted(operation.id.str()), model::OperationStatusName(operation.status)));
}

Status CheckCanBeCancelled(ports::Transaction& transaction, const model::Operation& operation) {
  switch (operation.kind) {
    case model::OperationKind::kModifyCluster: return CheckWayBack(transaction, operation);
    case model::OperationKind::kUpdateNodes: return CheckWayBackOfUpdate(transaction, operation);
    case model::OperationKind::kStopCluster:
    case model::OperationKind::kRebootCluster: return {};
    case model::OperationKind::kMoveNodes:
      return FailedPrecondition(fmt::format(
          "id: {} moves nodes off an agent that is drained; allowed: UncordonAgent, which ends it, or "
          "operations of kind \"modify-cluster\", \"reboot-cluster\", \"stop-cluster\" and \"update-nodes\"",
          Quoted(operation.id.str())));
    case model::OperationKind::kCreateCluster:
    case model::OperationKind::kDeleteCluster:
    case model::OperationKind::kSwitchover:
    case model::OperationKind::kTestFailover:
    case model::OperationKind::kStartCluster: break;
  }
  return FailedPrecondition(
      fmt::format("id: {} is a {}, which cannot be cancelled; allowed: operations of kind \"modify-cluster\", "
                  "\"reboot-cluster\", \"stop-cluster\" and \"update-nodes\"",
                  Quoted(operation.id.str()), model::OperationKindName(operation.kind)));
}

Status Cancel(ports::Transaction& transaction, model::Operation& operation, WallTime now) {
  if (operation.status == model::OperationStatus::kQueued) {
    operation.cancelled = true;
    return EndQueued(transaction, operation, "it was cancelled before its turn came", now);
  }
  CP_RETURN_IF_ERROR(CheckCanBeCancelled(transaction, operation));
  operation.cancelled = true;
  operation.revision += 1;
  transaction.journal().PutOperation(operation);
  return {};
}

}  // namespace

Result<model::Operation> OperationService::CancelOperation(const std::string& id) {
  if (id.empty()) return Missing("id", "the id of an operation");
  std::optional<model::Operation> operation;
  const Status status = store_.Write([&](ports::Transaction& transaction) -> Status {
    operation = transaction.journal().FindOperation(model::OperationId(id));
    if (!operation) return NotFound(fmt::format("id: there is no operation {}", Quoted(id)));
    CP_RETURN_IF_ERROR(CheckOpen(*operation));
    if (operation->cancelled) return {};
    CP_RETURN_IF_ERROR(Cancel(transaction, *operation, clock_.Now()));
    transaction.journal().AppendEvent(
        {.sequence = 0,
         .time = clock_.Now(),
         .source_type = EventSourceType(transaction.clusters(), operation->target),
         .source = operation->target,
         .message = fmt::format("Cancellation of operation {} of cluster {} requested", id, operation->target),
         .severity = model::Severity::kInfo,
         .cluster = operation->target});
    return {};
  });
  if (!status.ok()) return status.error();
  signals_.reconcile.ClusterChanged(operation->cluster);
  signals_.journal.JournalGrew();
  return *std::move(operation);
}

Result<model::Operation> OperationService::GetOperation(const std::string& id) const {
  if (id.empty()) return Missing("id", "the id of an operation");
  std::optional<model::Operation> operation;
  store_.Read([&](ports::Transaction& transaction) {
    operation = transaction.journal().FindOperation(model::OperationId(id));
  });
  if (!operation) return NotFound(fmt::format("id: there is no operation {}", Quoted(id)));
  return *std::move(operation);
}

Result<Page<model::Operation>> OperationService::ListOperations(const std::string& target,
                                                                const ListRequest& request) const {
  const std::string cluster = ToLower(target);
  const std::string scope = "operations/" + cluster;
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(scope, request));
  std::vector<model::Operation> rows;
  store_.Read(
      [&](ports::Transaction& transaction) { rows = transaction.journal().Operations(cluster, OneMore(page)); });
  return MakePage(std::move(rows), page, scope, [](const model::Operation& row) { return row.id.str(); });
}

}  // namespace cacheplane::service
