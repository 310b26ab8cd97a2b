// Stopping a cluster with its data kept, and starting it again.
#pragma once

#include "controlplane/service/cluster_changes.h"

namespace cacheplane::service {

// kNotFound; kAborted for a stale etag; kFailedPrecondition while an operation is under way, for a cluster that is not
// available, and for one with a node on a host that is drained.
Result<ClusterChange> PrepareStop(ports::Transaction& transaction, const StopClusterRequest& request, WallTime now);

// The same; kFailedPrecondition for a cluster that is not stopped.
Result<ClusterChange> PrepareStart(ports::Transaction& transaction, const StartClusterRequest& request, WallTime now);

}  // namespace cacheplane::service
