#include "controlplane/decide/cluster.h"

#include <algorithm>

#include "controlplane/decide/deletion.h"
#include "controlplane/decide/endpoints.h"
#include "controlplane/decide/handover.h"
#include "controlplane/decide/maintenance.h"
#include "controlplane/decide/moving.h"
#include "controlplane/decide/operations.h"
#include "controlplane/decide/placement.h"
#include "controlplane/decide/primary.h"
#include "controlplane/decide/queue.h"
#include "controlplane/decide/replacement.h"
#include "controlplane/decide/rolling.h"
#include "controlplane/decide/scaling.h"
#include "controlplane/decide/stopping.h"
#include "controlplane/decide/verify.h"

namespace cacheplane::decide {
namespace {

using model::ClusterStatus;

std::optional<Step> AttachIfOpened(const ClusterView& view, bool primary_verified) {
  if (primary_verified && view.shard->attached != view.shard->epoch) return AttachReplicas{view.shard->epoch};
  return std::nullopt;
}

// Nobody works on it: also when a change that waited has ended as soon as its turn had come.
bool IsAtRest(const ClusterView& view) {
  return view.cluster.status == ClusterStatus::kAvailable ||
         (view.cluster.status == ClusterStatus::kModifying && view.cluster.operation.empty());
}

// A verified cluster stays available for want of news, and while its primary changes as asked; anything worse makes it
// impaired.
Step Unverified(const ClusterView& view, const Finding& finding, const Policy& policy) {
  const bool asked_for = IsChangingPrimary(view) && view.operation->kind == model::OperationKind::kSwitchover;
  if (IsAtRest(view) && !finding.soft && !asked_for) {
    return SetStatus{ClusterStatus::kImpaired, finding.reason};
  }
  return Waiting{finding.reason, policy.recheck};
}

Step Verified(const ClusterView& view, const Policy& policy) {
  if (auto reason = WhyNotServed(view)) {
    const bool waits = view.cluster.status != ClusterStatus::kAvailable || IsReached(view);
    return waits ? Step(Waiting{*reason, policy.recheck}) : Step(Converged{});
  }
  if (IsRolling(view)) return EndRolling(view);
  if (IsStarting(view)) return CompleteOperation{};
  if (IsStopCancelled(view)) return FailOperation{"it was cancelled"};
  // While changes wait it stays modifying: whoever waits until it is available waits for all of them.
  const bool may_be = view.cluster.status != ClusterStatus::kAvailable && view.cluster.queue.empty();
  if (may_be) return SetStatus{ClusterStatus::kAvailable, ""};
  if (IsReached(view)) return CompleteOperation{};
  std::optional<Step> maintenance;
  if (view.cluster.operation.empty() && !view.cluster.spec.frozen) {
    maintenance = DecideMaintenance(view, policy);
    if (maintenance && !std::holds_alternative<Waiting>(*maintenance)) return *maintenance;
    if (auto step = DecideMove(view, policy)) return *step;
  }
  // What a node could not leave is over.
  if (!view.cluster.status_reason.empty()) return SetStatus{ClusterStatus::kAvailable, ""};
  return maintenance.value_or(Converged{});
}

// Nothing is to happen by itself.
bool IsFrozen(const ClusterView& view) {
  const bool asked = view.operation && view.operation->status == model::OperationStatus::kRunning;
  return view.cluster.spec.frozen && !asked;
}

bool Acts(const Step& step) { return !std::holds_alternative<Blocked>(step) && !std::holds_alternative<Waiting>(step); }

Blocked LeftUndone(const ClusterView& view, const std::string& reason) {
  return Blocked{
      fmt::format("{}; nothing is done about it, because the cluster is frozen; \"cachectl cluster modify {} "
                  "--no-frozen\" ends that",
                  reason, view.cluster.name)};
}

// Nothing can be done about the node now: what it waits for is shown, unless it is over in a moment.
Step Held(const ClusterView& view, const Step& repair, const Finding& finding, const Policy& policy) {
  const auto* blocked = std::get_if<Blocked>(&repair);
  const auto* waiting = std::get_if<Waiting>(&repair);
  const std::string& reason = blocked != nullptr ? blocked->reason : waiting->reason;
  const bool stays = !IsAtRest(view) || IsHandingOver(view);
  const bool passing = waiting != nullptr && (finding.soft || waiting->recheck < policy.recheck);
  return stays || passing ? repair : Step(SetStatus{ClusterStatus::kImpaired, reason});
}

Step EndUnrepaired(const Step& repair) {
  const auto* blocked = std::get_if<Blocked>(&repair);
  const std::string& reason = blocked != nullptr ? blocked->reason : std::get<Waiting>(repair).reason;
  return FailOperation{reason, reason};
}

Step DecideRunning(const ClusterView& view, const Policy& policy) {
  const std::optional<Finding> primary = WhyPrimaryNotVerified(view, policy);
  std::optional<Step> repair;
  if (primary) repair = DecidePrimary(view, policy);
  if (repair && Acts(*repair) && IsFrozen(view)) repair = LeftUndone(view, primary->reason);
  if (repair && Acts(*repair)) return *repair;
  if (primary) {
    if (auto step = DecideWithoutPrimary(view, policy)) return *step;
  }
  // Before anything else that a change of primary brings: this is what clients wait for.
  if (auto step = DecideEndpoints(view, policy)) return *step;
  if (auto step = AttachIfOpened(view, !primary)) return *step;
  const bool overdue = IsChangingPrimary(view) && view.operation_age >= policy.operation_deadline;
  if (primary && overdue && !IsHandingOver(view)) return FailOperation{primary->reason};
  if (repair) return Held(view, *repair, *primary, policy);
  if (primary) return Unverified(view, *primary, policy);
  if (auto step = DecideCut(view)) return *step;
  if (auto step = DecideRecovered(view, policy)) return *step;
  if (auto step = DecideOperation(view, policy)) return *step;
  if (auto step = DecideCancel(view)) return *step;
  if (auto step = EndUnverified(view, policy)) return *step;
  std::optional<Step> replacement = DecideReplacement(view, policy);
  if (replacement && Acts(*replacement) && IsFrozen(view)) {
    replacement = LeftUndone(view, fmt::format("{} is lost", std::get<ReplaceNode>(*replacement).node.name));
  }
  if (replacement && Acts(*replacement)) return *replacement;
  // The rest is repair, which needs no operation: it serves.
  if (replacement && (IsStarting(view) || IsStopCancelled(view))) return EndUnrepaired(*replacement);
  if (replacement) return Held(view, *replacement, Finding{}, policy);
  if (auto step = DecideScaling(view, policy)) return *step;
  if (auto step = DecideRolling(view, policy)) return *step;
  if (const auto finding = WhyNotVerified(view, policy)) return Unverified(view, *finding, policy);
  return Verified(view, policy);
}

bool IsHeld(const ClusterView& view) {
  return std::any_of(view.nodes.begin(), view.nodes.end(),
                     [](const NodeView& node) { return node.planned.intent == model::Intent::kHold; });
}

}  // namespace

Step DecideCluster(const ClusterView& view, const Policy& policy) {
  if (view.cluster.status == ClusterStatus::kDeleting) return DecideDeletion(view, policy);
  if (view.nodes.empty()) return std::visit([](auto step) { return Step(std::move(step)); }, DecidePlacement(view));
  if (view.cluster.status == ClusterStatus::kStopped || IsStopping(view)) return DecideStopped(view, policy);
  if ((IsStarting(view) || IsStopCancelled(view)) && IsHeld(view)) return ReleaseNodes{};
  if (auto step = DecideQueue(view, policy)) return *step;
  return DecideRunning(view, policy);
}

}  // namespace cacheplane::decide
