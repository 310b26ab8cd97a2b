#include "controlplane/service/cluster_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/text.h"
#include "controlplane/service/build_change.h"
#include "controlplane/service/cluster_view.h"
#include "controlplane/service/defaults.h"
#include "controlplane/service/parameter_groups.h"
#include "controlplane/service/relocation.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/update_mask.h"
#include "controlplane/service/validate.h"
#include "controlplane/service/validate_parameters.h"

namespace cacheplane::service {
namespace {

model::Operation Succeeded(model::OperationKind kind, const model::Cluster& cluster, const std::string& reason,
                           WallTime now) {
  model::Operation operation = Begun(kind, cluster, "change definition", now);
  operation.status = model::OperationStatus::kSucceeded;
  operation.progress = {100, {{"change definition", model::StepStatus::kDone, ""}}, reason};
  operation.ended = now;
  return operation;
}

// Nodes are added, removed or made anew for it.
bool Rolls(const model::ClusterSpec& before, const model::ClusterSpec& after) {
  return model::Remakes(model::BuildOf(before), model::BuildOf(after)) || Relocates(before, after) ||
         before.replicas_per_shard != after.replicas_per_shard;
}

model::Operation Rolling(const model::Cluster& cluster, const model::ClusterSpec& before,
                         const ModifyClusterRequest& request, WallTime now) {
  model::Operation operation = Begun(model::OperationKind::kModifyCluster, cluster, "add nodes", now);
  operation.before = model::BuildOf(before);
  operation.before_replicas = before.replicas_per_shard;
  operation.removals = request.replicas_to_remove;
  if (Relocates(before, cluster.spec)) {
    operation.before_port = before.port;
    operation.before_subnet_group = before.subnet_group;
  }
  return operation;
}

std::string WhatWaits(const model::Cluster& cluster) {
  if (!cluster.pending) return {};
  const model::Build& build = *cluster.pending;
  return fmt::format("{} {} on {} with parameter group {} waits for the maintenance window {}", build.engine,
                     build.engine_version, build.node_type, build.parameter_group, cluster.spec.maintenance_window);
}

// The cluster's operation, ended, if it was still running.
std::optional<model::Operation> Supersede(ports::Transaction& transaction, const model::Cluster& cluster,
                                          WallTime now) {
  std::optional<model::Operation> operation = transaction.journal().FindOperation(cluster.operation);
  if (!operation || operation->status != model::OperationStatus::kRunning) return std::nullopt;
  operation->status = model::OperationStatus::kFailed;
  operation->progress.reason = "superseded by delete";
  operation->revision += 1;
  operation->ended = now;
  return operation;
}

Status CheckCount(ports::Transaction& transaction, const model::ClusterSpec& now, const model::ClusterSpec& wanted,
                  const ModifyClusterRequest& request, const Foundation& foundation) {
  const int more = wanted.replicas_per_shard - now.replicas_per_shard;
  const bool lends = now.replicas_per_shard == 0 && wanted.replicas_per_shard == 0 &&
                     model::Remakes(model::BuildOf(now), model::BuildOf(wanted));
  CP_RETURN_IF_ERROR(CheckRemovals(request.replicas_to_remove, std::max(0, -more), foundation));
  if (more <= 0 && !lends) return {};
  CP_RETURN_IF_ERROR(ValidateQuota(wanted, CountOtherNodes(transaction.clusters(), now)));
  return CheckRoomForMore(wanted, std::max(more, lends ? 1 : 0), foundation);
}

// Beside the nodes that are to be added for good.
bool HasRoomForSpare(const model::ClusterSpec& now, const model::ClusterSpec& to, const Foundation& foundation) {
  return CheckRoomForMore(to, std::max(0, to.replicas_per_shard - now.replicas_per_shard) + 1, foundation).ok();
}

// What changes the nodes themselves.
Status CheckNodes(ports::Transaction& transaction, const model::Cluster& cluster, const model::ClusterSpec& wanted,
                  const ModifyClusterRequest& request, const Observed& observed, bool waits_already) {
  const model::ClusterSpec& now = cluster.spec;
  CP_RETURN_IF_ERROR(ValidateTopology(wanted));
  const Foundation foundation = LoadFoundation(transaction, cluster, observed);
  if (wanted.multi_az && !now.multi_az && wanted.replicas_per_shard <= now.replicas_per_shard) {
    CP_RETURN_IF_ERROR(CheckSpread(foundation));
  }
  const bool rebuilt = model::BuildOf(wanted) != model::BuildOf(now) && !waits_already;
  if (!rebuilt && !Relocates(now, wanted) && wanted.replicas_per_shard == now.replicas_per_shard) {
    return CheckRemovals(request.replicas_to_remove, 0, foundation);
  }
  if (rebuilt) {
    CP_RETURN_IF_ERROR(ValidateEngine(wanted, foundation.hosts));
    if (wanted.node_type != now.node_type) CP_RETURN_IF_ERROR(ValidateNodeType(wanted, foundation.hosts));
    const auto group = FindParameterGroup(transaction.parameter_groups(), wanted.parameter_group);
    CP_RETURN_IF_ERROR(ValidateParameterGroup(wanted, group));
    CP_RETURN_IF_ERROR(CheckDatabases(
        FindParameterGroup(transaction.parameter_groups(), now.parameter_group).value_or(*group), *group));
    CP_RETURN_IF_ERROR(CheckBuildChange(now, wanted, group->values, foundation));
  }
  CP_RETURN_IF_ERROR(CheckRelocation(transaction, now, wanted, request.apply_immediately, foundation));
  CP_RETURN_IF_ERROR(CheckCount(transaction, now, wanted, request, foundation));
  // When its time has come, decide/maintenance looks whether it can still be had.
  if (request.apply_immediately) return CheckNothingUnderWay(transaction, cluster);
  if (wanted.replicas_per_shard == now.replicas_per_shard) return {};
  return InvalidArgument(
      fmt::format("spec.replicas_per_shard: {} cannot wait for the maintenance window; allowed: apply_immediately true",
                  wanted.replicas_per_shard));
}

// A definition, and what of it waits for the maintenance window.
struct Definition {
  model::ClusterSpec spec;
  std::optional<model::Build> pending;
};

// What the cluster's becomes, checked.
Result<Definition> DefinitionAfter(ports::Transaction& transaction, const model::Cluster& cluster,
                                   const ModifyClusterRequest& request, const Observed& observed) {
  const model::Build now = model::BuildOf(cluster.spec);
  const model::ClusterSpec base = model::WithBuild(cluster.spec, cluster.pending.value_or(now));
  CP_ASSIGN_OR_RETURN(const model::ClusterSpec spec, ApplyMask(cluster.name, base, request.spec, request.update_mask));
  CP_RETURN_IF_ERROR(ValidateSettings(spec));
  CP_RETURN_IF_ERROR(ValidateSecurityGroups(spec, LoadSecurityGroups(transaction.network(), spec)));
  const bool waits_already = spec.replicas_per_shard == base.replicas_per_shard &&
                             model::BuildOf(spec) == model::BuildOf(base) && !request.apply_immediately;
  CP_RETURN_IF_ERROR(CheckNodes(transaction, cluster, spec, request, observed, waits_already));
  if (request.apply_immediately || model::BuildOf(spec) == now) return Definition{spec, std::nullopt};
  return Definition{model::WithBuild(spec, now), model::BuildOf(spec)};
}

Status CheckNameIsFree(ports::Transaction& transaction, const std::string& name) {
  const std::optional<model::Cluster> other = transaction.clusters().Find(name);
  if (!other) return {};
  const bool deleting = other->status == model::ClusterStatus::kDeleting;
  return AlreadyExists(fmt::format("name: {} is taken by a cluster that is {}; allowed: {}", Quoted(name),
                                   model::ClusterStatusName(other->status),
                                   deleting ? "any other name, or this one once it is gone" : "any other name"));
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
  if (!other || other->status != model::OperationStatus::kRunning) return {};
  return FailedPrecondition(fmt::format("name: {} has a {} under way, operation {}; allowed: once that has ended",
                                        Quoted(cluster.name), model::OperationKindName(other->kind), other->id));
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

Result<ClusterChange> PrepareCreate(ports::Transaction& transaction, const CreateClusterRequest& request,
                                    WallTime now) {
  ClusterChange change;
  change.write = ClusterChange::Write::kInsert;
  model::Cluster& cluster = change.cluster;
  CP_ASSIGN_OR_RETURN(cluster.name, CheckClusterName(request.name));
  cluster.spec = FillDefaults(cluster.name, request.spec);
  CP_RETURN_IF_ERROR(ValidateDefinition(cluster.spec, LoadSurroundings(transaction, cluster.spec)));
  CP_RETURN_IF_ERROR(CheckNameIsFree(transaction, cluster.name));
  cluster.created = now;
  cluster.updated = now;
  change.operation = Begun(model::OperationKind::kCreateCluster, cluster, "place nodes", now);
  change.event = fmt::format("Creation of cluster {} requested", cluster.name);
  return change;
}

Result<ClusterChange> PrepareModify(ports::Transaction& transaction, const ModifyClusterRequest& request,
                                    const Observed& observed, WallTime now) {
  ClusterChange change;
  change.write = ClusterChange::Write::kUpdate;
  CP_ASSIGN_OR_RETURN(change.cluster, FindCluster(transaction, request.name));
  model::Cluster& cluster = change.cluster;
  CP_RETURN_IF_ERROR(CheckEtag(cluster, request.etag));
  CP_RETURN_IF_ERROR(CheckNotDeleting(cluster));
  CP_ASSIGN_OR_RETURN(const Definition wanted, DefinitionAfter(transaction, cluster, request, observed));
  if (wanted.spec == cluster.spec && wanted.pending == cluster.pending) {
    change.write = ClusterChange::Write::kNothing;
    change.operation = Succeeded(model::OperationKind::kModifyCluster, cluster, "nothing to change", now);
    return change;
  }
  const model::ClusterSpec to = wanted.pending ? model::WithBuild(wanted.spec, *wanted.pending) : wanted.spec;
  change.plan = PlanOf({.cluster = cluster.name,
                        .from = cluster.spec,
                        .to = to,
                        .removals = {request.replicas_to_remove.begin(), request.replicas_to_remove.end()},
                        .leaving = Leaving(transaction, cluster, to),
                        .waits = wanted.pending.has_value(),
                        .has_room = HasRoomForSpare(cluster.spec, to, LoadFoundation(transaction, cluster, observed)),
                        .usual_pause_ms = UsualPauseMs(transaction.journal())},
                       transaction.plan().Nodes(cluster.uid));
  change.reassigns = wanted.spec.parameter_group != cluster.spec.parameter_group;
  const model::ClusterSpec before = std::exchange(cluster.spec, wanted.spec);
  cluster.pending = wanted.pending;
  cluster.generation += 1;
  cluster.updated = now;
  if (Rolls(before, cluster.spec)) {
    change.operation = Rolling(cluster, before, request, now);
    cluster.status = model::ClusterStatus::kModifying;
    cluster.status_reason.clear();
  } else {
    change.operation = Succeeded(model::OperationKind::kModifyCluster, cluster, WhatWaits(cluster), now);
  }
  change.event = fmt::format("Cluster {} modified: {}", cluster.name, Join(request.update_mask, ", "));
  if (cluster.pending) change.event += "; " + WhatWaits(cluster);
  return change;
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
  cluster.status = model::ClusterStatus::kDeleting;
  cluster.status_reason.clear();
  cluster.updated = now;
  change.operation = Begun(model::OperationKind::kDeleteCluster, cluster, "withdraw endpoints", now);
  change.event = fmt::format("Deletion of cluster {} requested", cluster.name);
  return change;
}

}  // namespace cacheplane::service
