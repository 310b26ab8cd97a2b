// ListAllowedNodeTypeModifications, of a replication group or of one of its members.
#pragma once

#include "controlplane/gateway/aws/call.h"
#include "controlplane/gateway/aws/operations/handlers.h"

namespace cacheplane::gateway::aws {

// Node types that ModifyReplicationGroup would take now, apart by whether they have at least as much memory as the
// present one; in order of memory.
Answer ListAllowedNodeTypeModifications(const Call& call, const Services& services);

}  // namespace cacheplane::gateway::aws
