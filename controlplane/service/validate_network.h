// Rules of subnets, subnet groups and security groups. Pure: drafts and what exists go in, stored forms come out.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/model/network.h"
#include "controlplane/service/network_service.h"

namespace cacheplane::service {

// IPv4, /16 to /28, apart from every range in `others`.
Result<model::Subnet> CheckSubnet(const SubnetDraft& draft, const std::vector<model::Subnet>& others);

// 1 to 20 different subnets; their existence is not looked at.
Result<model::SubnetGroup> CheckSubnetGroup(const model::SubnetGroup& draft);

// Rules are tcp, with ports 1 to 65535 and an IPv4 range.
Result<model::SecurityGroup> CheckSecurityGroup(const SecurityGroupDraft& draft);

}  // namespace cacheplane::service
