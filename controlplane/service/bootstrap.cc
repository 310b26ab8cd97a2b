#include "controlplane/service/bootstrap.h"

#include "controlplane/service/rules.h"
#include "controlplane/service/validate_network.h"

namespace cacheplane::service {
namespace {

bool HasNetworks(ports::NetworkTable& network) {
  const ports::PageRequest one{"", 1};
  return !network.Subnets(one).empty() || !network.SubnetGroups(one).empty() || !network.SecurityGroups(one).empty();
}

model::SecurityGroup OpenSecurityGroup() {
  return {"default", "Admits every address", {{"tcp", 1, kHighestPort, model::Cidr{0, 0}, ""}}};
}

Status InsertDefaults(ports::NetworkTable& network, const std::vector<ZoneRange>& zones) {
  std::vector<model::Subnet> subnets;
  model::SubnetGroup group{"default", "Every zone", {}};
  for (const ZoneRange& zone : zones) {
    CP_ASSIGN_OR_RETURN(model::Subnet subnet, CheckSubnet({"subnet-" + zone.zone, zone.zone, zone.cidr}, subnets));
    CP_RETURN_IF_ERROR(network.InsertSubnet(subnet));
    group.subnets.push_back(subnet.name);
    subnets.push_back(std::move(subnet));
  }
  CP_ASSIGN_OR_RETURN(group, CheckSubnetGroup(group));
  CP_RETURN_IF_ERROR(network.InsertSubnetGroup(group));
  return network.InsertSecurityGroup(OpenSecurityGroup());
}

}  // namespace

std::vector<ZoneRange> DevelopmentZones() {
  return {{"us-east-1a", "127.20.0.0/20"}, {"us-east-1b", "127.20.16.0/20"}, {"us-east-1c", "127.20.32.0/20"}};
}

Status EnsureDefaults(ports::Store& store, const std::vector<ZoneRange>& zones) {
  return store.Write([&](ports::Transaction& transaction) -> Status {
    if (HasNetworks(transaction.network())) return {};
    return InsertDefaults(transaction.network(), zones);
  });
}

}  // namespace cacheplane::service
