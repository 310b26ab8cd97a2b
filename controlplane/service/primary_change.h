// Changes of primary that somebody asks for, as values (cluster_changes.h): who shall take over is settled here, how
// and when is decided by decide/.
#pragma once

#include "controlplane/service/cluster_changes.h"

namespace cacheplane::service {

// kNotFound for an unknown cluster, shard or node; kAborted for a stale etag and when another than the expected primary
// is it; kFailedPrecondition while another
// operation is under way or the cluster is being created or deleted, without replicas, for the node that is the primary
// already, and when the replica asked for, or every replica, is unfit: the message says why each is.
Result<ClusterChange> PrepareSwitchover(ports::Transaction& transaction, const SwitchoverClusterRequest& request,
                                        const Observed& observed, WallTime now);

// The same, and kFailedPrecondition without automatic failover (ElastiCache's rule), and for a primary that is down
// already.
Result<ClusterChange> PrepareTestFailover(ports::Transaction& transaction, const TestFailoverRequest& request,
                                          const Observed& observed, WallTime now);

}  // namespace cacheplane::service
