#include "controlplane/decide/restore.h"

#include <fmt/chrono.h>

#include <algorithm>

#include "controlplane/decide/promotion.h"
#include "controlplane/decide/replacement.h"
#include "controlplane/decide/unresponsive.h"

namespace cacheplane::decide {
namespace {

using model::ProcessState;
using model::SavedData;

constexpr std::chrono::milliseconds kAskAgain{100};

std::string TimeText(WallTime time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", std::chrono::floor<std::chrono::seconds>(time));
}

bool IsHeard(const NodeView& node, const Policy& policy) { return !IsSilent(node, policy) && node.facts; }

// While most hosts are silent it may be this process that is cut off, and just after that nobody can be told from a
// lost one.
bool IsGivenUp(const ClusterView& view, const NodeView& node, const Policy& policy) {
  return IsSilent(node, policy) && node.silence > policy.restore_after && !MostHostsAreSilent(view) &&
         view.unbroken > policy.restore_after;
}

// It was killed, or its data are what ends it: both look the same.
bool IsSpent(const NodeView& node, const Policy& policy) {
  return node.planned.restore == node.facts->saved->id && node.planned.restores >= policy.restore_attempts;
}

const SavedData* UsableOf(const NodeView& node, const Policy& policy) {
  const bool usable = IsHeard(node, policy) && node.facts->saved && !IsSpent(node, policy);
  return usable ? &*node.facts->saved : nullptr;
}

bool SameHistory(const SavedData& a, const SavedData& b) {
  return !a.replication_id.empty() && a.replication_id == b.replication_id;
}

// Those with something, the former primary first.
std::vector<const NodeView*> WithData(const ClusterView& view, const Policy& policy) {
  std::vector<const NodeView*> nodes{PrimaryOf(view)};
  for (const NodeView* replica : ReplicasOf(view)) nodes.push_back(replica);
  std::erase_if(nodes, [&](const NodeView* node) { return UsableOf(*node, policy) == nullptr; });
  return nodes;
}

// Within their histories first: so the result does not depend on the order in which nodes of several are compared.
const NodeView* Newest(const std::vector<const NodeView*>& nodes) {
  std::vector<const NodeView*> furthest;
  for (const NodeView* node : nodes) {
    const SavedData& saved = *node->facts->saved;
    const auto rival = std::find_if(furthest.begin(), furthest.end(),
                                    [&](const NodeView* other) { return SameHistory(*other->facts->saved, saved); });
    if (rival == furthest.end()) {
      furthest.push_back(node);
    } else if ((*rival)->facts->saved->replication_offset < saved.replication_offset) {
      *rival = node;
    }
  }
  const auto latest = std::max_element(furthest.begin(), furthest.end(), [](const NodeView* a, const NodeView* b) {
    return a->facts->saved->as_of < b->facts->saved->as_of;
  });
  return latest == furthest.end() ? nullptr : *latest;
}

std::string WhatItHas(const NodeView& node, const NodeView& chosen, const Policy& policy) {
  if (!IsHeard(node, policy)) return fmt::format("{} is silent, and what it has is unknown", node.planned.agent);
  if (!node.facts->saved) return "saved nothing";
  const SavedData& saved = *node.facts->saved;
  const SavedData& best = *chosen.facts->saved;
  if (IsSpent(node, policy)) {
    return fmt::format("no start with what it saved as of {} succeeded", TimeText(saved.as_of));
  }
  if (!SameHistory(saved, best)) return fmt::format("saved as of {}, in another history", TimeText(saved.as_of));
  const std::int64_t behind = best.replication_offset - saved.replication_offset;
  if (behind == 0) return "saved as much";
  return fmt::format("saved as of {}, {} bytes behind", TimeText(saved.as_of), behind);
}

std::string WhatIsLost(const NodeView& primary, const SavedData& saved) {
  const std::string newer = fmt::format("whatever was written after {} is lost", TimeText(saved.as_of));
  const bool known = primary.facts && primary.facts->replication_id == saved.replication_id &&
                     primary.facts->replication_offset > saved.replication_offset;
  if (!known) return newer;
  return fmt::format("{}, at least {} bytes of its stream", newer,
                     primary.facts->replication_offset - saved.replication_offset);
}

model::Epoch NextEpoch(const ClusterView& view) {
  std::uint64_t last = view.shard->epoch.value;
  for (const NodeView& node : view.nodes) {
    last = std::max({last, node.planned.boot.value, node.facts ? node.facts->boot.value : 0});
  }
  return {last + 1};
}

RestoreShard Restore(const ClusterView& view, const NodeView& chosen, const Policy& policy, const std::string& why,
                     const std::optional<model::Incarnation>& unproven) {
  const SavedData& saved = *chosen.facts->saved;
  const bool again = chosen.planned.restore == saved.id;
  RestoreShard step{.node = chosen.planned.name,
                    .epoch = NextEpoch(view),
                    .data = saved.id,
                    .attempt = again ? chosen.planned.restores + 1 : 1,
                    .reason = fmt::format("{}, no process holds data, and nothing newer is left than it saved as of {}",
                                          why, TimeText(saved.as_of)),
                    .others = {},
                    .lost = WhatIsLost(*PrimaryOf(view), saved),
                    .unproven = unproven};
  for (const NodeView& node : view.nodes) {
    if (&node == &chosen) continue;
    step.others.push_back(fmt::format("{}: {}", node.planned.name, WhatItHas(node, chosen, policy)));
  }
  return step;
}

// A process of the planned primary's that came after the one that was chosen (primary.cc).
bool HasProcess(const NodeView& primary, const Policy& policy) {
  return IsHeard(primary, policy) && primary.facts->process != ProcessState::kStopped;
}

// Nothing saved is worth a start; what runs there already, whatever it holds, is opened.
std::optional<Step> StartAsItIs(const ClusterView& view, const Policy& policy) {
  const NodeView& primary = *PrimaryOf(view);
  const auto heard = [&](const NodeView& node) { return IsHeard(node, policy); };
  if (!std::all_of(view.nodes.begin(), view.nodes.end(), heard)) return std::nullopt;
  const auto spent = [&](const NodeView& node) { return node.facts->saved && IsSpent(node, policy); };
  std::string reason = view.nodes.size() == 1 ? "the shard's only node; what it held in memory is lost"
                                              : "no replica holds data; what the shard held in memory is lost";
  if (std::any_of(view.nodes.begin(), view.nodes.end(), spent)) {
    reason += ", and no start with what was saved succeeded";
  }
  return StartPrimary{primary.planned.name, UnusedEpoch(*view.shard, primary), reason};
}

}  // namespace

bool HoldsNothing(const ClusterView& view, const NodeView& replica) {
  return replica.agent_connected && IsDetached(view, replica) && !model::IsAttached(*view.shard) &&
         replica.facts->process == ProcessState::kRunning && replica.facts->replication_offset <= 1 &&
         (!MayPromote(view) || !HasSynced(view, replica));
}

model::Epoch UnusedEpoch(const model::Shard& shard, const NodeView& primary) {
  const std::uint64_t last_boot = std::max(primary.planned.boot.value, primary.facts->boot.value);
  const bool used = model::IsAttached(shard) || last_boot >= shard.epoch.value;
  return used ? model::Epoch{std::max(shard.epoch.value, last_boot) + 1} : shard.epoch;
}

bool LacksItsData(const NodeView& primary) {
  const model::Node& planned = primary.planned;
  const bool has = primary.facts->saved && primary.facts->saved->id == planned.restore;
  return !planned.restore.empty() && !has;
}

bool MayRestoreWithout(const ClusterView& view, const NodeView& primary, const Policy& policy) {
  return IsGivenUp(view, primary, policy) && !AnotherCanTakeOver(view, primary) && !WithData(view, policy).empty();
}

std::optional<Step> DecideRestore(const ClusterView& view, const Policy& policy, const std::string& why,
                                  const std::optional<model::Incarnation>& unproven) {
  const NodeView& primary = *PrimaryOf(view);
  const NodeView* missing = nullptr;
  for (const NodeView& node : view.nodes) {
    const bool heard = IsHeard(node, policy);
    if (heard && &node != &primary && !HoldsNothing(view, node)) return std::nullopt;
    if (!heard && !IsGivenUp(view, node, policy)) missing = &node;
  }
  if (missing != nullptr) {
    return Waiting{fmt::format("{}, and no process holds data; what {} has is waited for", why, missing->planned.name),
                   policy.recheck};
  }
  const bool runs = HasProcess(primary, policy);
  if (runs && primary.facts->process != ProcessState::kRunning) {
    return Waiting{fmt::format("{}, and what its next process holds is not known yet", why), kAskAgain};
  }
  const bool holds_data = runs && primary.facts->replication_offset > 1;
  const NodeView* newest = holds_data ? nullptr : Newest(WithData(view, policy));
  if (newest != nullptr) return Restore(view, *newest, policy, why, unproven);
  return StartAsItIs(view, policy);
}

}  // namespace cacheplane::decide
