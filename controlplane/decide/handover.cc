#include "controlplane/decide/handover.h"

#include <algorithm>

#include "controlplane/decide/promotion.h"
#include "controlplane/decide/unresponsive.h"

namespace cacheplane::decide {
namespace {

using std::chrono::milliseconds;

// Its process, or the one that hands over, is not there any more.
bool HasEnded(const NodeView& former) {
  return former.facts->process == model::ProcessState::kStopped || former.facts->starts > former.planned.chosen_start;
}

// It says so in the handover's epoch: earlier it may not have been open yet.
bool IsReplicaNow(const ClusterView& view, const NodeView& former) {
  return former.facts->process == model::ProcessState::kRunning && former.facts->role == model::Role::kReplica &&
         former.facts->epoch == view.shard->epoch;
}

bool IsSilentOrUnknown(const NodeView& node, const Policy& policy) { return IsSilent(node, policy) || !node.facts; }

// The node that hands over, unless its own agent tells what became of it: one that is not there is no proof.
std::optional<model::Incarnation> Unproven(const ClusterView& view, const NodeView* former, const Policy& policy) {
  if (former != nullptr && !IsSilentOrUnknown(*former, policy)) return std::nullopt;
  return view.shard->handover;
}

HoldHandover Hold(const ClusterView& view, const NodeView* former, const Policy& policy) {
  return {view.shard->epoch.Next(), Unproven(view, former, policy)};
}

Step DecideSilentFormer(const ClusterView& view, const NodeView& former, const Policy& policy) {
  if (former.fence == "none") {
    return Blocked{fmt::format("{} hands over, {} is silent, and nothing there would end its writes",
                               former.planned.name, former.planned.agent)};
  }
  if (former.lease_left.count() <= 0) return Hold(view, &former, policy);
  return Waiting{fmt::format("{} hands over, and {} is silent", former.planned.name, former.planned.agent),
                 std::clamp(former.lease_left, milliseconds(10), policy.recheck)};
}

// It is heard again, and not known to have stepped down: its successor is not opened beside it.
bool MayStillBeOpen(const ClusterView& view, const NodeView& former, const Policy& policy) {
  return !IsSilentOrUnknown(former, policy) && !HasEnded(former) && !IsReplicaNow(view, former);
}

// The process that was chosen, alive and heard: any other end of it is for primary.h.
bool IsUp(const NodeView& successor, const Policy& policy) {
  return !IsSilentOrUnknown(successor, policy) && !successor.facts->frozen &&
         successor.facts->process == model::ProcessState::kRunning &&
         successor.facts->starts == successor.planned.chosen_start;
}

std::optional<Step> DecideHeld(const ClusterView& view, const NodeView* former, const Policy& policy) {
  const NodeView& successor = *PrimaryOf(view);
  if (!IsUp(successor, policy)) return std::nullopt;
  const Choice others = ChooseCandidate(view, policy);
  if (others.waiting || successor.facts->epoch < view.shard->epoch) {
    return Waiting{"a handover was broken off; its replicas are asked what they hold", milliseconds(100)};
  }
  if (former != nullptr && MayStillBeOpen(view, *former, policy)) {
    if (auto condemned = DecideUnresponsive(view, *former)) return condemned;
    return Waiting{fmt::format("{} steps down", former->planned.name), milliseconds(100)};
  }
  if (others.candidate != nullptr && HoldsMore(*others.candidate, successor)) {
    const std::string reason =
        fmt::format("a handover to it was broken off, and {} holds more", others.candidate->planned.name);
    if (successor.planned.condemned >= successor.facts->starts) return Waiting{reason, milliseconds(100)};
    return CondemnNode{successor.planned.name, successor.facts->starts, reason};
  }
  const auto unproven = Unproven(view, former, policy);
  // As after the loss of any primary: nobody is opened empty in front of data.
  if (unproven && !HasSynced(view, successor)) {
    return Blocked{fmt::format("a handover was broken off, {} holds nothing, and {} is waited for",
                               successor.planned.name,
                               former != nullptr ? former->planned.name.str() : unproven->str())};
  }
  return ReleaseHandover{unproven};
}

}  // namespace

bool IsHandingOver(const ClusterView& view) { return !view.shard->handover.empty(); }

const NodeView* NodeOf(const ClusterView& view, const model::Incarnation& incarnation) {
  const auto found = std::find_if(view.nodes.begin(), view.nodes.end(),
                                  [&](const NodeView& node) { return node.planned.incarnation == incarnation; });
  return found == view.nodes.end() ? nullptr : &*found;
}

std::optional<Step> DecideHandover(const ClusterView& view, const Policy& policy) {
  if (!IsHandingOver(view)) return std::nullopt;
  const NodeView* former = NodeOf(view, view.shard->handover);
  if (view.shard->held) return DecideHeld(view, former, policy);
  if (former == nullptr) return Hold(view, former, policy);
  if (IsSilentOrUnknown(*former, policy)) return DecideSilentFormer(view, *former, policy);
  if (HasEnded(*former)) return Hold(view, former, policy);
  if (IsReplicaNow(view, *former)) {
    const bool complete = former->facts->handed_over == view.shard->epoch;
    return complete ? Step(ReleaseHandover{}) : Step(Hold(view, former, policy));
  }
  const bool open = former->facts->role == model::Role::kPrimary;
  if (open && former->facts->handover_failed == view.shard->epoch) {
    return CancelSwitch{view.shard->epoch.Next(), former->facts->starts, former->facts->handover_problem};
  }
  if (auto condemned = DecideUnresponsive(view, *former)) return condemned;
  return Waiting{fmt::format("{} hands over to {}", former->planned.name, PrimaryOf(view)->planned.name),
                 policy.recheck};
}

}  // namespace cacheplane::decide
