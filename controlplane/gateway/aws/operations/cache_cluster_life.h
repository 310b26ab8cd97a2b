// CreateCacheCluster and DeleteCacheCluster, of a replica of a group or of one that stands alone.
#pragma once

#include "controlplane/gateway/aws/call.h"
#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/service/cluster_service.h"

namespace cacheplane::gateway::aws {

// What a change of the cache cluster that the call names is answered with.
Answer ChangedCacheCluster(const Result<service::ClusterAnswer>& answer, const Call& call);

Answer CreateCacheCluster(const Call& call, const Services& services);
Answer DeleteCacheCluster(const Call& call, const Services& services);

}  // namespace cacheplane::gateway::aws
