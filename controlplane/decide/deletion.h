// Taking a cluster down: clients first, then processes and data, then the rows.
#pragma once

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// Nodes are erased when every connected router has taken the endpoints out of service, and rows go only when every
// agent has reported its node erased: nothing is left over, and no name or address is free before it really is.
Step DecideDeletion(const ClusterView& view, const Policy& policy);

}  // namespace cacheplane::decide
