// A cluster is stopped with its data kept, and started again:
//
//   WithdrawEndpoints ─routers have it─► HoldNodes ─every process has ended, its data saved─► CompleteOperation:
//   stopped stopped ─► ReleaseNodes ─► as after an end of all its processes (primary.h, restore.h) ─verified─►
//   CompleteOperation
//
// A node on a lost host is not waited for: it is stopped as soon as its host is back.
#pragma once

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// It is being stopped.
bool IsStopping(const ClusterView& view);

// It is being started again.
bool IsStarting(const ClusterView& view);

// Of a cluster that is stopped, or is to be.
Step DecideStopped(const ClusterView& view, const Policy& policy);

// Its process has ended, and none is started.
bool IsStopped(const NodeView& node);

}  // namespace cacheplane::decide
