// Processes of a running cluster give way to others of the same make, one by one and with a switchover for the primary,
// so that nothing is lost: what is needed for parameters that an engine reads only at its start.
#pragma once

#include "controlplane/service/cluster_changes.h"

namespace cacheplane::service {

// kNotFound, also for a node that the cluster does not have; kInvalidArgument for one that is named twice; kAborted for
// a stale etag; kFailedPrecondition for a cluster that is being created or deleted, or has an operation under way, and
// for one without replicas when no host has room for the one that it is lent.
Result<ClusterChange> PrepareReboot(ports::Transaction& transaction, const RebootClusterRequest& request, WallTime now);

}  // namespace cacheplane::service
