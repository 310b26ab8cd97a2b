#include "controlplane/decide/scaling.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "controlplane/decide/endpoints.h"
#include "controlplane/decide/joining.h"
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

Step Add(const ClusterView& view, const Policy& policy) {
  const int ordinal = FreeOrdinal(view);
  Joiner joiner{.name = model::NodeNameOf(view.cluster.name, ordinal), .ordinal = ordinal};
  for (const NodeView& node : view.nodes) joiner.others.push_back(&node);
  Seat seat = FindSeat(view, joiner);
  if (!seat.node) {
    const std::string reason = fmt::format("{} finds no place: {}", joiner.name, seat.why_not);
    if (view.operation_age >= kPlacedWithin && MayGoBack(view)) return GoBack{reason};
    return Waiting{reason, std::min(kFindSeatAgain, policy.recheck)};
  }
  return AddReplica{std::move(*seat.node), view.shard->epoch.Next()};
}

bool IsNamed(const ClusterView& view, const NodeView& replica) {
  const std::vector<std::string>& named = view.operation->removals;
  return std::find(named.begin(), named.end(), replica.planned.name.str()) != named.end();
}

std::ptrdiff_t InZoneOf(const ClusterView& view, const NodeView& replica) {
  return std::count_if(view.nodes.begin(), view.nodes.end(),
                       [&](const NodeView& node) { return node.planned.zone == replica.planned.zone; });
}

// Who was named, else who is down, else who is made of something else, else where the shard has most nodes, else who
// came last.
const NodeView* Surplus(const ClusterView& view, const Policy& policy) {
  const std::vector<const NodeView*> replicas = ReplicasOf(view);
  const auto rank = [&](const NodeView* replica) {
    return std::tuple(IsNamed(view, *replica), WhyReplicaNotVerified(view, *replica, policy).has_value(),
                      !IsRenewed(view, *replica), InZoneOf(view, *replica), replica->planned.ordinal);
  };
  return *std::max_element(replicas.begin(), replicas.end(),
                           [&](const NodeView* a, const NodeView* b) { return rank(a) < rank(b); });
}

Step Remove(const ClusterView& view, const Policy& policy) {
  const NodeView& replica = *Surplus(view, policy);
  if (!replica.planned.readers_away) return LeadReadersAway{replica.planned.name};
  if (const auto reason = WhyReadersMayCome(view)) return Waiting{*reason, kLookAgain};
  return RemoveReplica{replica.planned.incarnation};
}

}  // namespace

int WantedNodes(const ClusterView& view) {
  const bool lends = view.cluster.spec.replicas_per_shard == 0 && !IsRenewed(view, *PrimaryOf(view));
  return model::NodesPerShard(view.cluster.spec) + (lends ? 1 : 0);
}

std::optional<Step> DecideScaling(const ClusterView& view, const Policy& policy) {
  if (!IsRolling(view) || view.shard->attached != view.shard->epoch) return std::nullopt;
  const int count = static_cast<int>(view.nodes.size());
  if (count > WantedNodes(view)) return Remove(view, policy);
  if (count == WantedNodes(view)) return std::nullopt;
  // One full synchronisation at a time.
  for (const NodeView* replica : ReplicasOf(view)) {
    if (const auto finding = WhyReplicaNotVerified(view, *replica, policy); finding && replica->planned.recovering) {
      return GiveUp(view, *replica, finding->reason, policy).value_or(Waiting{finding->reason, policy.recheck});
    }
  }
  return Add(view, policy);
}

}  // namespace cacheplane::decide
