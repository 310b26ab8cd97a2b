// Whether the nodes of a running cluster can be made of something else, or become more or fewer: rules that a
// definition alone does not show.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "cache-engine/catalog/catalog.h"
#include "common/result.h"
#include "controlplane/model/cluster.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/cluster_changes.h"

namespace cacheplane::service {

// What the cluster runs on.
struct Foundation {
  std::vector<model::Node> nodes;                     // empty: not known yet
  std::vector<model::Host> hosts;                     // every agent ever known
  std::map<model::AgentName, std::int64_t> reserved;  // bytes, by all nodes of all clusters
  std::int64_t largest_used_bytes = 0;                // of the data of one node, as last reported
};

Foundation LoadFoundation(ports::Transaction& transaction, const model::Cluster& cluster, const Observed& observed);

// kFailedPrecondition for a version that cannot follow the present one; kInvalidArgument naming the field for a version
// that a node's host has no image of, a node type for which it has no room, or which is too small for the data.
// `parameters`: of the group that `to` names, which suits its node type.
Status CheckBuildChange(const model::ClusterSpec& from, const model::ClusterSpec& to, const catalog::Values& parameters,
                        const Foundation& foundation);

// The same for what waits for the cluster's maintenance window; ok when nothing waits, or its group is gone.
Status CheckPending(ports::Transaction& transaction, const model::Cluster& cluster, const Observed& observed);

// kFailedPrecondition when no hosts have room for the nodes that are to be added, also for one that is only lent.
Status CheckRoomForMore(const model::ClusterSpec& to, int more, const Foundation& foundation);

// kFailedPrecondition for a cluster without replicas when no host has room for the one that it is lent.
Status CheckRoomToLend(const model::Cluster& cluster, const Foundation& foundation);

// kInvalidArgument naming a name that is no replica of the cluster, or when there are not as many as the count
// decreases by; kFailedPrecondition for the primary.
Status CheckRemovals(const std::vector<std::string>& names, int fewer, const Foundation& foundation);

// kFailedPrecondition when all nodes are in one zone.
Status CheckSpread(const Foundation& foundation);

}  // namespace cacheplane::service
