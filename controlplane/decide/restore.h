// What to do when nothing that lives holds a shard's data: the newest that was saved comes back.
//
//   somebody's memory may hold data?       not for here: promotion.h asks, and compares
//   a node's report is missing?            wait, until its host has been silent for Policy::restore_after
//   data were saved somewhere?             RestoreShard: the node with the newest
//   nowhere, and every node has reported?  StartPrimary, empty
//
// The newest: of one history the highest offset; of two histories the later, since offsets of two say nothing about
// each other; and the former primary's when they are as good as others. Data that a number of starts did not survive
// are passed over.
#pragma once

#include <optional>
#include <string>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// The step for a shard whose primary has ended, or was given up (`unproven`: its end is not proven), and whose replicas
// have been detached. Nothing when a process may hold data.
std::optional<Step> DecideRestore(const ClusterView& view, const Policy& policy, const std::string& why,
                                  const std::optional<model::Incarnation>& unproven);

// The silent primary may be given up for what others have saved: nobody else holds data, somebody saved some, and its
// host has been silent for long.
bool MayRestoreWithout(const ClusterView& view, const NodeView& primary, const Policy& policy);

// It has a permit to start with saved data that it does not have (any more), as after the loss of its disk.
bool LacksItsData(const NodeView& primary);

// A process of its own epoch that follows nobody, so that it cannot have received anything since, and holds nothing.
// One that holds the same nothing as its primary is promoted where that may be.
bool HoldsNothing(const ClusterView& view, const NodeView& replica);

// One in which neither a primary was open nor a permit was granted, and whose number is above every permit's so far.
model::Epoch UnusedEpoch(const model::Shard& shard, const NodeView& primary);

}  // namespace cacheplane::decide
