// A planned change of primary: the former primary's agent pauses writes, waits for the successor to have them all,
// makes the one a replica and opens the other, without the control plane between those. Here is decided what follows
// from it.
#pragma once

#include <optional>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// While the former primary hands over (shard.handover): ReleaseHandover once it cannot be open any more, CancelSwitch
// once it has given up, else Waiting. Nothing when no handover is under way. Call it only while the planned primary is
// not verified as open.
std::optional<Step> DecideHandover(const ClusterView& view, const Policy& policy);

bool IsHandingOver(const ClusterView& view);

// The node of that incarnation; null when it is not there (any more).
const NodeView* NodeOf(const ClusterView& view, const model::Incarnation& incarnation);

}  // namespace cacheplane::decide
