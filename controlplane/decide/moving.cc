#include "controlplane/decide/moving.h"

#include <algorithm>

#include "controlplane/decide/joining.h"
#include "controlplane/decide/rolling.h"

namespace cacheplane::decide {
namespace {

bool HasItsAddress(const ClusterView& view, const model::Node& node) {
  const auto is_its = [&](const SubnetView& subnet) { return subnet.subnet.name == node.subnet; };
  return node.address.port == view.cluster.spec.port && std::any_of(view.subnets.begin(), view.subnets.end(), is_its);
}

bool IsOnDrained(const NodeView& node) { return node.admission == model::Admission::kDraining; }

// Whoever it is that leaves first: whether anybody can come in its place.
Joiner SomeJoiner(const ClusterView& view) {
  Joiner joiner;
  for (const NodeView& node : view.nodes) {
    if (!IsOnDrained(node)) joiner.others.push_back(&node);
  }
  return joiner;
}

}  // namespace

bool IsMoving(const ClusterView& view) {
  return IsRolling(view) && view.operation->kind == model::OperationKind::kMoveNodes;
}

bool Relocates(const ClusterView& view) {
  if (!IsRolling(view) || view.operation->before_port == 0) return false;
  const model::ClusterSpec& spec = view.cluster.spec;
  return view.operation->before_port != spec.port || view.operation->before_subnet_group != spec.subnet_group;
}

// On the way back as well, what was added has an address that is not as defined.
bool Leaves(const ClusterView& view, const NodeView& node) {
  if (IsMoving(view)) return !GoesBack(view) && IsOnDrained(node);
  return IsRolling(view) && view.operation->before_port != 0 && !HasItsAddress(view, node.planned);
}

const NodeView* NextToLeave(const ClusterView& view) {
  for (const NodeView* replica : ReplicasOf(view)) {
    if (Leaves(view, *replica)) return replica;
  }
  const NodeView* primary = PrimaryOf(view);
  return Leaves(view, *primary) ? primary : nullptr;
}

bool IsOnDrainedHost(const ClusterView& view) { return std::any_of(view.nodes.begin(), view.nodes.end(), IsOnDrained); }

std::optional<Step> DecideMove(const ClusterView& view, const Policy& policy) {
  if (!IsOnDrainedHost(view)) return std::nullopt;
  if (view.since_move < policy.move_again) {
    return Waiting{"its nodes could not be moved just now", policy.move_again - view.since_move};
  }
  if (const Seat seat = FindSeat(view, SomeJoiner(view)); !seat.node) {
    const auto leaves = std::find_if(view.nodes.begin(), view.nodes.end(), IsOnDrained);
    return Blocked{fmt::format("{} cannot leave {}: {}", leaves->planned.name, leaves->planned.agent, seat.why_not)};
  }
  return StartMove{};
}

}  // namespace cacheplane::decide
