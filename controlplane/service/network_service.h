// NetworkService: subnets, subnet groups and security groups. Thread-safe; names are stored in lower case.
//
// Errors: kInvalidArgument names the field, the value and what is allowed; kNotFound; kAlreadyExists;
// kFailedPrecondition while something uses the object, and for removing a group named "default".
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/model/network.h"
#include "controlplane/model/operation.h"
#include "controlplane/ports/signals.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/paging.h"
#include "controlplane/service/tags.h"

namespace cacheplane::service {

// Ranges as text, as callers give them.
struct SubnetDraft {
  std::string name;
  std::string zone;
  std::string cidr;
};

struct RuleDraft {
  std::string protocol;
  int from_port = 0;
  int to_port = 0;
  std::string cidr;
  std::string description;
};

struct SecurityGroupDraft {
  std::string name;
  std::string description;
  std::vector<RuleDraft> ingress;
};

struct SubnetDetails {
  model::Subnet subnet;
  std::int64_t available_addresses = 0;
};

struct SubnetGroupDetails {
  model::SubnetGroup group;
  std::vector<std::string> zones;  // of its subnets, sorted, each once
};

class NetworkService {
 public:
  NetworkService(ports::Store& store, ports::JournalSignal& journal, const Clock& clock);

  Result<SubnetDetails> CreateSubnet(const SubnetDraft& draft);
  Result<SubnetDetails> GetSubnet(const std::string& name) const;
  Result<Page<SubnetDetails>> ListSubnets(const ListRequest& request) const;
  Status DeleteSubnet(const std::string& name);

  Result<SubnetGroupDetails> CreateSubnetGroup(const model::SubnetGroup& draft);
  Result<SubnetGroupDetails> GetSubnetGroup(const std::string& name) const;
  Result<Page<SubnetGroupDetails>> ListSubnetGroups(const ListRequest& request) const;
  // Replaces the description and the set of subnets; tags stay, and others than those it has are refused. A subnet that
  // a cluster of this group has nodes or endpoints in cannot leave, and a Multi-AZ cluster keeps two zones.
  Result<SubnetGroupDetails> ModifySubnetGroup(const model::SubnetGroup& draft);
  // kFailedPrecondition for the group "default", as ElastiCache has it; the errors of `change` as well.
  Result<SubnetGroupDetails> TagSubnetGroup(const std::string& name, const TagChange& change);
  Status DeleteSubnetGroup(const std::string& name);

  Result<model::SecurityGroup> CreateSecurityGroup(const SecurityGroupDraft& draft);
  Result<model::SecurityGroup> GetSecurityGroup(const std::string& name) const;
  Result<Page<model::SecurityGroup>> ListSecurityGroups(const ListRequest& request) const;
  // Replaces the description and the rules.
  Result<model::SecurityGroup> ModifySecurityGroup(const SecurityGroupDraft& draft);
  Status DeleteSecurityGroup(const std::string& name);

 private:
  // Runs `change` in one transaction, with an event when `event` has a message; tells the journal after it.
  Status WriteWithEvent(model::Event event, const std::function<Status(ports::Transaction&)>& change);

  ports::Store& store_;
  ports::JournalSignal& journal_;
  const Clock& clock_;
};

}  // namespace cacheplane::service
