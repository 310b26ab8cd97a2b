#include "controlplane/decide/stopping.h"

#include <algorithm>

#include "controlplane/decide/endpoints.h"

namespace cacheplane::decide {
namespace {

bool Runs(const ClusterView& view, model::OperationKind kind) {
  return view.operation && view.operation->status == model::OperationStatus::kRunning && view.operation->kind == kind;
}

std::string WhyNotStopped(const NodeView& node) {
  if (!node.agent_connected) {
    return fmt::format("{}: {} is not connected", node.planned.name, node.planned.agent);
  }
  const bool told = node.facts && !node.facts->problem.empty();
  return fmt::format("{}: {}", node.planned.name, told ? node.facts->problem : "saves its data and ends");
}

}  // namespace

bool IsStopping(const ClusterView& view) {
  return Runs(view, model::OperationKind::kStopCluster) && !view.operation->cancelled;
}

bool IsStopCancelled(const ClusterView& view) {
  return Runs(view, model::OperationKind::kStopCluster) && view.operation->cancelled;
}

bool IsStarting(const ClusterView& view) { return Runs(view, model::OperationKind::kStartCluster); }

bool IsStopped(const NodeView& node) {
  return node.planned.intent == model::Intent::kHold && node.facts &&
         node.facts->process == model::ProcessState::kStopped && !node.facts->ending;
}

Step DecideStopped(const ClusterView& view, const Policy& policy) {
  if (!LeadsNowhere(view)) return WithdrawEndpoints{};
  const auto held = [](const NodeView& node) { return node.planned.intent == model::Intent::kHold; };
  if (!std::all_of(view.nodes.begin(), view.nodes.end(), held)) {
    const auto served = view.routers.any_connected ? WhyNotServed(view) : std::nullopt;
    return served ? Step(Waiting{*served, policy.recheck}) : Step(HoldNodes{});
  }
  if (!IsStopping(view)) return Converged{};
  for (const NodeView& node : view.nodes) {
    if (!IsStopped(node) && !IsLost(node, policy)) return Waiting{WhyNotStopped(node), policy.recheck};
  }
  return CompleteOperation{};
}

}  // namespace cacheplane::decide
