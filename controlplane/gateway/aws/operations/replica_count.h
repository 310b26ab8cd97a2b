// How many replicas a call asks for: the API has four ways to say it. Pure; errors as in group_request.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/gateway/aws/call.h"
#include "controlplane/service/requests.h"

namespace cacheplane::gateway::aws {

// Of a new group: replicas and the zones of its nodes, the primary's first. One node when nothing is said.
struct NewShape {
  int replicas = 0;
  std::vector<std::string> zones;

  bool operator==(const NewShape&) const = default;
};

// NumCacheClusters, ReplicasPerNodeGroup, PreferredCacheClusterAZs and NodeGroupConfiguration of at most one group.
Result<NewShape> NewShapeOf(const Json& input);

// IncreaseReplicaCount and DecreaseReplicaCount: NewReplicaCount, or ReplicaConfiguration of the one node group;
// ReplicasToRemove alone lowers the count by as many. ApplyImmediately must be true.
Result<service::ModifyClusterRequest> CountRequestOf(const Call& call, int present_replicas);

}  // namespace cacheplane::gateway::aws
