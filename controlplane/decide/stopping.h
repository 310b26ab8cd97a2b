// A cluster is stopped with its data kept, and started again:
//
//   WithdrawEndpoints ─routers have it─► HoldNodes ─all processes saved and ended─► CompleteOperation
//   ReleaseNodes ─► as after an end of all processes (primary.h, restore.h) ─verified─► CompleteOperation
//
// A process that cannot save is not ended: the stop waits, and can be cancelled, which is a start. A node on a lost
// host is not waited for: it is stopped as soon as its host is back.
#pragma once

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// It is being stopped.
bool IsStopping(const ClusterView& view);

// It was being stopped, and is not to be any more.
bool IsStopCancelled(const ClusterView& view);

// It is being started again.
bool IsStarting(const ClusterView& view);

// Of a cluster that is stopped, or is to be.
Step DecideStopped(const ClusterView& view, const Policy& policy);

// Its process has ended, and none is started.
bool IsStopped(const NodeView& node);

}  // namespace cacheplane::decide
