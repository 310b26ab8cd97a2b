// Newer patch levels as the API tells them: service updates, and what became of each in a group or cache cluster.
#pragma once

#include <string>

#include "controlplane/gateway/aws/call.h"
#include "controlplane/service/cluster_updates.h"

namespace cacheplane::gateway::aws {

// A ServiceUpdate that some node could take.
Json ServiceUpdateJson(const service::PatchLevel& level);

// "available"; "cancelled" once no host has it any more.
std::string ServiceUpdateStatusOf(const service::ClusterUpdate& update);

// An UpdateAction; `nodes`: with each node's own status.
Json UpdateActionJson(const service::ClusterUpdate& update, bool nodes);

// "ReplicationGroupId" or "CacheClusterId", with the name.
Json UpdateSubjectJson(const model::Cluster& cluster);

}  // namespace cacheplane::gateway::aws
