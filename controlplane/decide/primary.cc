#include "controlplane/decide/primary.h"

#include <algorithm>

#include "controlplane/decide/handover.h"
#include "controlplane/decide/promotion.h"
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
  return primary.facts->boot >= primary.planned.boot || !model::HoldsPermit(primary.planned, *view.shard);
}

// One in which neither a primary was open nor a permit was granted, and whose number is above every permit's so far.
model::Epoch UnusedEpoch(const model::Shard& shard, const NodeView& primary) {
  const std::uint64_t last_boot = std::max(primary.planned.boot.value, primary.facts->boot.value);
  const bool used = model::IsAttached(shard) || last_boot >= shard.epoch.value;
  return used ? model::Epoch{std::max(shard.epoch.value, last_boot) + 1} : shard.epoch;
}

bool NeverPublished(const ClusterView& view) {
  return std::all_of(view.endpoints.begin(), view.endpoints.end(),
                     [](const model::Endpoint& endpoint) { return endpoint.version == 0; });
}

// Reported while it follows nobody, so that it cannot have received anything since. One that holds the same nothing as
// its primary is promoted where that may be.
bool HoldsNothing(const ClusterView& view, const NodeView& replica) {
  return replica.agent_connected && IsDetached(view, replica) && !model::IsAttached(*view.shard) &&
         replica.facts->process == model::ProcessState::kRunning && replica.facts->replication_offset <= 1 &&
         (!MayPromote(view) || !HasSynced(view, replica));
}

// It stopped, its data saved, as the last primary that was open. One that was promoted since has never been open, and
// what it saved may be a replica's. While a node joins, it can be open in the new epoch before it was seen so.
bool WasTheOpenOne(const model::Shard& shard, const model::NodeFacts& facts) {
  if (!shard.former.empty()) return false;
  return facts.clean_stop == shard.attached || (model::IsAttached(shard) && facts.clean_stop > shard.attached);
}

// Why a start cannot lose data; empty when it could.
std::string WhySafe(const ClusterView& view, const NodeView& primary) {
  const std::vector<const NodeView*> replicas = ReplicasOf(view);
  if (WasTheOpenOne(*view.shard, *primary.facts)) return "it stopped with its data saved";
  if (NeverPublished(view)) return "no client has written yet";
  if (replicas.empty()) return "the shard's only node; what it held in memory is lost";
  const auto holds_nothing = [&](const NodeView* replica) { return HoldsNothing(view, *replica); };
  if (std::all_of(replicas.begin(), replicas.end(), holds_nothing)) {
    return "no replica holds data; what the shard held in memory is lost";
  }
  return {};
}

Step DecideGone(const ClusterView& view, const NodeView& primary, const Policy& policy) {
  const std::string safe = WhySafe(view, primary);
  if (!safe.empty()) return StartPrimary{primary.planned.name, UnusedEpoch(*view.shard, primary), safe};
  if (model::IsAttached(*view.shard)) return DetachReplicas{view.shard->epoch.Next()};
  const std::string why =
      primary.facts->exit_reason.empty()
          ? fmt::format("the primary {} ended", primary.planned.name)
          : fmt::format("the primary {} ended ({})", primary.planned.name, primary.facts->exit_reason);
  return DecidePromotion(view, policy, why, std::nullopt);
}

// A replica's agent that was asked for a promise has heard the primary's agent: only we cannot reach it.
const NodeView* WhoStillHearsIt(const ClusterView& view) {
  for (const NodeView* replica : ReplicasOf(view)) {
    if (replica->agent_connected && replica->facts && replica->facts->promised) return replica;
  }
  return nullptr;
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
  if (model::IsAttached(*view.shard)) return DetachReplicas{view.shard->epoch.Next(), primary.planned.incarnation};
  return DecidePromotion(view, policy, why, primary.planned.incarnation);
}

// The shard's only node has nobody to take over from it, and nobody is promoted before the first client came.
bool MayFailOver(const ClusterView& view, const NodeView& primary) {
  return MayPromote(view) && !NeverPublished(view) && AnotherCanTakeOver(view, primary);
}

}  // namespace

std::optional<Step> DecidePrimary(const ClusterView& view, const Policy& policy) {
  if (auto step = DecideHandover(view, policy)) return step;
  const NodeView& primary = *PrimaryOf(view);
  if (IsGone(view, primary)) return DecideGone(view, primary, policy);
  if (auto step = DecideUnresponsive(view, primary)) return step;
  if (IsSilent(primary, policy) && MayFailOver(view, primary)) return DecideSilent(view, primary, policy);
  return std::nullopt;
}

}  // namespace cacheplane::decide
