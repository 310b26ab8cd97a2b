// Nodes leave a host that is drained, or addresses that are not as defined any more (another port, another subnet
// group), one after the other, and their shard never has fewer copies than before:
//
//   AddReplica on another host ─verified─► the node that leaves is a replica: LeadReadersAway ─► RemoveReplica
//                                          it is the primary: SwitchPrimary, and then the same
//
// The order of it is that of every other change of nodes (rolling.h, scaling.h). Operators who change their mind open
// the host again: then nobody leaves it any more, and the operation ends with as many nodes as defined.
#pragma once

#include <optional>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// StartMove when nodes of the cluster are on hosts that are drained; Blocked while no other host can take one; Waiting
// after a move that failed. Call it for a verified cluster without an operation.
std::optional<Step> DecideMove(const ClusterView& view, const Policy& policy);

// A node of it is on a host that is drained.
bool IsOnDrainedHost(const ClusterView& view);

// Nodes are being moved off drained hosts.
bool IsMoving(const ClusterView& view);

// The modification gives nodes other addresses.
bool Relocates(const ClusterView& view);

// The node is to go once another one has taken its place.
bool Leaves(const ClusterView& view, const NodeView& node);

// The one to go next, replicas before the primary; null: nobody leaves.
const NodeView* NextToLeave(const ClusterView& view);

}  // namespace cacheplane::decide
