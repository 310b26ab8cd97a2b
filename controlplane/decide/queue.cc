#include "controlplane/decide/queue.h"

#include <algorithm>

namespace cacheplane::decide {

std::optional<Step> DecideQueue(const ClusterView& view, const Policy& policy) {
  const model::Cluster& cluster = view.cluster;
  if (cluster.queue.empty() || !cluster.operation.empty()) return std::nullopt;
  const bool unknown = std::any_of(view.nodes.begin(), view.nodes.end(), [&](const NodeView& node) {
    return !node.facts && node.silence < policy.agent_grace;
  });
  if (unknown) return std::nullopt;
  return BeginQueued{cluster.queue.front()};
}

}  // namespace cacheplane::decide
