#include "controlplane/decide/operations.h"

#include <algorithm>

#include "controlplane/decide/unresponsive.h"
#include "controlplane/decide/verify.h"

namespace cacheplane::decide {
namespace {

using model::OperationKind;

const NodeView* NodeNamed(const ClusterView& view, const model::NodeName& name) {
  const auto found = std::find_if(view.nodes.begin(), view.nodes.end(),
                                  [&](const NodeView& node) { return node.planned.name == name; });
  return found == view.nodes.end() ? nullptr : &*found;
}

std::optional<Step> WaitOrFail(const ClusterView& view, const Policy& policy, const std::string& reason) {
  if (view.operation_age >= policy.operation_deadline) return FailOperation{reason};
  return Waiting{reason, std::chrono::milliseconds(100)};
}

std::optional<Step> DecideSwitchover(const ClusterView& view, const Policy& policy) {
  const NodeView* successor = NodeNamed(view, view.operation->node);
  if (successor == nullptr) return FailOperation{fmt::format("{} is not there any more", view.operation->node)};
  if (successor == PrimaryOf(view)) return std::nullopt;
  if (view.shard->attached != view.shard->epoch) return std::nullopt;
  if (const auto finding = WhyReplicaNotVerified(view, *successor, policy)) {
    return WaitOrFail(view, policy, finding->reason);
  }
  return SwitchPrimary{successor->planned.name, view.shard->epoch.Next(), successor->facts->starts,
                       PrimaryOf(view)->facts->starts};
}

std::optional<Step> DecideTestFailover(const ClusterView& view, const Policy& policy) {
  const NodeView& primary = *PrimaryOf(view);
  if (primary.planned.name != view.operation->node) return std::nullopt;
  if (primary.planned.condemned >= primary.facts->starts) return std::nullopt;
  const auto fit = [&](const NodeView* replica) { return !WhyReplicaNotVerified(view, *replica, policy); };
  const std::vector<const NodeView*> replicas = ReplicasOf(view);
  if (std::none_of(replicas.begin(), replicas.end(), fit)) {
    return WaitOrFail(view, policy, "no replica is in sync that could take over");
  }
  return CondemnNode{primary.planned.name, primary.facts->starts, "a test failover was asked for"};
}

}  // namespace

bool IsChangingPrimary(const ClusterView& view) {
  if (!view.operation || view.operation->status != model::OperationStatus::kRunning) return false;
  return view.operation->kind == OperationKind::kSwitchover || view.operation->kind == OperationKind::kTestFailover;
}

std::optional<Step> DecideOperation(const ClusterView& view, const Policy& policy) {
  if (!IsChangingPrimary(view)) return std::nullopt;
  return view.operation->kind == OperationKind::kSwitchover ? DecideSwitchover(view, policy)
                                                            : DecideTestFailover(view, policy);
}

bool IsReached(const ClusterView& view) {
  if (!IsChangingPrimary(view)) return false;
  const bool named = PrimaryOf(view)->planned.name == view.operation->node;
  return named == (view.operation->kind == OperationKind::kSwitchover);
}

std::optional<Step> DecideRecovered(const ClusterView& view, const Policy& policy) {
  for (const NodeView& node : view.nodes) {
    if (!node.planned.recovering) continue;
    const bool is_primary = node.planned.role == model::Role::kPrimary;
    const auto finding = is_primary ? WhyPrimaryNotVerified(view, policy) : WhyReplicaNotVerified(view, node, policy);
    if (!finding) {
      const std::int64_t diverged = is_primary ? 0 : std::max<std::int64_t>(node.facts->diverged_bytes, 0);
      return FinishRecovery{node.planned.name, diverged};
    }
  }
  return std::nullopt;
}

}  // namespace cacheplane::decide
