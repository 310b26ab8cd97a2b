#include "controlplane/decide/scaling.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "controlplane/decide/endpoints.h"
#include "controlplane/decide/hosts.h"
#include "controlplane/decide/joining.h"
#include "controlplane/decide/moving.h"
#include "controlplane/decide/replacement.h"
#include "controlplane/decide/rolling.h"
#include "controlplane/decide/verify.h"

namespace cacheplane::decide {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookAgain{100};
// What it waits for changes seldom, and every look reads all hosts and nodes.
constexpr milliseconds kFindSeatAgain{2000};
// Hosts that restart are back by then.
constexpr milliseconds kPlacedWithin{60'000};

int FreeOrdinal(const ClusterView& view) {
  std::set<int> taken;
  for (const NodeView& node : view.nodes) taken.insert(node.planned.ordinal);
  int ordinal = 1;
  while (taken.contains(ordinal)) ++ordinal;
  return ordinal;
}

// Whoever is to take the place of a node that leaves should be in its zone; those that leave as well do not count. One
// that is lent takes over from the lone node, which goes.
Joiner NextJoiner(const ClusterView& view) {
  const int ordinal = FreeOrdinal(view);
  Joiner joiner{.name = model::NodeNameOf(view.cluster.name, ordinal), .ordinal = ordinal};
  if (view.cluster.spec.replicas_per_shard == 0) {
    joiner.zone = PrimaryOf(view)->planned.zone;
    return joiner;
  }
  if (const NodeView* leaves = NextToLeave(view)) joiner.zone = leaves->planned.zone;
  for (const NodeView& node : view.nodes) {
    if (!Leaves(view, node)) joiner.others.push_back(&node);
  }
  return joiner;
}

// Since the operation began, or a node joined or gave way by it, or this control plane has heard most hosts.
milliseconds SinceChange(const ClusterView& view) {
  milliseconds since = std::min(view.operation_age, view.unbroken);
  for (const NodeView& node : view.nodes) since = std::min(since, node.since_renewal);
  return since;
}

Step Add(const ClusterView& view, const Policy& policy) {
  // A drained host may have nodes of many clusters.
  const std::string why_later = IsMoving(view) ? WhyNoMoreJoin(view, policy) : std::string();
  if (!why_later.empty()) return Waiting{why_later, policy.recheck};
  const Joiner joiner = NextJoiner(view);
  Seat seat = FindSeat(view, joiner);
  if (!seat.node) {
    const std::string reason = fmt::format("{} finds no place: {}", joiner.name, seat.why_not);
    if (SinceChange(view) >= kPlacedWithin && MayGoBack(view)) return GoBack{reason};
    return Waiting{reason, std::min(kFindSeatAgain, policy.recheck)};
  }
  return AddReplica{std::move(*seat.node), view.shard->epoch.Next()};
}

// The newest patch level that a node of the shard is made of.
std::string NewestOf(const ClusterView& view) {
  std::string newest;
  for (const NodeView& node : view.nodes) {
    const HostView* host = HostOf(view, node.planned.agent);
    const std::string image = host == nullptr ? "" : ImageFor(host->host, view.cluster.spec);
    if (newest.empty() || model::IsNewer(image, newest)) newest = image;
  }
  return newest;
}

// Where there is no room the shard has one copy less while a node is made anew. One that is older than what the others
// become would prove nothing.
std::optional<Step> AddSpare(const ClusterView& view) {
  Seat seat = FindSeat(view, NextJoiner(view));
  if (!seat.node || model::IsNewer(NewestOf(view), seat.node->image_version)) return std::nullopt;
  return AddReplica{std::move(*seat.node), view.shard->epoch.Next()};
}

std::ptrdiff_t InZoneOf(const ClusterView& view, const NodeView& replica) {
  return std::count_if(view.nodes.begin(), view.nodes.end(),
                       [&](const NodeView& node) { return node.planned.zone == replica.planned.zone; });
}

// Whose host is lost, else who was named, else who was added, else who is down, else who is made of something else,
// else where the shard has most nodes, else who came last.
const NodeView* Surplus(const ClusterView& view, const Policy& policy) {
  const std::vector<const NodeView*> replicas = ReplicasOf(view);
  const auto rank = [&](const NodeView* replica) {
    return std::tuple(IsLost(*replica, policy), IsToGo(view, *replica), WasAdded(view, *replica),
                      WhyReplicaNotVerified(view, *replica, policy).has_value(), !IsRenewed(view, *replica),
                      InZoneOf(view, *replica), replica->planned.ordinal);
  };
  return *std::max_element(replicas.begin(), replicas.end(),
                           [&](const NodeView* a, const NodeView* b) { return rank(a) < rank(b); });
}

// One that was added to spare stays until all others are in sync: they may have been renewed just now.
std::optional<Step> RemoveSurplus(const ClusterView& view, const Policy& policy) {
  const NodeView* surplus = Surplus(view, policy);
  const auto is_unwell = [&](const NodeView* replica) {
    return replica != surplus && WhyReplicaNotVerified(view, *replica, policy);
  };
  const std::vector<const NodeView*> replicas = ReplicasOf(view);
  const bool early =
      WasAdded(view, *surplus) && !IsLost(*surplus, policy) && std::any_of(replicas.begin(), replicas.end(), is_unwell);
  if (early) return std::nullopt;
  return Remove(view, *surplus);
}

}  // namespace

bool IsToGo(const ClusterView& view, const NodeView& replica) {
  const std::vector<std::string>& named = view.operation->removals;
  return std::find(named.begin(), named.end(), replica.planned.name.str()) != named.end();
}

bool WasAdded(const ClusterView& view, const NodeView& replica) {
  return replica.planned.joined.value > 0 && replica.planned.joined_at >= model::BegunAt(*view.operation);
}

Step Remove(const ClusterView& view, const NodeView& replica) {
  if (!replica.planned.readers_away) return LeadReadersAway{replica.planned.name};
  if (const auto reason = WhyReadersMayCome(view)) return Waiting{*reason, kLookAgain};
  return RemoveReplica{replica.planned.incarnation};
}

int NeededNodes(const ClusterView& view) {
  const bool lends = view.cluster.spec.replicas_per_shard == 0 && !IsRenewed(view, *PrimaryOf(view));
  const bool moves = NextToLeave(view) != nullptr;
  return model::NodesPerShard(view.cluster.spec) + (lends || moves ? 1 : 0);
}

int WantedNodes(const ClusterView& view) {
  const bool spares =
      IsRebuilt(view) && !GoesBack(view) && NextToLeave(view) == nullptr && view.cluster.spec.replicas_per_shard > 0 &&
      std::any_of(view.nodes.begin(), view.nodes.end(), [&](const NodeView& node) { return !IsRenewed(view, node); });
  return NeededNodes(view) + (spares ? 1 : 0);
}

std::optional<Step> DecideScaling(const ClusterView& view, const Policy& policy) {
  if (!IsRolling(view) || view.shard->attached != view.shard->epoch) return std::nullopt;
  const int count = static_cast<int>(view.nodes.size());
  if (count > WantedNodes(view)) return RemoveSurplus(view, policy);
  if (count == WantedNodes(view)) return std::nullopt;
  const bool spare = count >= NeededNodes(view);
  if (spare && IsRenewed(view, *PrimaryOf(view))) return std::nullopt;
  // One full synchronisation at a time.
  for (const NodeView* replica : ReplicasOf(view)) {
    if (Leaves(view, *replica)) continue;
    if (const auto finding = WhyReplicaNotVerified(view, *replica, policy); finding && replica->planned.recovering) {
      return GiveUp(view, *replica, finding->reason, policy).value_or(Waiting{finding->reason, policy.recheck});
    }
  }
  return spare ? AddSpare(view) : Add(view, policy);
}

}  // namespace cacheplane::decide
