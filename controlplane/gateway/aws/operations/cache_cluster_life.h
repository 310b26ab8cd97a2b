// CreateCacheCluster and DeleteCacheCluster, of a replica of a group or of one that stands alone.
#pragma once

#include "controlplane/gateway/aws/call.h"
#include "controlplane/gateway/aws/operations/handlers.h"

namespace cacheplane::gateway::aws {

Answer CreateCacheCluster(const Call& call, const Services& services);
Answer DeleteCacheCluster(const Call& call, const Services& services);

}  // namespace cacheplane::gateway::aws
