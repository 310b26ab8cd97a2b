// Changes that wait for what is under way.
#pragma once

#include <optional>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// BeginQueued once nothing is under way any more, whether the cluster is well or not: the change may be what mends it.
// Not before its nodes are known, or have been silent for long: how much data they hold decides what they may become.
// Call it for a placed cluster that is neither stopped nor being stopped or deleted.
std::optional<Step> DecideQueue(const ClusterView& view, const Policy& policy);

}  // namespace cacheplane::decide
