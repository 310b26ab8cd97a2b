// Subnets, subnet groups and security groups, in SQL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controlplane/ports/store.h"
#include "controlplane/store/sql/session.h"

namespace cacheplane::store {

class NetworkTable final : public ports::NetworkTable {
 public:
  explicit NetworkTable(sql::Session& session) : session_(session) {}
  Status InsertSubnet(const model::Subnet& subnet) override;
  Status RemoveSubnet(const std::string& name) override;
  std::optional<model::Subnet> FindSubnet(const std::string& name) override;
  std::vector<model::Subnet> Subnets(const ports::PageRequest& page) override;
  Status InsertSubnetGroup(const model::SubnetGroup& group) override;
  Status UpdateSubnetGroup(const model::SubnetGroup& group) override;
  Status RemoveSubnetGroup(const std::string& name) override;
  std::optional<model::SubnetGroup> FindSubnetGroup(const std::string& name) override;
  std::vector<model::SubnetGroup> SubnetGroups(const ports::PageRequest& page) override;
  Status InsertSecurityGroup(const model::SecurityGroup& group) override;
  Status UpdateSecurityGroup(const model::SecurityGroup& group) override;
  Status RemoveSecurityGroup(const std::string& name) override;
  std::optional<model::SecurityGroup> FindSecurityGroup(const std::string& name) override;
  std::vector<model::SecurityGroup> SecurityGroups(const ports::PageRequest& page) override;

 private:
  Status PutSubnets(const model::SubnetGroup& group);
  std::vector<std::string> SubnetsOf(const std::string& group);
  sql::Session& session_;
};

}  // namespace cacheplane::store
