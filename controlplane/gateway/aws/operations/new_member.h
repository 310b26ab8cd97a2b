// CreateCacheCluster with a ReplicationGroupId adds a replica, which is made as its group says. Pure.
#pragma once

#include "common/result.h"
#include "controlplane/gateway/aws/call.h"
#include "controlplane/service/cluster_view.h"

namespace cacheplane::gateway::aws {

// kFailedPrecondition naming the first parameter that says otherwise than the group, or that is not built.
Status CheckFollowsGroup(const Json& input, const service::ClusterDetails& group);

}  // namespace cacheplane::gateway::aws
