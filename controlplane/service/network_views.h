// Reads that several network calls share, inside one transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/model/network.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/network_service.h"

namespace cacheplane::service {

std::vector<model::Subnet> AllSubnets(ports::NetworkTable& network);

SubnetDetails DescribeSubnet(ports::Transaction& transaction, const model::Subnet& subnet);
SubnetGroupDetails DescribeSubnetGroup(ports::NetworkTable& network, const model::SubnetGroup& group);

// kNotFound naming the first subnet that does not exist.
Status CheckSubnetsExist(ports::NetworkTable& network, const model::SubnetGroup& group);

// kFailedPrecondition when a cluster of the group has a node or an endpoint in a subnet that `group` no longer has, or
// is Multi-AZ and would have one zone only.
Status CheckStillServes(ports::Transaction& transaction, const model::SubnetGroup& group);

}  // namespace cacheplane::service
