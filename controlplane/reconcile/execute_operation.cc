// The steps of a change that was asked for, and its end.
#include <fmt/ranges.h>

#include <algorithm>

#include "common/check.h"
#include "controlplane/decide/handover.h"
#include "controlplane/decide/moving.h"
#include "controlplane/decide/progress.h"
#include "controlplane/decide/rolling.h"
#include "controlplane/decide/stopping.h"
#include "controlplane/model/update.h"
#include "controlplane/reconcile/execute.h"

namespace cacheplane::reconcile {
namespace {

using model::Severity;

constexpr std::chrono::milliseconds kHandOverAgain{2000};

const char* WhatOf(model::OperationKind kind) {
  if (kind == model::OperationKind::kRebootCluster) return "Reboot of";
  if (kind == model::OperationKind::kUpdateNodes) return "Update of";
  return kind == model::OperationKind::kMoveNodes ? "Moving nodes of" : "Modification of";
}

}  // namespace

Status Executor::Apply(const decide::LeadReadersAway& step) {
  outcome_.changed = true;
  return ChangeNode(step.node, [](model::Node& node) { node.readers_away = true; });
}

Status Executor::Apply(const decide::RenewNode& step) {
  outcome_.changed = true;
  NoteUpdateTo(step.image_version);
  SayOfNode(Severity::kInfo, step.node,
            fmt::format("{} is started anew with {} {}", step.node, step.engine, step.image_version));
  return ChangeNode(step.node, [&](model::Node& node) {
    CP_CHECK(node.role == model::Role::kReplica);
    node.engine = step.engine;
    node.image_version = step.image_version;
    node.memory_bytes = step.memory_bytes;
    node.renewal += 1;
    node.renewed_at = now_;
    node.renewed_start = step.start;
    if (step.kill) node.condemned = std::max(node.condemned, step.start);
    node.recovering = true;
    node.readers_away = false;
  });
}

Status Executor::Apply(const decide::AddReplica& step) {
  SayOfNode(Severity::kInfo, step.node.name,
            fmt::format("{} is added on {} in {}", step.node.name, step.node.agent, step.node.zone));
  return Join(step.node, step.epoch);
}

Status Executor::Apply(const decide::RemoveReplica& step) {
  const decide::NodeView* removed = decide::NodeOf(view_, step.node);
  CP_CHECK(removed != nullptr && removed->planned.role == model::Role::kReplica);
  outcome_.changed = true;
  Abandon(removed->planned);
  tx_.plan().RemoveNode(step.node);
  SayOfNode(Severity::kInfo, removed->planned.name,
            fmt::format("{} is removed from {}", removed->planned.name, removed->planned.agent));
  return {};
}

void Executor::BeginOperation(model::OperationKind kind, std::map<model::Incarnation, std::string> images_before,
                              std::string update_to) {
  CP_CHECK(cluster_.operation.empty());
  const model::Operation operation{.id = model::OperationId(identifiers_.New("op")),
                                   .kind = kind,
                                   .cluster = cluster_.uid,
                                   .target = cluster_.name,
                                   .progress = {},
                                   .created = now_,
                                   .ended = std::nullopt,
                                   .before = model::BuildOf(cluster_.spec),
                                   .before_replicas = cluster_.spec.replicas_per_shard,
                                   .images_before = std::move(images_before),
                                   .update_to = std::move(update_to)};
  tx_.journal().PutOperation(operation);
  outcome_.changed = true;
  cluster_.status = model::ClusterStatus::kModifying;
  cluster_.status_reason.clear();
  cluster_.operation = operation.id;
}

Status Executor::Apply(const decide::BeginQueued& step) {
  outcome_.changed = outcome_.journaled = true;
  return queue_.Begin(tx_, step.operation, now_);
}

Status Executor::Apply(const decide::StartPending& step) {
  BeginOperation(model::OperationKind::kModifyCluster);
  model::Redefine(cluster_, {model::WithBuild(cluster_.spec, step.build)},
                  {model::RevisionCause::kMaintenanceWindow, cluster_.operation}, now_);
  SayOfCluster(Severity::kInfo, fmt::format("Maintenance of cluster {} begins: {} {} on {}", cluster_.name,
                                            step.build.engine, step.build.engine_version, step.build.node_type));
  return StoreCluster();
}

Status Executor::Apply(const decide::StartUpdate&) {
  std::map<model::Incarnation, std::string> before;
  std::vector<model::Node> nodes;
  std::vector<model::Host> hosts;
  for (const decide::NodeView& node : view_.nodes) {
    before[node.planned.incarnation] = node.planned.image_version;
    nodes.push_back(node.planned);
  }
  for (const decide::HostView& host : view_.hosts) hosts.push_back(host.host);
  BeginOperation(model::OperationKind::kUpdateNodes, std::move(before),
                 model::NewestUpdate(cluster_.spec, nodes, hosts));
  SayOfCluster(Severity::kInfo, fmt::format("Update of cluster {} to the newest patch level of {} {} begins",
                                            cluster_.name, cluster_.spec.engine, cluster_.spec.engine_version));
  return StoreCluster();
}

Status Executor::Apply(const decide::StartMove&) {
  BeginOperation(model::OperationKind::kMoveNodes);
  std::vector<std::string> nodes;
  for (const decide::NodeView& node : view_.nodes) {
    if (node.admission != model::Admission::kDraining) continue;
    nodes.push_back(fmt::format("{} leaves {}", node.planned.name, node.planned.agent));
  }
  SayOfCluster(Severity::kInfo,
               fmt::format("Nodes of cluster {} are moved: {}", cluster_.name, fmt::join(nodes, ", ")));
  return StoreCluster();
}

Status Executor::Apply(const decide::GoBack& step) {
  CP_CHECK(view_.operation && view_.operation->before);
  outcome_.changed = true;
  model::Operation operation = *view_.operation;
  operation.failure = step.reason;
  operation.attempts = 0;
  tx_.journal().PutOperation(operation);
  if (operation.kind != model::OperationKind::kModifyCluster) {
    SayOfCluster(Severity::kWarning,
                 fmt::format("{} cluster {} ends, because {}", WhatOf(operation.kind), cluster_.name, step.reason));
    return StoreCluster();
  }
  // It was added to what has just failed.
  const bool waited = cluster_.pending.has_value();
  model::Redefine(cluster_, {decide::DefinitionBefore(view_)}, {model::RevisionCause::kWentBack, operation.id}, now_);
  const std::string where = decide::Relocates(view_) ? fmt::format(" at port {} in subnet group {}", cluster_.spec.port,
                                                                   cluster_.spec.subnet_group)
                                                     : std::string();
  SayOfCluster(Severity::kWarning,
               fmt::format("Cluster {} goes back to {} {} on {} with {} replicas{}, because {}{}", cluster_.name,
                           cluster_.spec.engine, cluster_.spec.engine_version, cluster_.spec.node_type,
                           cluster_.spec.replicas_per_shard, where, step.reason,
                           waited ? "; what waited for the maintenance window is given up as well" : ""));
  return StoreCluster();
}

// Hosts may have got a newer one since the update began.
void Executor::NoteUpdateTo(const std::string& version) {
  if (!view_.operation || view_.operation->kind != model::OperationKind::kUpdateNodes) return;
  if (!model::IsNewer(version, view_.operation->update_to)) return;
  model::Operation operation = *view_.operation;
  operation.update_to = version;
  tx_.journal().PutOperation(operation);
}

void Executor::NoteHandover(model::Epoch epoch) {
  model::Operation operation = *view_.operation;
  operation.handover_epoch = epoch;
  tx_.journal().PutOperation(operation);
}

void Executor::PutOff() {
  model::Operation operation = *view_.operation;
  operation.attempts += 1;
  operation.retry_at = now_ + kHandOverAgain;
  tx_.journal().PutOperation(operation);
}

std::string Executor::TellModified() const {
  const std::int64_t pause = decide::WritePauseUs(view_);
  const std::string modified = fmt::format("{} cluster {} completed", WhatOf(view_.operation->kind), cluster_.name);
  if (pause == 0) return modified;
  return fmt::format("{}; writes were paused for {:.1f} ms", modified, static_cast<double>(pause) / 1000);
}

// By a crash just before, or with a lost host, a node may have ended without saving.
void Executor::TellStopped() {
  std::vector<std::string> unsaved;
  for (const decide::NodeView& node : view_.nodes) {
    const bool saved = decide::IsStopped(node) && node.facts->clean_stop.value > 0;
    if (!saved) unsaved.push_back(node.planned.name.str());
  }
  if (unsaved.empty()) {
    SayOfCluster(Severity::kInfo, fmt::format("Cluster {} is stopped; its data are kept", cluster_.name));
  } else {
    SayOfCluster(Severity::kWarning, fmt::format("Cluster {} is stopped; not known to have saved their data: {}",
                                                 cluster_.name, fmt::join(unsaved, ", ")));
  }
}

Status Executor::Apply(const decide::CompleteOperation&) {
  if (decide::IsRolling(view_)) SayOfCluster(Severity::kInfo, TellModified());
  if (decide::IsStarting(view_)) SayOfCluster(Severity::kInfo, fmt::format("Cluster {} is started", cluster_.name));
  EndOperation(model::OperationStatus::kSucceeded, "");
  if (!decide::IsStopping(view_)) return EndChange("");
  cluster_.status = model::ClusterStatus::kStopped;
  cluster_.status_reason.clear();
  TellStopped();
  return StoreCluster();
}

Status Executor::Apply(const decide::FailOperation& step) {
  const bool changes = cluster_.status == model::ClusterStatus::kModifying;
  EndOperation(model::OperationStatus::kFailed, step.reason);
  SayOfCluster(Severity::kWarning, fmt::format("The operation on {} failed: {}", cluster_.name, step.reason));
  return changes ? EndChange(step.impaired) : StoreCluster();
}

Status Executor::EndChange(const std::string& impaired) {
  if (!cluster_.queue.empty()) {
    cluster_.status_reason = impaired;
  } else if (cluster_.status == model::ClusterStatus::kModifying) {
    cluster_.status = impaired.empty() ? model::ClusterStatus::kAvailable : model::ClusterStatus::kImpaired;
    cluster_.status_reason = impaired;
  }
  for (const decide::NodeView& node : view_.nodes) {
    if (!node.planned.readers_away) continue;
    CP_RETURN_IF_ERROR(ChangeNode(node.planned.name, [](model::Node& changed) { changed.readers_away = false; }));
  }
  return StoreCluster();
}

}  // namespace cacheplane::reconcile
