// As many nodes as the definition has, one at a time.
//
//   too few:  AddReplica, in a new epoch: it follows nobody until the primary is seen to know it (replacement.h)
//   too many: LeadReadersAway ─routers have it─► RemoveReplica: its host erases it
//
// A cluster without replicas gets one for as long as its primary has to be made of something else: it takes over.
#pragma once

#include <optional>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// Call it while a modification is under way, with the primary verified and attached. Waiting with the reason when a
// node that is to be added finds no place, or is on its way; nothing when there are as many as there should be.
std::optional<Step> DecideScaling(const ClusterView& view, const Policy& policy);

// The nodes that there should be now.
int WantedNodes(const ClusterView& view);

}  // namespace cacheplane::decide
