// What ClusterService refuses, as the API tells it: its shapes of errors, and its names of parameters.
#pragma once

#include "common/result.h"
#include "controlplane/gateway/aws/call.h"
#include "controlplane/gateway/aws/wire/fault.h"

namespace cacheplane::gateway::aws {

// For calls about a replication group, and about one of its members. What a group refers to has faults of its own
// (CacheParameterGroupNotFound), whichever of the two it is.
Fault GroupFault(const Error& error);
Fault CountFault(const Error& error);                        // of a group, asked for another NewReplicaCount
Fault NewGroupFault(const Error& error, const Json& input);  // zones are named as CreateReplicationGroup has them
Fault MemberFault(const Error& error);

// An input that cannot be told to a service: kFailedPrecondition is InvalidParameterCombination here.
Fault InputFault(const Error& error);

}  // namespace cacheplane::gateway::aws
