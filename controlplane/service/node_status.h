// The status of one node, computed from what its agent reported; nothing of it is stored.
#pragma once

#include <string>
#include <string_view>

#include "common/clock.h"
#include "controlplane/model/cluster.h"
#include "controlplane/model/plan.h"
#include "controlplane/ports/facts.h"

namespace cacheplane::service {

//   creating ──► available ◄──► impaired          any ──► deleting
//                    ▲ └──► modifying
enum class NodeStatus { kCreating, kAvailable, kModifying, kImpaired, kStopped, kDeleting };

std::string_view NodeStatusName(NodeStatus status);  // "creating", …

struct NodeState {
  NodeStatus status = NodeStatus::kCreating;
  std::string reason;  // why it is not available

  bool operator==(const NodeState&) const = default;
};

// Pure. Available: its agent was heard within kFactsAreFresh (sight.h), and the process runs, in the planned role, in
// the version planned for it and, for a replica, with its link up. A node that has never got there is creating.
NodeState NodeStateOf(const model::Cluster& cluster, const model::Node& node, const ports::FactSnapshot& facts,
                      MonoTime now);

}  // namespace cacheplane::service
