// A planned change of primary: the former primary's agent pauses writes, waits for the successor to have them all,
// makes the one a replica and opens the other, without the control plane between those. Here is decided what follows
// from it.
#pragma once

#include <optional>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

//   hands over ──demoted, told complete───► Release: the successor has everything
//        │ ├──────given up, still open────► Cancel: the former is primary again
//        │ └──────opened the successor────► (verified: nothing to decide here)
//        └─ended, silent, or demoted and nobody knows─► Hold: the others are detached and compared with the successor
//                               ├─it holds the most─► Release
//                               └─another does──────► Condemn it: as after any primary's end, the best is promoted

// The step while the former primary hands over (shard.handover). Nothing when it does not, or when the successor itself
// is down while it is held: that is for primary.h. Call it only while the planned primary is not verified as open.
std::optional<Step> DecideHandover(const ClusterView& view, const Policy& policy);

bool IsHandingOver(const ClusterView& view);

// The node of that incarnation; null when it is not there (any more).
const NodeView* NodeOf(const ClusterView& view, const model::Incarnation& incarnation);

}  // namespace cacheplane::decide
