// What waits for the maintenance window, else newer patch levels: begun once inside it, when all is well and it can be
// done before its end.
#pragma once

#include <chrono>
#include <optional>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// StartPending for what waits, or nothing when it cannot be had any more: hosts lack the image or the room, or the data
// do not fit. While nothing waits StartUpdate, when hosts have newer patch levels and none was taken in this window.
// Nothing while the window is not open for long enough; Waiting while as many other clusters are being changed as may
// be at once. Call it for a verified cluster without an operation. Once begun it is an operation like any other, and
// nothing waits any more: a clock that is set back opens the window again for nothing.
std::optional<Step> DecideMaintenance(const ClusterView& view, const Policy& policy);

// What it takes to make every node anew, with time to spare: a minute a node, and a second per 5 MiB of its data.
std::chrono::milliseconds EstimateRenewal(const ClusterView& view);

}  // namespace cacheplane::decide
