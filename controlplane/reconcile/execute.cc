#include "controlplane/reconcile/execute.h"

#include "common/check.h"
#include "controlplane/decide/handover.h"
#include "controlplane/decide/progress.h"
#include "controlplane/decide/rolling.h"

namespace cacheplane::reconcile {
namespace {

using model::ClusterStatus;
using model::Severity;

bool MayHandOver(model::OperationKind kind) {
  return kind == model::OperationKind::kSwitchover || kind == model::OperationKind::kModifyCluster ||
         kind == model::OperationKind::kRebootCluster || kind == model::OperationKind::kMoveNodes ||
         kind == model::OperationKind::kUpdateNodes;
}

}  // namespace

Result<Outcome> Executor::Execute(const decide::Step& step) {
  CP_RETURN_IF_ERROR(std::visit([this](const auto& concrete) { return Apply(concrete); }, step));
  RecordProgress(step);
  return outcome_;
}

Status Executor::Apply(const decide::PlaceNodes& step) {
  tx_.plan().PutShard(step.shard);
  for (model::Node node : step.nodes) {
    node.incarnation = model::Incarnation(identifiers_.New("node"));
    CP_RETURN_IF_ERROR(tx_.plan().PutNode(node));
  }
  for (const model::Endpoint& endpoint : step.endpoints) CP_RETURN_IF_ERROR(tx_.plan().PutEndpoint(endpoint));
  outcome_.changed = true;
  return SetReason("starting engines");
}

Status Executor::Apply(const decide::StartPrimary& step) {
  CP_RETURN_IF_ERROR(PutReign(model::BeginReign(*view_.shard, step.epoch, {}, view_.shard->proven)));
  SayOfNode(Severity::kInfo, step.node,
            fmt::format("Recovering cache nodes {}: started again, {}", step.node, step.reason));
  return ChangeNode(step.node, [&](model::Node& node) {
    node.boot = model::Boot{step.epoch.value};
    node.chosen_start = 0;
    node.restore = step.data;
    node.recovering = true;
  });
}

Status Executor::Apply(const decide::DetachReplicas& step) {
  PutShard(model::Detach(*view_.shard, step.epoch));
  return {};
}

Status Executor::Apply(const decide::AttachReplicas& step) {
  AnnounceChangeOfPrimary();
  PutShard(model::SeenOpen(*view_.shard, step.epoch));
  return ChangeNode(PrimaryOf(view_)->planned.name, [](model::Node& node) {
    node.restore.clear();
    node.restores = 0;
  });
}

Status Executor::Apply(const decide::PublishEndpoints& step) {
  if (step.port != 0) {
    SayOfCluster(Severity::kInfo, fmt::format("Endpoints of cluster {} have port {} now", cluster_.name, step.port));
  }
  const std::uint64_t version = tx_.plan().NextEndpointMapVersion();
  for (model::Endpoint endpoint : view_.endpoints) {
    const std::vector<model::Address>& targets =
        endpoint.kind == model::EndpointKind::kPrimary ? step.primary : step.reader;
    CP_CHECK(!targets.empty());  // an endpoint is never published empty
    const int port = step.port == 0 ? endpoint.address.port : step.port;
    if (endpoint.targets == targets && endpoint.address.port == port && !endpoint.armed) continue;
    endpoint.targets = targets;
    endpoint.address.port = port;
    endpoint.armed.reset();
    endpoint.version = version;
    CP_RETURN_IF_ERROR(tx_.plan().PutEndpoint(endpoint));
  }
  outcome_.changed = outcome_.endpoints = true;
  return {};
}

Status Executor::Apply(const decide::SetStatus& step) {
  CP_CHECK(model::MayBecome(cluster_.status, step.status));
  const ClusterStatus before = cluster_.status;
  const bool creating = view_.operation && view_.operation->kind == model::OperationKind::kCreateCluster;
  if (step.status == ClusterStatus::kAvailable && creating) EndOperation(model::OperationStatus::kSucceeded, "");
  cluster_.status = step.status;
  cluster_.status_reason = step.reason;
  cluster_.updated = now_;
  CP_RETURN_IF_ERROR(tx_.clusters().Update(cluster_));
  outcome_.changed = true;
  if (step.status == ClusterStatus::kImpaired) {
    SayOfCluster(Severity::kWarning, fmt::format("Replication group {} is impaired: {}", cluster_.name, step.reason));
  } else if (before == ClusterStatus::kCreating) {
    AnnounceCreated();
  } else if (before == ClusterStatus::kImpaired) {
    SayOfCluster(Severity::kInfo, fmt::format("Replication group {} is available again", cluster_.name));
  }
  return {};
}

Status Executor::Apply(const decide::WithdrawEndpoints&) {
  const std::uint64_t version = tx_.plan().NextEndpointMapVersion();
  for (model::Endpoint endpoint : view_.endpoints) {
    endpoint.targets.clear();
    endpoint.version = version;
    CP_RETURN_IF_ERROR(tx_.plan().PutEndpoint(endpoint));
  }
  outcome_.changed = outcome_.endpoints = true;
  return {};
}

Status Executor::Apply(const decide::EraseNodes&) { return IntendForAll(model::Intent::kErase); }
Status Executor::Apply(const decide::HoldNodes&) { return IntendForAll(model::Intent::kHold); }
Status Executor::Apply(const decide::ReleaseNodes&) { return IntendForAll(model::Intent::kRun); }

Status Executor::IntendForAll(model::Intent intent) {
  for (const decide::NodeView& node : view_.nodes) {
    model::Node changed = node.planned;
    changed.intent = intent;
    CP_RETURN_IF_ERROR(tx_.plan().PutNode(changed));
  }
  outcome_.changed = true;
  return {};
}

Status Executor::Apply(const decide::ForgetCluster& step) {
  for (const model::Incarnation& incarnation : step.abandoned) Abandon(decide::NodeOf(view_, incarnation)->planned);
  EndOperation(model::OperationStatus::kSucceeded, "");
  SayOfCluster(Severity::kInfo, fmt::format("Replication group {} deleted", cluster_.name));
  tx_.clusters().Remove(cluster_.uid);
  outcome_.changed = true;
  return {};
}

Status Executor::Apply(const decide::Converged&) { return {}; }

Status Executor::Apply(const decide::Waiting& step) {
  if (cluster_.status == ClusterStatus::kAvailable) return {};
  return SetReason(step.reason);
}

Status Executor::Apply(const decide::Blocked& step) {
  if (cluster_.status_reason != step.reason) SayOfCluster(Severity::kWarning, step.reason);
  return SetReason(step.reason);
}

void Executor::PutShard(const model::Shard& shard) {
  tx_.plan().PutShard(shard);
  outcome_.changed = true;
}

Status Executor::PutReign(const model::Shard& shard) {
  PutShard(shard);
  outcome_.primary = true;
  return Arm(std::nullopt);
}

Status Executor::SetReason(const std::string& reason) {
  if (cluster_.status_reason == reason) return {};
  cluster_.status_reason = reason;
  return tx_.clusters().Update(cluster_);
}

void Executor::RecordProgress(const decide::Step& step) {
  if (!view_.operation || view_.operation->status != model::OperationStatus::kRunning || cluster_.operation.empty())
    return;
  // As this very step left it.
  model::Operation operation = tx_.journal().FindOperation(view_.operation->id).value();
  model::Progress progress = decide::DescribeProgress(view_, step, policy_);
  // As long as the node that handed over is there to tell.
  const std::int64_t pause = MayHandOver(operation.kind) ? decide::WritePauseUs(view_) : 0;
  if (progress == operation.progress && pause == operation.write_pause_us) return;
  const bool further = progress.percent != operation.progress.percent;
  operation.progress = std::move(progress);
  // An estimate stands until there is more to judge by.
  if (further) operation.expected_end = decide::ExpectedEnd(operation, now_);
  operation.write_pause_us = pause;
  ++operation.revision;
  tx_.journal().PutOperation(operation);
  outcome_.journaled = true;
}

void Executor::EndOperation(model::OperationStatus status, const std::string& reason) {
  if (!view_.operation || cluster_.operation.empty()) return;
  model::Operation operation = *view_.operation;
  if (status == model::OperationStatus::kSucceeded) {
    operation.progress = decide::DescribeSuccess(view_, policy_);
    if (MayHandOver(operation.kind)) operation.write_pause_us = decide::WritePauseUs(view_);
  } else if (decide::IsRolling(view_)) {
    operation.progress = decide::DescribeProgress(view_, decide::FailOperation{reason}, policy_);
  }
  model::End(operation, status, reason, now_);
  tx_.journal().PutOperation(operation);
  cluster_.operation = {};
  outcome_.journaled = true;
}

Status Executor::StoreCluster() {
  cluster_.updated = now_;
  outcome_.changed = true;
  return tx_.clusters().Update(cluster_);
}

void Executor::Say(Severity severity, std::string_view source_type, const std::string& source, std::string message) {
  tx_.journal().AppendEvent({.sequence = 0,
                             .time = now_,
                             .source_type = std::string(source_type),
                             .source = source,
                             .message = std::move(message),
                             .severity = severity,
                             .cluster = cluster_.name});
  outcome_.journaled = true;
}

void Executor::SayOfCluster(Severity severity, std::string message) {
  Say(severity, model::ClusterFormName(cluster_.form), cluster_.name, std::move(message));
}

void Executor::SayOfNode(Severity severity, const model::NodeName& node, std::string message) {
  if (cluster_.form == model::ClusterForm::kCacheCluster) return SayOfCluster(severity, std::move(message));
  Say(severity, "cache-cluster", node.str(), std::move(message));
}

// In ElastiCache's words.
void Executor::AnnounceCreated() {
  for (const decide::NodeView& node : view_.nodes) {
    SayOfNode(Severity::kInfo, node.planned.name, "Cache cluster created");
  }
  if (cluster_.form == model::ClusterForm::kCacheCluster) return;
  SayOfCluster(Severity::kInfo, fmt::format("Replication group {} created", cluster_.name));
}

}  // namespace cacheplane::reconcile
