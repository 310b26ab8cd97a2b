// What decisions see: desired, planned and observed joined into plain values by reconcile/load.h. Everything a decision
// needs is here and present; nothing here can reach a machine, a database or a clock.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controlplane/model/cluster.h"
#include "controlplane/model/facts.h"
#include "controlplane/model/network.h"
#include "controlplane/model/operation.h"
#include "controlplane/model/plan.h"

namespace cacheplane::decide {

// A planned node and what its agent last said of it.
struct NodeView {
  model::Node planned;
  std::optional<model::NodeFacts> facts;
  bool agent_connected = false;
  // Since the agent was last heard, or since this control plane began to listen.
  std::chrono::milliseconds silence{0};
};

// A host that could take a node.
struct HostView {
  model::Host host;
  bool connected = false;
  std::int64_t reserved_bytes = 0;  // by the nodes already placed there
  int node_count = 0;
};

struct SubnetView {
  model::Subnet subnet;
  std::set<std::string> used;  // addresses
};

struct RoutersView {
  bool any_connected = false;
  std::uint64_t served_version = 0;  // lowest endpoint map version among the connected routers
  std::string problem;               // of the router that is behind
};

struct ClusterView {
  model::Cluster cluster;
  std::optional<model::Operation> operation;  // the one under way
  std::optional<model::Shard> shard;          // none before placement
  std::vector<NodeView> nodes;                // by ordinal; empty before placement
  std::vector<model::Endpoint> endpoints;     // empty before placement and after withdrawal
  std::vector<HostView> hosts;                // by agent name
  std::vector<SubnetView> subnets;            // of the cluster's subnet group, by name
  std::int64_t node_memory_bytes = 0;         // of the cluster's node type
  RoutersView routers;
};

// Thresholds; the defaults and their reasons are in docs/ARCHITECTURE.md.
struct Policy {
  // An agent that restarts is back well within this; until then its last facts stand.
  std::chrono::milliseconds agent_grace{5000};
  // Without news, a waiting cluster is looked at again after this.
  std::chrono::milliseconds recheck{1000};
};

// The primary among the nodes; null before placement.
const NodeView* PrimaryOf(const ClusterView& view);
std::vector<const NodeView*> ReplicasOf(const ClusterView& view);

}  // namespace cacheplane::decide
