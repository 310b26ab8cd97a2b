// The installation's network as EC2 tells it. Its one network is a VPC that holds every subnet.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controlplane/gateway/aws/ec2/filters.h"
#include "controlplane/model/network.h"
#include "controlplane/service/network_service.h"

namespace cacheplane::gateway::aws::ec2 {

// All in order of ids; `region` is the one that the call is signed for.
std::vector<Row> ZoneRows(const std::vector<service::SubnetDetails>& subnets, const std::string& region);
std::vector<Row> SubnetRows(const std::vector<service::SubnetDetails>& subnets, const std::string& region);
std::vector<Row> SecurityGroupRows(const std::vector<model::SecurityGroup>& groups, const std::string& region);
std::vector<Row> VpcRows(const std::vector<service::SubnetDetails>& subnets);

// The smallest range that holds all of them; nothing when there are none.
std::optional<model::Cidr> RangeOf(const std::vector<service::SubnetDetails>& subnets);

}  // namespace cacheplane::gateway::aws::ec2
