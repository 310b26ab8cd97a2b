#include "controlplane/decide/moving.h"

#include <algorithm>

#include "controlplane/decide/replacement.h"
#include "controlplane/decide/rolling.h"

namespace cacheplane::decide {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookAgain{1000};

bool HasItsAddress(const ClusterView& view, const model::Node& node) {
  const auto is_its = [&](const SubnetView& subnet) { return subnet.subnet.name == node.subnet; };
  return node.address.port == view.cluster.spec.port && std::any_of(view.subnets.begin(), view.subnets.end(), is_its);
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
  if (IsMoving(view)) return !GoesBack(view) && node.admission == model::Admission::kDraining;
  return IsRolling(view) && view.operation->before_port != 0 && !HasItsAddress(view, node.planned);
}

const NodeView* NextToLeave(const ClusterView& view) {
  for (const NodeView* replica : ReplicasOf(view)) {
    if (Leaves(view, *replica)) return replica;
  }
  const NodeView* primary = PrimaryOf(view);
  return Leaves(view, *primary) ? primary : nullptr;
}

std::optional<Step> DecideMove(const ClusterView& view, const Policy& policy) {
  if (!IsOnDrainedHost(view)) return std::nullopt;
  if (view.since_move < policy.move_again) {
    return Waiting{"its nodes could not be moved just now", policy.move_again - view.since_move};
  }
  if (const std::string why = WhyNoMoreJoin(view, policy); !why.empty()) return Waiting{why, kLookAgain};
  return StartMove{};
}

}  // namespace cacheplane::decide
