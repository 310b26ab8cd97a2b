// From the API's parameters to what ClusterService is asked for. Pure; the service checks values, here it is checked
// what only the API can say wrongly.
//
// Errors: kInvalidArgument names the parameter, the value and what is allowed; kFailedPrecondition for parameters that
// do not go together, and for what is not built (not_built.h).
#pragma once

#include <optional>

#include "common/result.h"
#include "controlplane/gateway/aws/call.h"
#include "controlplane/service/cluster_view.h"
#include "controlplane/service/requests.h"

namespace cacheplane::gateway::aws {

// CreateReplicationGroup. Absent parameters have ElastiCache's defaults: engine redis, one node, no automatic failover;
// the version is the one that DescribeCacheEngineVersions calls the engine's default.
Result<service::CreateClusterRequest> CreateRequestOf(const Call& call);

// ModifyReplicationGroup, but for PrimaryClusterId. The mask is empty when no modification was asked for.
Result<service::ModifyClusterRequest> ModifyRequestOf(const Call& call, const service::ClusterDetails& present);

// ModifyReplicationGroup with PrimaryClusterId: nothing when it is not given.
std::optional<service::SwitchoverClusterRequest> PrimaryRequestOf(const Call& call);

}  // namespace cacheplane::gateway::aws
