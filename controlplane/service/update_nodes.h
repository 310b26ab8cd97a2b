// Nodes of a running cluster take the newest patch level that their hosts have at once, one by one and with a
// switchover for the primary, as they do by themselves in the maintenance window.
#pragma once

#include "controlplane/service/cluster_changes.h"

namespace cacheplane::service {

// kNotFound; kAborted for a stale etag; kInvalidArgument for a version that no node would get, or get past;
// kFailedPrecondition for a cluster that is being created or deleted, is stopped or has an operation under way, when no
// node's host has anything newer, and for a cluster without replicas when no host has room for the one that it is lent.
Result<ClusterChange> PrepareUpdateNodes(ports::Transaction& transaction, const UpdateNodesRequest& request,
                                         WallTime now);

}  // namespace cacheplane::service
