// Stopping a cluster with its data kept, and starting it again.
#pragma once

#include "controlplane/service/cluster_changes.h"

namespace cacheplane::service {

// kNotFound; kAborted for a stale etag; kFailedPrecondition while an operation is under way, and for a cluster that is
// stopped already.
Result<ClusterChange> PrepareStop(ports::Transaction& transaction, const StopClusterRequest& request, WallTime now);

// The same; kFailedPrecondition for a cluster that is not stopped.
Result<ClusterChange> PrepareStart(ports::Transaction& transaction, const StartClusterRequest& request, WallTime now);

}  // namespace cacheplane::service
