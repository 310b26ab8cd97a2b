// The steps that change who is primary.
#include <fmt/ranges.h>

#include "common/check.h"
#include "controlplane/decide/flap_guard.h"
#include "controlplane/decide/handover.h"
#include "controlplane/reconcile/execute.h"

namespace cacheplane::reconcile {

using model::Severity;

Status Executor::Apply(const decide::PromoteReplica& step) {
  const model::NodeName former = PrimaryOf(view_)->planned.name;
  model::Shard shard = *view_.shard;
  CP_CHECK(shard.epoch < step.epoch);
  shard.epoch = step.epoch;
  shard.former = former;
  // The end of one that was never open says nothing of whom it replaced.
  shard.proven = shard.proven && !step.unproven;
  if (step.automatic) {
    shard.failovers = flap_streak_;
    shard.last_failover = now_;
  }
  tx_.plan().PutShard(shard);
  Say(Severity::kWarning, "cache-cluster", step.node.str(),
      fmt::format("Replica node {} is promoted in place of primary node {}, because {}. Passed over: {}", step.node,
                  former, step.reason,
                  step.passed_over.empty() ? "none" : fmt::format("{}", fmt::join(step.passed_over, "; "))));
  return SwapRoles(step.node, step.starts, /*recovering=*/true);
}

Status Executor::Apply(const decide::CondemnNode& step) {
  outcome_.changed = true;
  Say(Severity::kWarning, "cache-cluster", step.node.str(), fmt::format("{} is killed: {}", step.node, step.reason));
  return ChangeNode(step.node, [&](model::Node& node) { node.condemned = step.starts; });
}

Status Executor::Apply(const decide::SwitchPrimary& step) {
  const model::Node& former = PrimaryOf(view_)->planned;
  model::Shard shard = *view_.shard;
  CP_CHECK(shard.epoch < step.epoch);
  shard.epoch = step.epoch;
  shard.handover = former.incarnation;
  shard.former = former.name;
  shard.proven = false;
  tx_.plan().PutShard(shard);
  return SwapRoles(step.node, step.starts, /*recovering=*/false);
}

Status Executor::Apply(const decide::ReleaseHandover& step) {
  model::Shard shard = *view_.shard;
  shard.epoch = step.epoch;
  shard.handover = {};
  shard.proven = !step.unproven;
  tx_.plan().PutShard(shard);
  outcome_.changed = true;
  return {};
}

Status Executor::Apply(const decide::CancelSwitch& step) {
  const decide::NodeView* former = decide::NodeOf(view_, view_.shard->handover);
  CP_CHECK(former != nullptr);
  model::Shard shard = *view_.shard;
  shard.epoch = step.epoch;
  shard.handover = {};
  shard.former = {};
  shard.proven = true;
  tx_.plan().PutShard(shard);
  const std::string reason =
      fmt::format("{} stays primary, because the handover was given up: {}", former->planned.name, step.reason);
  SayOfCluster(Severity::kWarning, reason);
  EndOperation(model::OperationStatus::kFailed, reason);
  CP_RETURN_IF_ERROR(StoreCluster());
  return SwapRoles(former->planned.name, former->facts->starts, /*recovering=*/false);
}

Status Executor::Apply(const decide::CompleteOperation&) {
  EndOperation(model::OperationStatus::kSucceeded, "");
  return StoreCluster();
}

Status Executor::Apply(const decide::FailOperation& step) {
  EndOperation(model::OperationStatus::kFailed, step.reason);
  SayOfCluster(Severity::kWarning, fmt::format("The operation on {} failed: {}", cluster_.name, step.reason));
  return StoreCluster();
}

Status Executor::Apply(const decide::FinishRecovery& step) {
  outcome_.changed = true;
  Say(Severity::kInfo, "cache-cluster", step.node.str(),
      fmt::format("Finished recovery for cache nodes {}", step.node));
  if (step.diverged_bytes > 0) {
    Say(Severity::kWarning, "cache-cluster", step.node.str(),
        fmt::format("{} had {} bytes of writes that no other node had; they are lost", step.node, step.diverged_bytes));
  }
  return ChangeNode(step.node, [](model::Node& node) { node.recovering = false; });
}

Status Executor::SwapRoles(const model::NodeName& successor, std::uint64_t starts, bool recovering) {
  outcome_.changed = true;
  for (const decide::NodeView& node : view_.nodes) {
    const bool succeeds = node.planned.name == successor;
    const bool steps_down = !succeeds && node.planned.role == model::Role::kPrimary;
    if (!succeeds && !steps_down) continue;
    model::Node changed = node.planned;
    changed.role = succeeds ? model::Role::kPrimary : model::Role::kReplica;
    if (succeeds) changed.chosen_start = starts;
    if (steps_down && recovering) changed.recovering = true;
    CP_RETURN_IF_ERROR(tx_.plan().PutNode(changed));
  }
  return {};
}

Status Executor::ChangeNode(const model::NodeName& name, const std::function<void(model::Node&)>& change) {
  for (const decide::NodeView& node : view_.nodes) {
    if (node.planned.name != name) continue;
    model::Node changed = node.planned;
    change(changed);
    CP_RETURN_IF_ERROR(tx_.plan().PutNode(changed));
  }
  return {};
}

// In ElastiCache's words and order.
void Executor::AnnounceChangeOfPrimary() {
  if (view_.shard->former.empty()) return;
  const model::NodeName& successor = PrimaryOf(view_)->planned.name;
  const std::string completed =
      fmt::format("Failover from primary node {} to replica node {} completed", view_.shard->former, successor);
  Say(Severity::kInfo, "cache-cluster", successor.str(), completed);
  SayOfCluster(Severity::kInfo, completed);
  for (const decide::NodeView& node : view_.nodes) {
    if (node.planned.name != view_.shard->former || !node.planned.recovering) continue;
    Say(Severity::kInfo, "cache-cluster", node.planned.name.str(),
        fmt::format("Recovering cache nodes {}", node.planned.name));
  }
}

}  // namespace cacheplane::reconcile
