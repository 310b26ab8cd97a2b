// What waits for the maintenance window: begun once inside it, when all is well and it can be done before its end.
#pragma once

#include <chrono>
#include <optional>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// StartPending, or nothing while nothing waits, the window is not open for long enough, or it cannot be had any more:
// hosts lack the image or the room, or the data do not fit. Call it for a verified
// cluster without an operation. Once begun it is an operation like any other, and nothing waits any more: a clock that
// is set back opens the window again for nothing.
std::optional<Step> DecideMaintenance(const ClusterView& view);

// What it takes to make every node anew, with time to spare: a minute a node, and a second per 5 MiB of its data.
std::chrono::milliseconds EstimateRenewal(const ClusterView& view);

}  // namespace cacheplane::decide
