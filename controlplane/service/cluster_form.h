// What makes a replication group of a cluster, or a cache cluster of its own, and the names that both must keep apart:
// the AWS API calls a node of the group "orders" the cache cluster "orders-001".
#pragma once

#include <string>

#include "common/result.h"
#include "controlplane/model/cluster.h"
#include "controlplane/ports/store.h"

namespace cacheplane::service {

// Of a request; empty: a replication group. kInvalidArgument.
Result<model::ClusterForm> ReadForm(const std::string& form);

// kInvalidArgument for a cache cluster with replicas.
Status ValidateForm(model::ClusterForm form, const model::ClusterSpec& spec);

// kAlreadyExists for a name that is taken, also while its cluster is being deleted; for a cache cluster that has the
// form of a name of a member of a group that exists; and for a group of whose members an existing cache cluster might
// be taken for one.
Status CheckNameIsFree(ports::ClusterTable& clusters, const model::Cluster& wanted);

// Of events about the cluster of that name as a whole; a replication group's once it is gone.
std::string EventSourceType(ports::ClusterTable& clusters, const std::string& name);

}  // namespace cacheplane::service
