#include "controlplane/service/proposal.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cache-engine/catalog/catalog.h"
#include "common/text.h"
#include "controlplane/service/build_change.h"
#include "controlplane/service/cluster_form.h"
#include "controlplane/service/history.h"
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

model::Operation Rolling(const model::Cluster& cluster, const model::ClusterSpec& before, const Proposal& proposal,
                         WallTime now) {
  model::Operation operation = Begun(model::OperationKind::kModifyCluster, cluster, "add nodes", now);
  operation.before = model::BuildOf(before);
  operation.before_replicas = before.replicas_per_shard;
  operation.removals = proposal.replicas_to_remove;
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

Status CheckCount(ports::Transaction& transaction, const model::ClusterSpec& now, const model::ClusterSpec& wanted,
                  const Proposal& proposal, const Foundation& foundation) {
  const int more = wanted.replicas_per_shard - now.replicas_per_shard;
  const bool lends = now.replicas_per_shard == 0 && wanted.replicas_per_shard == 0 &&
                     model::Remakes(model::BuildOf(now), model::BuildOf(wanted));
  CP_RETURN_IF_ERROR(CheckRemovals(proposal.replicas_to_remove, std::max(0, -more), foundation));
  if (more <= 0 && !lends) return {};
  CP_RETURN_IF_ERROR(ValidateQuota(wanted, CountOtherNodes(transaction.clusters(), now)));
  return CheckRoomForMore(wanted, std::max(more, lends ? 1 : 0), foundation);
}

// Beside the nodes that are to be added for good, and what those that are there take more.
bool HasRoomForSpare(const model::ClusterSpec& now, const model::ClusterSpec& to, Foundation foundation) {
  const std::int64_t memory = catalog::FindNodeType(to.node_type)->memory_bytes;
  for (const model::Node& node : foundation.nodes) {
    foundation.reserved[node.agent] += std::max<std::int64_t>(0, memory - node.memory_bytes);
  }
  return CheckRoomForMore(to, std::max(0, to.replicas_per_shard - now.replicas_per_shard) + 1, foundation).ok();
}

// What changes the nodes themselves.
Status CheckNodes(ports::Transaction& transaction, const model::Cluster& cluster, const Proposal& proposal,
                  const Observed& observed, bool waits_already) {
  const model::ClusterSpec& now = cluster.spec;
  const model::ClusterSpec& wanted = proposal.spec;
  CP_RETURN_IF_ERROR(ValidateTopology(wanted));
  Foundation foundation = LoadFoundation(transaction, cluster, observed);
  if (proposal.when == When::kLater) foundation = {.nodes = {}, .hosts = std::move(foundation.hosts), .reserved = {}};
  if (wanted.multi_az && !now.multi_az && wanted.replicas_per_shard <= now.replicas_per_shard) {
    CP_RETURN_IF_ERROR(CheckSpread(foundation));
  }
  const bool rebuilt = model::BuildOf(wanted) != model::BuildOf(now) && !waits_already;
  if (!rebuilt && !Relocates(now, wanted) && wanted.replicas_per_shard == now.replicas_per_shard) {
    return CheckRemovals(proposal.replicas_to_remove, 0, foundation);
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
  CP_RETURN_IF_ERROR(CheckRelocation(transaction, now, wanted, proposal.apply_immediately, foundation));
  CP_RETURN_IF_ERROR(CheckCount(transaction, now, wanted, proposal, foundation));
  // When its time has come, decide/maintenance looks whether it can still be had.
  if (proposal.when != When::kAtOnce) return {};
  if (proposal.apply_immediately) return CheckNothingUnderWay(transaction, cluster);
  if (wanted.replicas_per_shard == now.replicas_per_shard) return {};
  return InvalidArgument(
      fmt::format("spec.replicas_per_shard: {} cannot wait for the maintenance window; allowed: apply_immediately true",
                  wanted.replicas_per_shard));
}

// What the cluster's becomes, checked.
Result<model::Definition> DefinitionAfter(ports::Transaction& transaction, const model::Cluster& cluster,
                                          const Proposal& proposal, const Observed& observed) {
  const model::ClusterSpec& spec = proposal.spec;
  const model::ClusterSpec base = AskedFor(cluster);
  const model::Build now = model::BuildOf(cluster.spec);
  if (proposal.when == When::kAtOnce && AnyConcernsNodes(proposal.fields))
    CP_RETURN_IF_ERROR(CheckNothingQueued(cluster));
  CP_RETURN_IF_ERROR(ValidateForm(cluster.form, spec));
  CP_RETURN_IF_ERROR(ValidateSettings(spec));
  CP_RETURN_IF_ERROR(ValidateSecurityGroups(spec, LoadSecurityGroups(transaction.network(), spec)));
  const bool waits_already = spec.replicas_per_shard == base.replicas_per_shard &&
                             model::BuildOf(spec) == model::BuildOf(base) && !proposal.apply_immediately;
  CP_RETURN_IF_ERROR(CheckNodes(transaction, cluster, proposal, observed, waits_already));
  if (proposal.apply_immediately || model::BuildOf(spec) == now) return model::Definition{spec, std::nullopt};
  return model::Definition{model::WithBuild(spec, now), model::BuildOf(spec)};
}

std::vector<PlannedStep> PlanTo(ports::Transaction& transaction, const model::Cluster& cluster,
                                const model::Definition& after, const Proposal& proposal, const Observed& observed) {
  const model::ClusterSpec to = after.pending ? model::WithBuild(after.spec, *after.pending) : after.spec;
  return PlanOf({.cluster = cluster.name,
                 .from = cluster.spec,
                 .to = to,
                 .removals = {proposal.replicas_to_remove.begin(), proposal.replicas_to_remove.end()},
                 .leaving = Leaving(transaction, cluster, to),
                 .waits = after.pending.has_value(),
                 .has_room = HasRoomForSpare(cluster.spec, to, LoadFoundation(transaction, cluster, observed)),
                 .parameters = ParameterChangesOf(transaction.parameter_groups(), cluster.spec, to),
                 .usual_pause_ms = UsualPauseMs(transaction.journal())},
                transaction.plan().Nodes(cluster.uid));
}

std::string TellRedefined(const model::Cluster& before, const model::Cluster& after, const Proposal& proposal) {
  std::string told = fmt::format("Cluster {} {}: {}", after.name, proposal.deed, Join(proposal.fields, ", "));
  if (after.pending) told += "; " + WhatWaits(after);
  const std::vector<std::string> along = TakenAlong(before, after, proposal.fields);
  if (!along.empty()) told += "; with what waited for the maintenance window: " + Join(along, ", ");
  return told;
}

// kAborted unless `revision` is 0 or that of the cluster's definition.
Status CheckRevision(const model::Cluster& cluster, std::int64_t revision) {
  if (revision < 0) {
    return InvalidArgument(fmt::format(
        "check_revision: {} is negative; allowed: the number of the present revision, or 0 for any", revision));
  }
  if (revision == 0 || std::cmp_equal(revision, cluster.generation)) return {};
  return Aborted(fmt::format("check_revision: {} is not the present one, the definition changed since; current: {}",
                             revision, cluster.generation));
}

}  // namespace

model::ClusterSpec AskedFor(const model::Cluster& cluster) {
  return cluster.pending ? model::WithBuild(cluster.spec, *cluster.pending) : cluster.spec;
}

bool ChangesNodes(const model::ClusterSpec& before, const model::ClusterSpec& after) {
  return Rolls(before, after) || model::BuildOf(before) != model::BuildOf(after);
}

Result<model::Cluster> FindToRedefine(ports::Transaction& transaction, const std::string& name, const std::string& etag,
                                      std::int64_t revision) {
  CP_ASSIGN_OR_RETURN(model::Cluster cluster, FindCluster(transaction, name));
  CP_RETURN_IF_ERROR(CheckEtag(cluster, etag));
  CP_RETURN_IF_ERROR(CheckRevision(cluster, revision));
  CP_RETURN_IF_ERROR(CheckNotDeleting(cluster));
  return cluster;
}

Result<ClusterChange> PrepareProposal(ports::Transaction& transaction, const model::Cluster& before,
                                      const Proposal& proposal, const Observed& observed, WallTime now) {
  CP_ASSIGN_OR_RETURN(const model::Definition wanted, DefinitionAfter(transaction, before, proposal, observed));
  const model::Definition present{before.spec, before.pending};
  ClusterChange change;
  change.cluster = before;
  change.base_revision = before.generation;
  change.changes = ChangesBetween(present, wanted);
  const bool planned = proposal.when == When::kAtOnce && (wanted != present || wanted.pending);
  if (planned) change.plan = PlanTo(transaction, before, wanted, proposal, observed);
  if (wanted == present) {
    change.operation = Succeeded(model::OperationKind::kModifyCluster, before, "nothing to change", now);
    return change;
  }
  model::Cluster& cluster = change.cluster;
  model::Redefine(cluster, wanted, proposal.origin, now);
  change.write = ClusterChange::Write::kUpdate;
  change.redefines = true;
  change.reassigns = cluster.spec.parameter_group != before.spec.parameter_group;
  if (Rolls(before.spec, cluster.spec)) {
    change.operation = Rolling(cluster, before.spec, proposal, now);
    cluster.status = model::ClusterStatus::kModifying;
    cluster.status_reason.clear();
  } else {
    change.operation = Succeeded(model::OperationKind::kModifyCluster, cluster, WhatWaits(cluster), now);
  }
  change.event = TellRedefined(before, cluster, proposal);
  return change;
}

}  // namespace cacheplane::service
