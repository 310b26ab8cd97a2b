// Whether a definition is allowed. Pure: a complete definition (defaults.h) and a view of what exists go in; the first
// broken rule comes out, naming the field, the value and what is allowed.
//
// The rules are those of ElastiCache's API where it has one: names, replicas, Multi-AZ, windows, retention and tags.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/model/cluster.h"
#include "controlplane/model/facts.h"
#include "controlplane/model/parameter_group.h"
#include "controlplane/ports/store.h"

namespace cacheplane::service {

// What exists, as far as a definition can depend on it.
struct Surroundings {
  std::optional<std::set<std::string>> zones;  // of the definition's subnet group; nothing: there is no such group
  std::set<std::string> security_groups;       // those of the definition's that exist
  std::optional<model::ParameterGroup> parameter_group;  // the definition's; nothing: there is no such group
  std::vector<model::Host> hosts;                        // every agent ever known, connected or not
  int nodes = 0;                                         // of all clusters together
};

// Those of the definition's security groups that exist.
std::set<std::string> LoadSecurityGroups(ports::NetworkTable& network, const model::ClusterSpec& spec);

// Of the subnets of a group; nothing when there is no such group.
std::optional<std::set<std::string>> ZonesOf(ports::NetworkTable& network, const std::string& subnet_group);

Surroundings LoadSurroundings(ports::Transaction& transaction, const model::ClusterSpec& spec);

// All of the rules below. kInvalidArgument, kNotFound for what is referred to, kResourceExhausted for the quota,
// kUnimplemented for what exists elsewhere and not here yet.
Status ValidateDefinition(const model::ClusterSpec& spec, const Surroundings& surroundings);

// Engine and version exist, and some agent has an image of the version. While no agent is known, every version will do:
// placement then waits, visibly.
Status ValidateEngine(const model::ClusterSpec& spec, const std::vector<model::Host>& hosts);
// The node type exists, is open to new clusters and is no larger than the largest host (if any is known).
Status ValidateNodeType(const model::ClusterSpec& spec, const std::vector<model::Host>& hosts);
// The group exists, is of the version's family, without cluster mode, and leaves memory on the node type.
Status ValidateParameterGroup(const model::ClusterSpec& spec, const std::optional<model::ParameterGroup>& group);

// Shards, replicas, automatic failover and what Multi-AZ needs of them.
Status ValidateTopology(const model::ClusterSpec& spec);
// The subnet group exists; preferred zones are its zones, one a node; Multi-AZ has two zones to spread over.
Status ValidateZones(const model::ClusterSpec& spec, const std::optional<std::set<std::string>>& zones);
// At most kMostNodes nodes over all clusters.
Status ValidateQuota(const model::ClusterSpec& spec, int nodes);

// Nodes of all clusters but one of that definition.
int CountOtherNodes(ports::ClusterTable& clusters, const model::ClusterSpec& one);

// Port, windows, retention, description and tags.
Status ValidateSettings(const model::ClusterSpec& spec);
Status ValidateSecurityGroups(const model::ClusterSpec& spec, const std::set<std::string>& existing);

}  // namespace cacheplane::service
