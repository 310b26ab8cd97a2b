#include "controlplane/decide/primary.h"

#include <algorithm>

#include "controlplane/decide/handover.h"
#include "controlplane/decide/promotion.h"
#include "controlplane/decide/restore.h"
#include "controlplane/decide/unresponsive.h"

namespace cacheplane::decide {
namespace {

using std::chrono::milliseconds;

// The process that was chosen for what it holds has ended, though its agent has started another, which holds less.
bool WasReplaced(const NodeView& primary) {
  const std::uint64_t chosen = primary.planned.chosen_start;
  return chosen != 0 && primary.facts->starts > chosen && primary.facts->role != model::Role::kPrimary;
}

// The process is gone, and there is no permit left to start it.
bool IsGone(const ClusterView& view, const NodeView& primary) {
  if (!primary.agent_connected || !primary.facts) return false;
  if (WasReplaced(primary)) return true;
  if (primary.facts->process != model::ProcessState::kStopped) return false;
  const bool used = primary.facts->boot >= primary.planned.boot;
  return used || !model::HoldsPermit(primary.planned, *view.shard) || LacksItsData(primary);
}

bool NeverPublished(const ClusterView& view) {
  return std::all_of(view.endpoints.begin(), view.endpoints.end(),
                     [](const model::Endpoint& endpoint) { return endpoint.version == 0; });
}

// It stopped, its data saved, as the last primary that was open. One that was promoted since has never been open, and
// what it saved may be a replica's. While a node joins, it can be open in the new epoch before it was seen so.
bool WasTheOpenOne(const model::Shard& shard, const model::NodeFacts& facts) {
  if (!shard.former.empty()) return false;
  return facts.clean_stop == shard.attached || (model::IsAttached(shard) && facts.clean_stop > shard.attached);
}

// A start that cannot lose data, whatever the other nodes hold.
std::optional<Step> StartIfSafe(const ClusterView& view, const NodeView& primary) {
  const model::Epoch epoch = UnusedEpoch(*view.shard, primary);
  if (WasTheOpenOne(*view.shard, *primary.facts)) {
    const std::string data = primary.facts->saved ? primary.facts->saved->id : "";
    return StartPrimary{primary.planned.name, epoch, "it stopped with its data saved", data};
  }
  if (NeverPublished(view)) return StartPrimary{primary.planned.name, epoch, "no client has written yet"};
  return std::nullopt;
}

Step DecideGone(const ClusterView& view, const NodeView& primary, const Policy& policy) {
  if (auto start = StartIfSafe(view, primary)) return *start;
  const bool alone = view.nodes.size() == 1;
  if (!alone && model::IsAttached(*view.shard)) return DetachReplicas{view.shard->epoch.Next()};
  const std::string why =
      primary.facts->exit_reason.empty()
          ? fmt::format("the primary {} ended", primary.planned.name)
          : fmt::format("the primary {} ended ({})", primary.planned.name, primary.facts->exit_reason);
  if (auto step = DecideRestore(view, policy, why, std::nullopt)) return *step;
  return DecidePromotion(view, policy, why, std::nullopt);
}

// A replica's agent that was asked for a promise has heard the primary's agent: only we cannot reach it.
const NodeView* WhoStillHearsIt(const ClusterView& view) {
  for (const NodeView* replica : ReplicasOf(view)) {
    if (replica->agent_connected && replica->facts && replica->facts->promised) return replica;
  }
  return nullptr;
}

// Every replica is silent, or was not in sync again since its process ended: it misses what was written meanwhile.
bool NobodyHasAll(const ClusterView& view, const Policy& policy) {
  const std::vector<const NodeView*> replicas = ReplicasOf(view);
  return std::none_of(replicas.begin(), replicas.end(), [&](const NodeView* replica) {
    return !replica->planned.recovering && replica->facts && !IsSilent(*replica, policy);
  });
}

Step DecideSilent(const ClusterView& view, const NodeView& primary, const Policy& policy) {
  const std::string why = fmt::format("{}: {} is silent", primary.planned.name, primary.planned.agent);
  if (primary.fence == "none") {
    return Blocked{fmt::format("cannot fail over, because nothing on {} would end the writes of {}; it is waited for",
                               primary.planned.agent, primary.planned.name)};
  }
  if (const NodeView* witness = WhoStillHearsIt(view)) {
    return Waiting{fmt::format("{}, but {} still hears it", why, witness->planned.agent), milliseconds(250)};
  }
  // A session that ended says little by itself: it may be this process that was held up.
  if (primary.silence <= policy.agent_silence)
    return Waiting{why, policy.agent_silence - primary.silence + milliseconds(1)};
  if (primary.lease_left.count() > 0) {
    return Waiting{fmt::format("{}; its lease is waited out", why),
                   std::clamp(primary.lease_left, milliseconds(5), policy.recheck)};
  }
  // It may serve all the while, and an agent that restarts is back by then.
  if (NobodyHasAll(view, policy) && primary.silence <= policy.agent_grace) {
    return Waiting{fmt::format("{}, and no replica that is heard was in sync", why),
                   std::min(policy.agent_grace - primary.silence + milliseconds(1), policy.recheck)};
  }
  const model::Incarnation& unproven = primary.planned.incarnation;
  if (model::IsAttached(*view.shard)) return DetachReplicas{view.shard->epoch.Next(), unproven};
  if (auto step = DecideRestore(view, policy, why, unproven)) return *step;
  return DecidePromotion(view, policy, why, unproven);
}

// The shard's only node has nobody to take over from it, and nobody is promoted before the first client came.
bool MayFailOver(const ClusterView& view, const NodeView& primary, const Policy& policy) {
  if (NeverPublished(view)) return false;
  return (MayPromote(view) && AnotherCanTakeOver(view, primary)) || MayRestoreWithout(view, primary, policy);
}

}  // namespace

std::optional<Step> DecidePrimary(const ClusterView& view, const Policy& policy) {
  if (auto step = DecideHandover(view, policy)) return step;
  const NodeView& primary = *PrimaryOf(view);
  if (IsGone(view, primary)) return DecideGone(view, primary, policy);
  if (auto step = DecideUnresponsive(view, primary)) return step;
  if (IsSilent(primary, policy) && MayFailOver(view, primary, policy)) return DecideSilent(view, primary, policy);
  return std::nullopt;
}

}  // namespace cacheplane::decide
