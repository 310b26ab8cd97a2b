#include "controlplane/service/queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/check.h"
#include "common/text.h"
#include "controlplane/service/defaults.h"
#include "controlplane/service/proposal.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/update_mask.h"

namespace cacheplane::service {
namespace {

constexpr char kStep[] = "wait for its turn";

Result<model::ClusterSpec> Masked(const std::string& name, const model::ClusterSpec& current,
                                  const ClusterDraft& wanted, const std::vector<std::string>& fields) {
  if (fields.empty()) return current;
  return ApplyMask(name, current, wanted, fields);
}

// As the cluster will be once all that is queued has been done.
model::Cluster AfterQueue(ports::Transaction& transaction, model::Cluster cluster) {
  for (const model::OperationId& id : std::exchange(cluster.queue, {})) {
    const model::AskedChange asked = transaction.journal().FindOperation(id).value().asked.value();
    cluster.spec = Masked(cluster.name, AskedFor(cluster), ToDraft(asked.spec), asked.fields).value();
    cluster.pending.reset();
  }
  return cluster;
}

// Something is under way or waits, behind which a modification may wait.
bool HasQueue(ports::Transaction& transaction, const model::Cluster& cluster) {
  const bool closed = cluster.status == model::ClusterStatus::kCreating ||
                      cluster.status == model::ClusterStatus::kStopped ||
                      cluster.status == model::ClusterStatus::kDeleting;
  if (closed) return false;
  const auto running = transaction.journal().FindOperation(cluster.operation);
  if (!running || running->status != model::OperationStatus::kRunning) return !cluster.queue.empty();
  return running->kind != model::OperationKind::kStopCluster;
}

struct Split {
  std::vector<std::string> at_once;
  std::vector<std::string> in_turn;
};

Split SplitMask(const std::vector<std::string>& mask) {
  Split split;
  std::partition_copy(mask.begin(), mask.end(), std::back_inserter(split.in_turn), std::back_inserter(split.at_once),
                      ConcernsNodes);
  return split;
}

// The definition with what may change at once.
Result<ClusterChange> PrepareAtOnce(ports::Transaction& transaction, const model::Cluster& cluster,
                                    const ClusterDraft& wanted, const std::vector<std::string>& fields,
                                    const Observed& observed, WallTime now) {
  Proposal proposal{.spec = {}, .fields = fields, .origin = {model::RevisionCause::kModify}, .deed = "modified"};
  CP_ASSIGN_OR_RETURN(proposal.spec, Masked(cluster.name, AskedFor(cluster), wanted, fields));
  CP_ASSIGN_OR_RETURN(ClusterChange change, PrepareProposal(transaction, cluster, proposal, observed, now));
  change.plan.clear();
  return change;
}

Proposal ProposalFor(When when, model::ClusterSpec spec, const std::vector<std::string>& fields,
                     const std::vector<std::string>& replicas_to_remove) {
  return {.spec = std::move(spec),
          .apply_immediately = true,
          .replicas_to_remove = replicas_to_remove,
          .fields = fields,
          .origin = {model::RevisionCause::kModify},
          .deed = "modified",
          .when = when};
}

std::string Told(const std::vector<std::string>& changes) {
  return changes.empty() ? "nothing that would differ by then" : Join(changes, ", ");
}

std::string WhoComesFirst(const model::OperationId& behind) {
  return behind.empty() ? "its turn comes next" : fmt::format("operation {} comes first", behind);
}

model::Operation Queued(const model::Cluster& cluster, const Proposal& proposal, const model::OperationId& behind,
                        WallTime now) {
  model::Operation operation = Begun(model::OperationKind::kModifyCluster, cluster, kStep, now);
  operation.status = model::OperationStatus::kQueued;
  operation.progress.reason = WhoComesFirst(behind);
  operation.asked = model::AskedChange{proposal.spec, proposal.fields};
  operation.removals = proposal.replicas_to_remove;
  return operation;
}

Result<ClusterChange> PrepareInTurn(ports::Transaction& transaction, const model::Cluster& cluster,
                                    const model::Operation& queued, const Observed& observed, WallTime now) {
  const model::AskedChange& asked = queued.asked.value();
  CP_ASSIGN_OR_RETURN(model::ClusterSpec spec,
                      Masked(cluster.name, AskedFor(cluster), ToDraft(asked.spec), asked.fields));
  const Proposal proposal = ProposalFor(When::kInTurn, std::move(spec), asked.fields, queued.removals);
  return PrepareProposal(transaction, cluster, proposal, observed, now);
}

// What its turn makes of an operation that waited.
model::Operation InTurn(const model::Operation& queued, const model::Operation& prepared, WallTime now) {
  model::Operation operation = prepared;
  operation.id = queued.id;
  operation.created = queued.created;
  operation.revision = queued.revision + 1;
  operation.begun = now;
  return operation;
}

}  // namespace

bool WaitsForTurn(ports::Transaction& transaction, const model::Cluster& cluster, const ModifyClusterRequest& request) {
  if (!request.apply_immediately || request.check_revision != 0 || request.refuse_when_busy) return false;
  if (!HasQueue(transaction, cluster)) return false;
  if (!cluster.queue.empty() && AnyConcernsNodes(request.update_mask)) return true;
  const auto wanted = Masked(cluster.name, AskedFor(cluster), request.spec, request.update_mask);
  return wanted.ok() && ChangesNodes(cluster.spec, *wanted);
}

Result<ClusterChange> PrepareQueued(ports::Transaction& transaction, const model::Cluster& cluster,
                                    const ModifyClusterRequest& request, const Observed& observed, WallTime now) {
  if (cluster.queue.size() >= kMostQueued) {
    return Error{ErrorCode::kResourceExhausted,
                 fmt::format("name: {} has {} changes that wait for their turn; allowed: at most {}",
                             Quoted(cluster.name), cluster.queue.size(), kMostQueued)};
  }
  const Split fields = SplitMask(request.update_mask);
  const model::Cluster then = AfterQueue(transaction, cluster);
  CP_ASSIGN_OR_RETURN(model::ClusterSpec spec, Masked(cluster.name, AskedFor(then), request.spec, fields.in_turn));
  const Proposal proposal = ProposalFor(When::kLater, std::move(spec), fields.in_turn, request.replicas_to_remove);
  const model::OperationId& behind = cluster.queue.empty() ? cluster.operation : cluster.queue.back();
  const Result<ClusterChange> later = PrepareProposal(transaction, then, proposal, observed, now);
  if (!later.ok()) {
    return Error{later.error().code,
                 fmt::format("{}; as the cluster will be when operation {} has ended", later.error().message, behind)};
  }
  CP_ASSIGN_OR_RETURN(ClusterChange change,
                      PrepareAtOnce(transaction, cluster, request.spec, fields.at_once, observed, now));
  change.write = ClusterChange::Write::kUpdate;
  if (change.cluster.status == model::ClusterStatus::kAvailable) {
    change.cluster.status = model::ClusterStatus::kModifying;
  }
  change.operation = Queued(cluster, proposal, behind, now);
  change.operation.progress.steps.front().detail = Told(later->changes);
  change.base_revision = 0;  // a change that waits is not bound to one
  change.changes.insert(change.changes.end(), later->changes.begin(), later->changes.end());
  change.plan = {{kStep, "", fmt::format("operation {} comes first; the steps are planned when it has ended", behind)}};
  if (!change.event.empty()) change.event += "; ";
  change.event += fmt::format("Modification of cluster {} waits until operation {} has ended: {}", cluster.name, behind,
                              Told(later->changes));
  return change;
}

Status EndQueued(ports::Transaction& transaction, model::Operation& operation, const std::string& reason,
                 WallTime now) {
  model::Cluster cluster = transaction.clusters().Find(operation.cluster).value();
  const auto place = std::find(cluster.queue.begin(), cluster.queue.end(), operation.id);
  CP_CHECK(place != cluster.queue.end());
  const model::OperationId behind = place == cluster.queue.begin() ? cluster.operation : *std::prev(place);
  const auto next = cluster.queue.erase(place);
  if (next != cluster.queue.end()) {
    model::Operation waits = transaction.journal().FindOperation(*next).value();
    waits.progress.reason = WhoComesFirst(behind);
    ++waits.revision;
    transaction.journal().PutOperation(waits);
  }
  cluster.updated = now;
  for (model::OperationStep& step : operation.progress.steps) step.status = model::StepStatus::kFailed;
  model::End(operation, model::OperationStatus::kFailed, reason, now);
  transaction.journal().PutOperation(operation);
  return transaction.clusters().Update(cluster);
}

Status ChangeQueue::Begin(ports::Transaction& transaction, const model::OperationId& id, WallTime now) {
  const Observed observed{facts_.Snapshot(), clock_.Mono()};
  model::Operation queued = transaction.journal().FindOperation(id).value();
  model::Cluster cluster = transaction.clusters().Find(queued.cluster).value();
  CP_CHECK(!cluster.queue.empty() && cluster.queue.front() == id && cluster.operation.empty());
  const Result<ClusterChange> change = PrepareInTurn(transaction, cluster, queued, observed, now);
  if (!change.ok()) {
    TellOf(transaction.journal(), cluster,
           fmt::format("Modification of cluster {} cannot be done any more, operation {}: {}", cluster.name, id,
                       change.error().message),
           model::Severity::kWarning, now);
    queued.begun = now;
    return EndQueued(transaction, queued, change.error().message, now);
  }
  const model::Operation operation = InTurn(queued, change->operation, now);
  cluster = change->cluster;
  cluster.queue.erase(cluster.queue.begin());
  cluster.updated = now;
  if (change->redefines) cluster.origin.operation = id;
  if (operation.status == model::OperationStatus::kRunning) cluster.operation = id;
  transaction.journal().PutOperation(operation);
  const std::string ended =
      fmt::format("Modification of cluster {}, operation {}: {}", cluster.name, id, operation.progress.reason);
  TellOf(transaction.journal(), cluster, change->event.empty() ? ended : change->event, model::Severity::kInfo, now);
  return transaction.clusters().Update(cluster);
}

}  // namespace cacheplane::service
