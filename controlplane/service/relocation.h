// A running cluster gets another port or another subnet group: nodes with addresses that do not fit leave.
#pragma once

#include <set>
#include <string>

#include "common/result.h"
#include "controlplane/model/cluster.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/build_change.h"

namespace cacheplane::service {

// Nodes get other addresses.
bool Relocates(const model::ClusterSpec& before, const model::ClusterSpec& after);

// kNotFound and kInvalidArgument for the subnet group as for a new cluster, kFailedPrecondition when no host has room
// for one node more than there are, kInvalidArgument for a change that is to wait. Ok when nothing is relocated.
Status CheckRelocation(ports::Transaction& transaction, const model::ClusterSpec& now, const model::ClusterSpec& wanted,
                       bool apply_immediately, const Foundation& foundation);

// The nodes, by name, whose addresses are not as they are to be; the subnet group exists.
std::set<std::string> Leaving(ports::Transaction& transaction, const model::Cluster& cluster,
                              const model::ClusterSpec& to);

}  // namespace cacheplane::service
