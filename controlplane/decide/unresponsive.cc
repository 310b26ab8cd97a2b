#include "controlplane/decide/unresponsive.h"

#include <algorithm>

#include "controlplane/decide/promotion.h"

namespace cacheplane::decide {
namespace {

constexpr std::chrono::milliseconds kWhileItIsKilled{100};

std::string WhyUnresponsive(const NodeView& node) {
  if (!node.agent_connected || !node.facts) return {};
  if (node.facts->frozen) return "its process is stopped and answers nobody";
  if (node.facts->process == model::ProcessState::kHung) return "its process lives and does not answer";
  return {};
}

}  // namespace

bool AnotherCanTakeOver(const ClusterView& view, const NodeView& node) {
  return std::any_of(view.nodes.begin(), view.nodes.end(), [&](const NodeView& other) {
    return &other != &node && other.agent_connected && other.facts &&
           other.facts->process == model::ProcessState::kRunning && !other.facts->frozen && HasSynced(view, other);
  });
}

std::optional<Step> DecideUnresponsive(const ClusterView& view, const NodeView& node) {
  const std::string why = WhyUnresponsive(node);
  if (why.empty()) return std::nullopt;
  if (!MayPromote(view) || !AnotherCanTakeOver(view, node)) return std::nullopt;
  const std::string reason = fmt::format("{}: {}", node.planned.name, why);
  if (node.planned.condemned >= node.facts->starts) return Waiting{reason + "; it is being killed", kWhileItIsKilled};
  return CondemnNode{node.planned.name, node.facts->starts, reason};
}

}  // namespace cacheplane::decide
