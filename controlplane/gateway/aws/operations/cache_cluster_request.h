// CreateCacheCluster and ModifyCacheCluster as requests to the services. Pure; errors as in group_request.h.
#pragma once

#include "common/result.h"
#include "controlplane/gateway/aws/call.h"
#include "controlplane/service/cluster_view.h"
#include "controlplane/service/requests.h"

namespace cacheplane::gateway::aws {

// CreateCacheCluster without ReplicationGroupId: one node on its own.
Result<service::CreateClusterRequest> CacheClusterRequestOf(const Call& call);

// ModifyCacheCluster of one that stands alone, or of a member: a member has the settings of its group, which are
// changed for all its members, and what only the group can change is refused. The mask is empty when no modification
// was asked for.
Result<service::ModifyClusterRequest> CacheClusterModificationOf(const Call& call,
                                                                 const service::ClusterDetails& present);

}  // namespace cacheplane::gateway::aws
