#include "controlplane/decide/replacement.h"

#include <algorithm>
#include <utility>

#include "controlplane/decide/joining.h"
#include "controlplane/decide/moving.h"
#include "controlplane/decide/rolling.h"
#include "controlplane/decide/scaling.h"

namespace cacheplane::decide {
namespace {

using std::chrono::milliseconds;

// What it waits for changes seldom, and every look reads all hosts and nodes.
constexpr milliseconds kLookAgain{2000};

double Seconds(milliseconds duration) { return static_cast<double>(duration.count()) / 1000.0; }

bool IsBeingReplaced(const NodeView& node, const Policy& policy) {
  return node.planned.recovering && node.planned.joined.value > 0 && !IsLost(node, policy);
}

// One that leaves, or that is more than there should be, is only removed.
const NodeView* FirstLost(const ClusterView& view, const Policy& policy) {
  if (IsRolling(view) && std::cmp_greater(view.nodes.size(), WantedNodes(view))) return nullptr;
  for (const NodeView* replica : ReplicasOf(view)) {
    if (IsLost(*replica, policy) && !Leaves(view, *replica)) return replica;
  }
  return nullptr;
}

// Why nothing is replaced in the whole installation; empty when something may be.
std::string WhyNotNow(const ClusterView& view, const Policy& policy) {
  if (MostHostsAreSilent(view)) {
    const auto silent =
        std::count_if(view.hosts.begin(), view.hosts.end(), [](const HostView& host) { return !host.connected; });
    return fmt::format("{} of {} hosts are silent, so that it may be the control plane that is cut off", silent,
                       view.hosts.size());
  }
  if (view.unbroken <= policy.replace_after) return "most hosts were silent until lately";
  return WhyNoMoreJoin(view, policy);
}

Step Replace(const ClusterView& view, const NodeView& lost, const Policy& policy) {
  Joiner joiner{.name = lost.planned.name,
                .ordinal = lost.planned.ordinal,
                .zone = lost.planned.zone,
                .not_on = lost.planned.agent};
  for (const NodeView& node : view.nodes) {
    if (&node != &lost && !IsLost(node, policy)) joiner.others.push_back(&node);
  }
  Seat seat = FindSeat(view, joiner);
  if (!seat.node) return Waiting{fmt::format("{} cannot be replaced: {}", joiner.name, seat.why_not), kLookAgain};
  return ReplaceNode{
      lost.planned.incarnation, std::move(*seat.node), view.shard->epoch.Next(),
      fmt::format("{} has not been heard for {:.0f} s", lost.planned.agent, Seconds(policy.replace_after))};
}

}  // namespace

bool MostHostsAreSilent(const ClusterView& view) {
  const auto silent =
      std::count_if(view.hosts.begin(), view.hosts.end(), [](const HostView& host) { return !host.connected; });
  return 2 * silent > std::ssize(view.hosts);
}

std::string WhyNoMoreJoin(const ClusterView& view, const Policy& policy) {
  const auto under_way = std::count_if(view.replacements.begin(), view.replacements.end(),
                                       [&](milliseconds age) { return age < policy.replacement_slot; });
  if (under_way < policy.replacements_at_once) return {};
  return fmt::format("{} other replacements come first", under_way);
}

bool NeedsHosts(const ClusterView& view, const Policy& policy) {
  const milliseconds patience = std::min(policy.agent_grace, policy.replace_after);
  const auto long_silent = [&](const NodeView& node) { return node.silence > patience; };
  const bool wants = view.cluster.pending || view.cluster.spec.auto_minor_version_upgrade;
  const bool maintained = wants && view.window_left > milliseconds(0);
  return view.nodes.empty() || maintained || IsRolling(view) || IsOnDrainedHost(view) ||
         std::any_of(view.nodes.begin(), view.nodes.end(), long_silent);
}

std::optional<Step> DecideReplacement(const ClusterView& view, const Policy& policy) {
  const NodeView* lost = FirstLost(view, policy);
  if (lost == nullptr || view.shard->attached != view.shard->epoch) return std::nullopt;
  const auto being_replaced = [&](const NodeView& node) { return IsBeingReplaced(node, policy); };
  if (std::any_of(view.nodes.begin(), view.nodes.end(), being_replaced)) return std::nullopt;
  if (const std::string why = WhyNotNow(view, policy); !why.empty()) {
    return Waiting{fmt::format("{} is not replaced yet: {}", lost->planned.name, why), kLookAgain};
  }
  return Replace(view, *lost, policy);
}

}  // namespace cacheplane::decide
