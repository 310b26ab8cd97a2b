#include "controlplane/decide/promotion.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "controlplane/decide/flap_guard.h"
#include "controlplane/decide/operations.h"
#include "controlplane/decide/rolling.h"
#include "controlplane/decide/stopping.h"

namespace cacheplane::decide {
namespace {

using model::ProcessState;

bool FollowsNobody(const NodeView& node) {
  return node.facts->primary.ip.empty() || node.facts->primary == model::Address{node.planned.address.ip, 1};
}

// Why it can never be chosen as it is; empty when it can, perhaps after one more report.
std::string WhyUnfit(const NodeView& node, const Policy& policy) {
  if (IsSilent(node, policy)) return fmt::format("{} is silent", node.planned.agent);
  if (!node.facts) return "never reported";
  if (node.facts->process != ProcessState::kRunning) {
    return fmt::format("its process is {}", model::ProcessStateName(node.facts->process));
  }
  if (node.facts->frozen) return "its process is stopped by a signal";
  if (!node.facts->problem.empty()) return node.facts->problem;
  return {};
}

// The primary's, as far as somebody has it; else the one most replicas share.
std::string History(const ClusterView& view, const std::vector<const NodeView*>& replicas) {
  const NodeView& primary = *PrimaryOf(view);
  std::map<std::string, int> shared;
  for (const NodeView* replica : replicas) ++shared[replica->facts->replication_id];
  if (primary.facts && shared.contains(primary.facts->replication_id)) return primary.facts->replication_id;
  const auto most =
      std::max_element(shared.begin(), shared.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == shared.end() ? std::string() : most->first;
}

std::int64_t Offset(const NodeView* node) { return node->facts->replication_offset; }

std::string WhyPassedOver(const NodeView& node, const NodeView& candidate, const std::string& history) {
  if (node.facts->replication_offset <= 1 && node.facts->replication_id != history) return "holds nothing";
  if (node.facts->replication_id != history) return "its data are of another history";
  const std::int64_t behind = Offset(&candidate) - Offset(&node);
  if (behind > 0) return fmt::format("{} bytes behind {}", behind, candidate.planned.name);
  return fmt::format("as good as {}", candidate.planned.name);
}

// Those of one history.
std::vector<const NodeView*> Comparable(const std::vector<const NodeView*>& fit, const std::string& history) {
  std::vector<const NodeView*> comparable;
  for (const NodeView* node : fit) {
    if (node->facts->replication_id == history) comparable.push_back(node);
  }
  return comparable;
}

const NodeView* Best(const std::vector<const NodeView*>& comparable, const model::NodeName& wanted) {
  const NodeView* best = nullptr;
  for (const NodeView* node : comparable) {
    const bool preferred = best != nullptr && Offset(node) == Offset(best) && node->planned.name == wanted;
    if (best == nullptr || Offset(node) > Offset(best) || preferred) best = node;
  }
  return best;
}

}  // namespace

bool IsDetached(const ClusterView& view, const NodeView& replica) {
  return replica.facts && replica.facts->role == model::Role::kReplica &&
         replica.facts->epoch >= view.shard->detached && FollowsNobody(replica);
}

bool HasSynced(const ClusterView& view, const NodeView& node) {
  if (!node.facts || Offset(&node) > 1) return node.facts.has_value();
  const NodeView& primary = *PrimaryOf(view);
  const std::string& history = node.facts->replication_id;
  if (history.empty() || !primary.facts || primary.facts->replication_id != history) return false;
  return std::none_of(view.nodes.begin(), view.nodes.end(), [](const NodeView& other) {
    return other.facts && Offset(&other) > 1;  // also of one that cannot take over now
  });
}

// Nobody can ask for it while the cluster is being created, modified or started.
bool MayPromote(const ClusterView& view) {
  const bool creating = view.cluster.status == model::ClusterStatus::kCreating;
  return view.cluster.spec.automatic_failover || creating || IsChangingPrimary(view) || IsRolling(view) ||
         IsStarting(view) || IsStopCancelled(view);
}

bool HoldsMore(const NodeView& node, const NodeView& other) {
  const bool comparable = node.facts->replication_id == other.facts->replication_id || Offset(&other) <= 1;
  return comparable && Offset(&node) > Offset(&other);
}

Choice ChooseCandidate(const ClusterView& view, const Policy& policy, const model::NodeName& wanted) {
  Choice choice;
  std::vector<const NodeView*> fit;
  for (const NodeView* replica : ReplicasOf(view)) {
    const std::string unfit = WhyUnfit(*replica, policy);
    if (!unfit.empty()) {
      choice.passed_over.push_back(fmt::format("{}: {}", replica->planned.name, unfit));
    } else if (!IsDetached(view, *replica)) {
      choice.waiting = true;
    } else {
      fit.push_back(replica);
    }
  }
  if (choice.waiting) return choice;
  const auto holds = [&](const NodeView* node) { return HasSynced(view, *node); };
  std::vector<const NodeView*> holders;
  std::copy_if(fit.begin(), fit.end(), std::back_inserter(holders), holds);
  const std::string history = History(view, holders);
  choice.candidate = Best(Comparable(holders, history), wanted);
  for (const NodeView* node : fit) {
    if (node == choice.candidate) continue;
    const std::string why = choice.candidate ? WhyPassedOver(*node, *choice.candidate, history) : "holds nothing";
    choice.passed_over.push_back(fmt::format("{}: {}", node->planned.name, why));
  }
  return choice;
}

Step DecidePromotion(const ClusterView& view, const Policy& policy, const std::string& why,
                     std::optional<model::Incarnation> unproven) {
  const NodeView& primary = *PrimaryOf(view);
  const bool asked_for = IsChangingPrimary(view);
  if (!MayPromote(view)) {
    return Blocked{
        fmt::format("cannot fail over, because automatic failover is off: {}; \"cachectl cluster switchover {}\" "
                    "promotes a replica",
                    why, view.cluster.name)};
  }
  const Choice choice = ChooseCandidate(view, policy, asked_for ? view.operation->node : model::NodeName());
  if (choice.waiting) return Waiting{why + "; its replicas are asked what they hold", std::chrono::milliseconds(100)};
  if (choice.candidate == nullptr) {
    return Blocked{fmt::format("cannot fail over, because no replica can take over: {}; {}", why,
                               fmt::join(choice.passed_over, "; "))};
  }
  if (const auto pause = FlapPause(view, policy); pause.count() > 0 && !asked_for) {
    return Waiting{fmt::format("{}; it failed over {} times in a row, and the next time waits for a pause", why,
                               view.shard->failovers),
                   pause};
  }
  const std::uint64_t last_boot = std::max(primary.planned.boot.value, primary.facts ? primary.facts->boot.value : 0);
  return PromoteReplica{.node = choice.candidate->planned.name,
                        .epoch = {std::max(view.shard->epoch.value, last_boot) + 1},
                        .starts = choice.candidate->facts->starts,
                        .reason = why,
                        .passed_over = choice.passed_over,
                        .streak = asked_for ? 0 : NextInStreak(view, policy),
                        .unproven = std::move(unproven)};
}

}  // namespace cacheplane::decide
