#include "controlplane/decide/views.h"

namespace cacheplane::decide {

const NodeView* PrimaryOf(const ClusterView& view) {
  for (const NodeView& node : view.nodes) {
    if (node.planned.role == model::Role::kPrimary) return &node;
  }
  return nullptr;
}

std::vector<const NodeView*> ReplicasOf(const ClusterView& view) {
  std::vector<const NodeView*> replicas;
  for (const NodeView& node : view.nodes) {
    if (node.planned.role == model::Role::kReplica) replicas.push_back(&node);
  }
  return replicas;
}

bool IsSilent(const NodeView& node, const Policy& policy) {
  return !node.agent_connected || node.silence > policy.agent_silence;
}

bool IsLost(const NodeView& node, const Policy& policy) { return node.silence > policy.replace_after; }

}  // namespace cacheplane::decide
