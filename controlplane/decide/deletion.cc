#include "controlplane/decide/deletion.h"

#include <algorithm>

#include "controlplane/decide/endpoints.h"

namespace cacheplane::decide {
namespace {

bool IsErased(const NodeView& node) { return node.facts && node.facts->process == model::ProcessState::kErased; }

std::string WhyNotErased(const NodeView& node) {
  if (!node.agent_connected) {
    return fmt::format("{}: {} is not connected; it is erased as soon as it is back", node.planned.name,
                       node.planned.agent);
  }
  if (node.facts && !node.facts->problem.empty()) return fmt::format("{}: {}", node.planned.name, node.facts->problem);
  return fmt::format("{}: being erased by {}", node.planned.name, node.planned.agent);
}

}  // namespace

Step DecideDeletion(const ClusterView& view, const Policy& policy) {
  if (!LeadsNowhere(view)) return WithdrawEndpoints{};
  if (view.routers.any_connected) {
    if (auto reason = WhyNotServed(view)) return Waiting{*reason, policy.recheck};
  }
  const auto told = [](const NodeView& node) { return node.planned.intent == model::Intent::kErase; };
  if (!std::all_of(view.nodes.begin(), view.nodes.end(), told)) return EraseNodes{};
  ForgetCluster forget;
  for (const NodeView& node : view.nodes) {
    if (IsErased(node)) continue;
    if (!IsLost(node, policy)) return Waiting{WhyNotErased(node), policy.recheck};
    forget.abandoned.push_back(node.planned.incarnation);
  }
  return forget;
}

}  // namespace cacheplane::decide
