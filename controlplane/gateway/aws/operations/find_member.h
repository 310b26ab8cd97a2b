// Clusters by the names that the API has for them: replication groups, and what is a cache cluster (members.h).
#pragma once

#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/service/cluster_service.h"

namespace cacheplane::gateway::aws {

// kNotFound for a cache cluster that stands alone as well.
Result<service::ClusterDetails> GroupNamed(const service::ClusterService& clusters, const std::string& id);

Error NoSuchGroup(const std::string& id);

// The group with that member, or the cache cluster that stands alone. kNotFound.
Result<service::ClusterDetails> ClusterWithMember(const service::ClusterService& clusters, const std::string& id);

// Both forms, in order of names.
Result<std::vector<service::ClusterDetails>> AllClusters(const service::ClusterService& clusters);

}  // namespace cacheplane::gateway::aws
