// Back to a definition that the cluster had: what RollbackCluster does.
#pragma once

#include "controlplane/service/cluster_changes.h"

namespace cacheplane::service {

// What FindToRedefine and FindRevision (history.h) say; what PrepareProposal says of that definition, with the revision
// named. Two things do not come back: preferred zones, which name one a node, where there are other nodes by now, and
// what waited for the maintenance window then. What waits now is taken back.
Result<ClusterChange> PrepareRollback(ports::Transaction& transaction, const RollbackClusterRequest& request,
                                      const Observed& observed, WallTime now);

}  // namespace cacheplane::service
