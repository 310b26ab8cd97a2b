// The replication group that a cache cluster is a member of.
#pragma once

#include <string>

#include "common/result.h"
#include "controlplane/service/cluster_service.h"

namespace cacheplane::gateway::aws {

// kNotFound unless there is such a member.
Result<service::ClusterDetails> GroupWithMember(const service::ClusterService& clusters, const std::string& id);

// All groups, in order of names.
Result<std::vector<service::ClusterDetails>> AllGroups(const service::ClusterService& clusters);

}  // namespace cacheplane::gateway::aws
