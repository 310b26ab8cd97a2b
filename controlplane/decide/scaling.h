// As many nodes as the definition has, one at a time.
//
//   too few:  AddReplica, in a new epoch: it follows nobody until the primary is seen to know it (replacement.h)
//   too many: LeadReadersAway ─routers have it─► RemoveReplica: its host erases it
//
// A cluster without replicas gets one for as long as its primary has to be made of something else: it takes over. While
// nodes leave their hosts, and where there is room also while they are made of something else, there is one more than
// defined: no shard has fewer copies in sync than asked for.
#pragma once

#include <optional>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// Call it while a modification is under way, with the primary verified and attached. Waiting with the reason when a
// node that is to be added finds no place, or is on its way; nothing when there are as many as there should be.
std::optional<Step> DecideScaling(const ClusterView& view, const Policy& policy);

// It was named among those that go when their number decreases.
bool IsToGo(const ClusterView& view, const NodeView& replica);

// This operation added it.
bool WasAdded(const ClusterView& view, const NodeView& replica);

// Takes the replica away, once nobody reads from it.
Step Remove(const ClusterView& view, const NodeView& replica);

// The nodes that there must be now.
int NeededNodes(const ClusterView& view);

// The nodes that there should be now; the one above NeededNodes only where it finds a place.
int WantedNodes(const ClusterView& view);

}  // namespace cacheplane::decide
