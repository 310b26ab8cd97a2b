#include "controlplane/service/cluster_changes.h"

#include <fmt/format.h>

#include <utility>

#include "common/text.h"
#include "controlplane/service/cluster_form.h"
#include "controlplane/service/cluster_view.h"
#include "controlplane/service/defaults.h"
#include "controlplane/service/proposal.h"
#include "controlplane/service/queue.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/update_mask.h"
#include "controlplane/service/validate.h"

namespace cacheplane::service {
namespace {

// The cluster's operations, ended, that were still running or queued.
std::vector<model::Operation> Supersede(ports::Transaction& transaction, const model::Cluster& cluster, WallTime now) {
  std::vector<model::OperationId> ids = cluster.queue;
  ids.push_back(cluster.operation);
  std::vector<model::Operation> superseded;
  for (const model::OperationId& id : ids) {
    std::optional<model::Operation> operation = transaction.journal().FindOperation(id);
    if (!operation || !model::IsOpen(*operation)) continue;
    model::End(*operation, model::OperationStatus::kFailed, "superseded by delete", now);
    superseded.push_back(*std::move(operation));
  }
  return superseded;
}

}  // namespace

model::Operation Begun(model::OperationKind kind, const model::Cluster& cluster, const char* first_step, WallTime now) {
  return {.id = {},
          .kind = kind,
          .cluster = cluster.uid,
          .target = cluster.name,
          .status = model::OperationStatus::kRunning,
          .progress = {0, {{first_step, model::StepStatus::kPending, ""}}, ""},
          .revision = 1,
          .created = now,
          .ended = std::nullopt};
}

Status CheckNothingUnderWay(ports::Transaction& transaction, const model::Cluster& cluster) {
  if (cluster.status == model::ClusterStatus::kCreating) {
    return FailedPrecondition(
        fmt::format("name: {} is still being created; its operation is {}", Quoted(cluster.name), cluster.operation));
  }
  CP_RETURN_IF_ERROR(CheckNotDeleting(cluster));
  if (cluster.status == model::ClusterStatus::kStopped) {
    return FailedPrecondition(fmt::format("name: {} is stopped; allowed: once it is started", Quoted(cluster.name)));
  }
  const std::optional<model::Operation> other = transaction.journal().FindOperation(cluster.operation);
  if (!other || other->status != model::OperationStatus::kRunning) return CheckNothingQueued(cluster);
  const std::string more = cluster.queue.empty()
                               ? ""
                               : fmt::format(", and changes that wait for their turn, up to {}", cluster.queue.back());
  return FailedPrecondition(fmt::format("name: {} has a {} under way, operation {}{}; allowed: once that has ended",
                                        Quoted(cluster.name), model::OperationKindName(other->kind), other->id, more));
}

Status CheckNothingQueued(const model::Cluster& cluster) {
  if (cluster.queue.empty()) return {};
  return FailedPrecondition(
      fmt::format("name: {} has changes that wait for their turn, up to operation {}; allowed: once that has ended or "
                  "is cancelled",
                  Quoted(cluster.name), cluster.queue.back()));
}

Status CheckNotDeleting(const model::Cluster& cluster) {
  if (cluster.status != model::ClusterStatus::kDeleting) return {};
  return FailedPrecondition(
      fmt::format("name: {} is being deleted; its operation is {}", Quoted(cluster.name), cluster.operation));
}

Result<model::Cluster> FindCluster(ports::Transaction& transaction, const std::string& name) {
  if (name.empty()) return Missing("name", "the name of a cluster");
  std::optional<model::Cluster> cluster = transaction.clusters().Find(ToLower(name));
  if (!cluster) return NotFound(fmt::format("name: there is no cluster {}", Quoted(name)));
  return *std::move(cluster);
}

Status CheckEtag(const model::Cluster& cluster, const std::string& etag) {
  const std::string current = EtagOf(cluster);
  if (etag.empty() || etag == current) return {};
  return Aborted(
      fmt::format("etag: {} is stale, the cluster changed since; current: {}", Quoted(etag), Quoted(current)));
}

Result<model::Cluster> FindIdle(ports::Transaction& transaction, const std::string& name, const std::string& etag) {
  CP_ASSIGN_OR_RETURN(model::Cluster cluster, FindCluster(transaction, name));
  CP_RETURN_IF_ERROR(CheckEtag(cluster, etag));
  CP_RETURN_IF_ERROR(CheckNothingUnderWay(transaction, cluster));
  return cluster;
}

void TellOf(ports::JournalTable& journal, const model::Cluster& cluster, std::string message, model::Severity severity,
            WallTime now) {
  journal.AppendEvent({.sequence = 0,
                       .time = now,
                       .source_type = std::string(model::ClusterFormName(cluster.form)),
                       .source = cluster.name,
                       .message = std::move(message),
                       .severity = severity,
                       .cluster = cluster.name});
}

Result<ClusterChange> PrepareCreate(ports::Transaction& transaction, const CreateClusterRequest& request,
                                    WallTime now) {
  ClusterChange change;
  change.write = ClusterChange::Write::kInsert;
  model::Cluster& cluster = change.cluster;
  CP_ASSIGN_OR_RETURN(cluster.form, ReadForm(request.form));
  CP_ASSIGN_OR_RETURN(cluster.name, CheckClusterName(request.name, cluster.form));
  cluster.spec = FillDefaults(cluster.name, request.spec);
  CP_RETURN_IF_ERROR(ValidateForm(cluster.form, cluster.spec));
  CP_RETURN_IF_ERROR(ValidateDefinition(cluster.spec, LoadSurroundings(transaction, cluster.spec)));
  CP_RETURN_IF_ERROR(CheckNameIsFree(transaction.clusters(), cluster));
  cluster.created = now;
  cluster.updated = now;
  cluster.origin = {model::RevisionCause::kCreate};
  change.redefines = true;
  change.operation = Begun(model::OperationKind::kCreateCluster, cluster, "place nodes", now);
  change.event = fmt::format("Creation of cluster {} requested", cluster.name);
  if (!cluster.spec.engine_version_alias.empty()) {
    change.event += fmt::format("; version {}, which is {} {}", cluster.spec.engine_version_alias, cluster.spec.engine,
                                cluster.spec.engine_version);
  }
  return change;
}

Result<ClusterChange> PrepareModify(ports::Transaction& transaction, const ModifyClusterRequest& request,
                                    const Observed& observed, WallTime now) {
  CP_ASSIGN_OR_RETURN(const model::Cluster cluster,
                      FindToRedefine(transaction, request.name, request.etag, request.check_revision));
  if (WaitsForTurn(transaction, cluster, request)) return PrepareQueued(transaction, cluster, request, observed, now);
  Proposal proposal{.spec = {},
                    .apply_immediately = request.apply_immediately,
                    .replicas_to_remove = request.replicas_to_remove,
                    .fields = request.update_mask,
                    .origin = {model::RevisionCause::kModify},
                    .deed = "modified"};
  CP_ASSIGN_OR_RETURN(proposal.spec, ApplyMask(cluster.name, AskedFor(cluster), request.spec, request.update_mask));
  return PrepareProposal(transaction, cluster, proposal, observed, now);
}

Result<ClusterChange> PrepareDelete(ports::Transaction& transaction, const DeleteClusterRequest& request,
                                    WallTime now) {
  ClusterChange change;
  change.write = ClusterChange::Write::kUpdate;
  CP_ASSIGN_OR_RETURN(change.cluster, FindCluster(transaction, request.name));
  model::Cluster& cluster = change.cluster;
  CP_RETURN_IF_ERROR(CheckEtag(cluster, request.etag));
  CP_RETURN_IF_ERROR(CheckNotDeleting(cluster));
  if (cluster.spec.deletion_protection) {
    return FailedPrecondition(fmt::format(
        "spec.deletion_protection: true forbids to delete {}; allowed: once it is modified to false", cluster.name));
  }
  change.superseded = Supersede(transaction, cluster, now);
  cluster.queue.clear();
  cluster.status = model::ClusterStatus::kDeleting;
  cluster.status_reason.clear();
  cluster.updated = now;
  change.operation = Begun(model::OperationKind::kDeleteCluster, cluster, "withdraw endpoints", now);
  change.event = fmt::format("Deletion of cluster {} requested", cluster.name);
  return change;
}

}  // namespace cacheplane::service
