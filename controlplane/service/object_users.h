// Who uses a network object or a parameter group: what is in use is not removed, and the error says by whom.
#pragma once

#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/ports/store.h"

namespace cacheplane::service {

// All: kFailedPrecondition naming the users, ok when there are none; whether the object exists is not looked at. Names
// are as stored.

// Subnet groups that have it, and clusters with addresses in it. Of a subnet group also clusters that may go back to
// it.
Status CheckSubnetUnused(ports::Transaction& transaction, const std::string& name);
Status CheckSubnetGroupUnused(ports::Transaction& transaction, const std::string& name);
Status CheckSecurityGroupUnused(ports::Transaction& transaction, const std::string& name);

Status CheckParameterGroupUnused(ports::Transaction& transaction, const std::string& name);

// Those that use it, shall use it or may go back to it, in order of their names; also while they are being deleted.
std::vector<model::Cluster> ClustersUsingParameterGroup(ports::Transaction& transaction, const std::string& name);

}  // namespace cacheplane::service
