// The steps that change who is primary, and which nodes there are.
#include <fmt/ranges.h>

#include <algorithm>

#include "common/check.h"
#include "controlplane/decide/handover.h"
#include "controlplane/decide/rolling.h"
#include "controlplane/reconcile/execute.h"

namespace cacheplane::reconcile {

using model::Severity;

namespace {

const decide::NodeView& Named(const decide::ClusterView& view, const model::NodeName& name) {
  const auto found = std::find_if(view.nodes.begin(), view.nodes.end(),
                                  [&](const decide::NodeView& node) { return node.planned.name == name; });
  CP_CHECK(found != view.nodes.end());
  return *found;
}

// Bytes of the stream are no count of writes: keep-alives and what expired are in it, and a writer may have had no
// answer. The successor holds what every replica had confirmed, for it was one of them.
std::string TellDiverged(const decide::FinishRecovery& step) {
  return fmt::format(
      "{} had {} bytes of its replication stream that its successor never received; they are dropped. How many of "
      "them are writes, and whether their clients were answered, is not known; writes that WAIT confirmed for every "
      "replica are not among them",
      step.node, step.diverged_bytes);
}

}  // namespace

Status Executor::Apply(const decide::PromoteReplica& step) {
  const model::NodeName former = PrimaryOf(view_)->planned.name;
  CP_CHECK(view_.shard->epoch < step.epoch);
  // The end of this one is no proof of what became of the one before it.
  const bool proven = view_.shard->proven && !step.unproven;
  model::Shard shard = model::BeginReign(*view_.shard, step.epoch, former, proven);
  if (step.streak > 0) {
    shard.failovers = step.streak;
    shard.last_failover = now_;
  }
  CP_RETURN_IF_ERROR(PutReign(shard));
  SayOfNode(Severity::kWarning, step.node,
            fmt::format("Replica node {} is promoted in place of primary node {}, because {}. Passed over: {}",
                        step.node, former, step.reason,
                        step.passed_over.empty() ? "none" : fmt::format("{}", fmt::join(step.passed_over, "; "))));
  return SwapRoles(step.node, step.epoch, step.starts, [](model::Node& node) { node.recovering = true; });
}

Status Executor::Apply(const decide::RestoreShard& step) {
  const model::NodeName former = PrimaryOf(view_)->planned.name;
  const bool stays = former == step.node;
  CP_CHECK(view_.shard->epoch < step.epoch);
  const bool proven = view_.shard->proven && !step.unproven;
  CP_RETURN_IF_ERROR(PutReign(model::BeginReign(*view_.shard, step.epoch, stays ? model::NodeName() : former, proven)));
  SayOfNode(Severity::kWarning, step.node,
            fmt::format("{} node {} starts with what it saved{}, because {}. The others: {}. Known of what is lost: {}",
                        stays ? "Primary" : "Replica", step.node,
                        stays ? "" : fmt::format(" and becomes primary in place of {}", former), step.reason,
                        step.others.empty() ? "none" : fmt::format("{}", fmt::join(step.others, "; ")), step.lost));
  for (const decide::NodeView& node : view_.nodes) {
    model::Node changed = node.planned;
    const bool was_primary = changed.role == model::Role::kPrimary;
    if (changed.name == step.node) {
      changed.role = model::Role::kPrimary;
      changed.boot = model::Boot{step.epoch.value};
      changed.chosen_start = 0;
      changed.restore = step.data;
      changed.restores = step.attempt;
    } else if (was_primary) {
      changed.role = model::Role::kReplica;
      changed.stepped_down = step.epoch;
    } else {
      continue;
    }
    changed.recovering = true;
    CP_RETURN_IF_ERROR(tx_.plan().PutNode(changed));
  }
  return {};
}

Status Executor::Apply(const decide::CondemnNode& step) {
  outcome_.changed = true;
  SayOfNode(Severity::kWarning, step.node, fmt::format("{} is killed: {}", step.node, step.reason));
  return ChangeNode(step.node, [&](model::Node& node) { node.condemned = step.starts; });
}

Status Executor::Apply(const decide::SwitchPrimary& step) {
  const model::Node& former = PrimaryOf(view_)->planned;
  CP_CHECK(view_.shard->epoch < step.epoch);
  model::Shard shard = model::BeginReign(*view_.shard, step.epoch, former.name, /*proven=*/false);
  shard.handover = former.incarnation;
  CP_RETURN_IF_ERROR(PutReign(shard));
  NoteHandover(step.epoch);
  CP_RETURN_IF_ERROR(Arm(model::ArmedSwitch{Named(view_, step.node).planned.address, step.epoch}));
  return SwapRoles(step.node, step.epoch, step.starts,
                   [&](model::Node& node) { node.chosen_start = step.former_starts; });
}

Status Executor::Apply(const decide::HoldHandover& step) {
  CP_CHECK(view_.shard->epoch < step.epoch);
  model::Shard shard = model::Detach(*view_.shard, step.epoch);
  shard.held = true;
  shard.proven = !step.unproven;
  return PutReign(shard);
}

Status Executor::Apply(const decide::ReleaseHandover& step) {
  model::Shard shard = *view_.shard;
  shard.handover = {};
  shard.held = false;
  shard.proven = !step.unproven;
  PutShard(shard);
  outcome_.primary = true;
  return {};
}

Status Executor::Apply(const decide::CancelSwitch& step) {
  const decide::NodeView* former = decide::NodeOf(view_, view_.shard->handover);
  CP_CHECK(former != nullptr);
  CP_RETURN_IF_ERROR(PutReign(model::BeginReign(*view_.shard, step.epoch, {}, /*proven=*/true)));
  const std::string reason =
      fmt::format("{} stays primary, because the handover was given up: {}", former->planned.name, step.reason);
  SayOfCluster(Severity::kWarning, reason);
  if (decide::IsRolling(view_)) {
    PutOff();
  } else {
    EndOperation(model::OperationStatus::kFailed, reason);
  }
  CP_RETURN_IF_ERROR(StoreCluster());
  return SwapRoles(former->planned.name, step.epoch, step.starts, [](model::Node&) {});
}

Status Executor::Apply(const decide::FinishRecovery& step) {
  outcome_.changed = true;
  SayOfNode(Severity::kInfo, step.node,
            decide::IsRolling(view_) ? fmt::format("{} is in sync", step.node)
                                     : fmt::format("Finished recovery for cache nodes {}", step.node));
  if (step.diverged_bytes > 0) {
    SayOfNode(Severity::kWarning, step.node, TellDiverged(step));
  }
  return ChangeNode(step.node, [](model::Node& node) { node.recovering = false; });
}

Status Executor::Apply(const decide::ReplaceNode& step) {
  const decide::NodeView* lost = decide::NodeOf(view_, step.lost);
  CP_CHECK(lost != nullptr && lost->planned.role == model::Role::kReplica);
  Abandon(lost->planned);
  tx_.plan().RemoveNode(step.lost);
  SayOfNode(Severity::kInfo, step.node.name,
            fmt::format("Recovering cache nodes {}: replaced on {} in {}, because {}", step.node.name, step.node.agent,
                        step.node.zone, step.reason));
  return Join(step.node, step.epoch);
}

Status Executor::Join(model::Node node, model::Epoch epoch) {
  model::Shard shard = *view_.shard;
  CP_CHECK(shard.epoch < epoch);
  shard.epoch = epoch;
  PutShard(shard);
  node.incarnation = model::Incarnation(identifiers_.New("node"));
  node.joined_at = now_;
  return tx_.plan().PutNode(node);
}

void Executor::Abandon(const model::Node& node) {
  tx_.plan().PutAbandoned({node.incarnation, node.name, node.agent, node.address});
}

Status Executor::Arm(const std::optional<model::ArmedSwitch>& armed) {
  for (model::Endpoint endpoint : view_.endpoints) {
    const bool published = endpoint.kind == model::EndpointKind::kPrimary && !endpoint.targets.empty();
    if (!published || endpoint.armed == armed) continue;
    endpoint.armed = armed;
    endpoint.version = tx_.plan().NextEndpointMapVersion();
    CP_RETURN_IF_ERROR(tx_.plan().PutEndpoint(endpoint));
    outcome_.changed = outcome_.endpoints = true;
  }
  return {};
}

Status Executor::Apply(const decide::CutClients& step) {
  outcome_.changed = true;
  return ChangeNode(step.node, [&](model::Node& node) { node.cut = step.epoch; });
}

Status Executor::SwapRoles(const model::NodeName& successor, model::Epoch epoch, std::uint64_t starts,
                           const std::function<void(model::Node&)>& steps_down) {
  outcome_.changed = true;
  for (const decide::NodeView& node : view_.nodes) {
    const bool succeeds = node.planned.name == successor;
    if (!succeeds && node.planned.role != model::Role::kPrimary) continue;
    model::Node changed = node.planned;
    changed.role = succeeds ? model::Role::kPrimary : model::Role::kReplica;
    if (succeeds) {
      changed.chosen_start = starts;
    } else {
      changed.stepped_down = epoch;
      steps_down(changed);
    }
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

// In ElastiCache's words and order. Of a planned change it has no event: that a node handed over is seen by its not
// having to recover.
void Executor::AnnounceChangeOfPrimary() {
  if (view_.shard->former.empty()) return;
  const model::NodeName& successor = PrimaryOf(view_)->planned.name;
  const bool recovers = std::any_of(view_.nodes.begin(), view_.nodes.end(), [&](const decide::NodeView& node) {
    return node.planned.name == view_.shard->former && node.planned.recovering;
  });
  const std::string completed = fmt::format("{} from primary node {} to replica node {} completed",
                                            recovers ? "Failover" : "Switchover", view_.shard->former, successor);
  if (cluster_.form == model::ClusterForm::kReplicationGroup) SayOfNode(Severity::kInfo, successor, completed);
  SayOfCluster(Severity::kInfo, completed);
  for (const decide::NodeView& node : view_.nodes) {
    if (node.planned.name != view_.shard->former) continue;
    if (!node.planned.recovering) continue;
    SayOfNode(Severity::kInfo, node.planned.name, fmt::format("Recovering cache nodes {}", node.planned.name));
  }
}

}  // namespace cacheplane::reconcile
