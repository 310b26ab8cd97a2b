#include "controlplane/decide/handover.h"

#include <algorithm>

#include "controlplane/decide/unresponsive.h"

namespace cacheplane::decide {
namespace {

// It says so in the handover's epoch: earlier it may not have been open yet.
bool IsReplicaNow(const ClusterView& view, const NodeView& former) {
  return former.facts->process == model::ProcessState::kRunning && former.facts->role == model::Role::kReplica &&
         former.facts->epoch == view.shard->epoch;
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
  if (former == nullptr) return ReleaseHandover{view.shard->epoch};
  if (IsSilent(*former, policy) || !former->facts) {
    if (former->lease_left.count() <= 0 && former->fence != "none") {
      return ReleaseHandover{view.shard->epoch.Next(), former->planned.incarnation};
    }
    return Waiting{fmt::format("{} hands over, and {} is silent", former->planned.name, former->planned.agent),
                   std::clamp(former->lease_left, std::chrono::milliseconds(10), policy.recheck)};
  }
  const bool ended = former->facts->process == model::ProcessState::kStopped;
  if (ended || IsReplicaNow(view, *former)) return ReleaseHandover{view.shard->epoch};
  // It gave up, and is still the process that did: one that was started since holds nothing.
  const bool open = former->facts->role == model::Role::kPrimary;
  if (open && former->facts->handover_failed == view.shard->epoch) {
    return CancelSwitch{view.shard->epoch.Next(), former->facts->handover_problem};
  }
  if (auto condemned = DecideUnresponsive(view, *former)) return condemned;
  return Waiting{fmt::format("{} hands over to {}", former->planned.name, PrimaryOf(view)->planned.name),
                 policy.recheck};
}

}  // namespace cacheplane::decide
