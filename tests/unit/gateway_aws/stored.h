// Everything that a call could leave behind, to be compared.
#pragma once

#include <string>
#include <vector>

#include "controlplane/ports/store.h"

namespace cacheplane::gateway::aws {

struct Stored {
  std::vector<model::Cluster> clusters;
  std::vector<model::Revision> revisions;
  std::vector<model::Shard> shards;
  std::vector<model::Node> nodes;
  std::vector<model::Endpoint> endpoints;
  std::vector<model::SubnetGroup> subnet_groups;
  std::vector<model::SecurityGroup> security_groups;
  std::vector<model::ParameterGroup> parameter_groups;
  std::vector<model::Operation> operations;
  std::vector<model::AccessKey> access_keys;
  std::uint64_t last_event = 0;

  bool operator==(const Stored&) const = default;
};

Stored StoredIn(ports::Store& store);

// The names of the tables in which the two differ: "clusters, operations".
std::string Difference(const Stored& one, const Stored& other);

}  // namespace cacheplane::gateway::aws
