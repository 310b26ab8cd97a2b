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
  // How long its lease may still run, at most; not above zero: it has certainly ended.
  std::chrono::milliseconds lease_left = std::chrono::milliseconds::max();
  std::string fence = "none";                            // what ends its writes then: "kernel", "guard" or "none"
  model::Admission admission = model::Admission::kOpen;  // of its host
  // Since its process was to give way (model::Node::renewed_at), or since it joined.
  std::chrono::milliseconds since_renewal = std::chrono::milliseconds::max();
};

// A host that could take a node.
struct HostView {
  model::Host host;
  bool connected = false;           // not: silent for seconds
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
  std::vector<HostView> hosts;                // by agent name; where a node is to be placed
  std::vector<SubnetView> subnets;            // of the cluster's subnet group, by name
  std::int64_t node_memory_bytes = 0;         // of the cluster's node type
  RoutersView routers;
  std::chrono::milliseconds since_failover = std::chrono::milliseconds::max();  // its latest automatic one
  std::chrono::milliseconds operation_age{0};
  std::chrono::milliseconds since_update = std::chrono::milliseconds::max();  // its latest update of patch levels
  std::chrono::milliseconds since_move = std::chrono::milliseconds::max();    // its latest attempt to move nodes
  std::int64_t pending_memory_bytes = 0;  // of the node type that waits for the maintenance window
  std::int64_t pending_data_bytes = 0;    // of that, what is for data
  std::chrono::milliseconds window_length{0};
  std::chrono::milliseconds window_left{0};  // until the end of the maintenance window that is open; zero: none is
  int rolling_clusters =
      0;  // whose nodes are being made anew or moved, for less than a slot, in the whole installation
  std::chrono::milliseconds until_retry{0};  // of a handover that the operation needs; not above zero: now
  // Since most hosts have been heard, as far as this control plane has looked, without a break.
  std::chrono::milliseconds unbroken = std::chrono::milliseconds::max();
  // How long ago each began, of the replacements of all clusters that are not verified yet.
  std::vector<std::chrono::milliseconds> replacements;
};

// Thresholds; the defaults and their reasons are in docs/ARCHITECTURE.md.
struct Policy {
  // An agent that restarts is back well within this; until then its last facts stand.
  std::chrono::milliseconds agent_grace{5000};
  // Without news, a waiting cluster is looked at again after this.
  std::chrono::milliseconds recheck{1000};
  // A connected agent asks for its leases four times a second: three requests in a row were missed. Shorter than a
  // lease, so that it is no part of the time a lost host costs.
  std::chrono::milliseconds agent_silence{900};
  // Whoever was held up for longer itself has listened to nobody meanwhile: silence counts from then on.
  std::chrono::milliseconds own_pause{450};
  // A replica whose link broke just now goes on serving reads with what it has.
  std::chrono::milliseconds reader_grace{5000};
  // A switchover whose replica is not fit to take over by then has failed.
  std::chrono::milliseconds operation_deadline{30'000};
  // Automatic failovers of a shard within the window: the first are free, each further one waits longer.
  int flap_free = 3;
  std::chrono::milliseconds flap_window{600'000};
  std::chrono::milliseconds flap_pause{10'000};
  std::chrono::milliseconds flap_longest{900'000};
  // A host that reboots is back sooner, and a replacement costs a full synchronisation.
  std::chrono::milliseconds replace_after{30'000};
  // What a silent host has saved, or still has in memory, may be newer than all that is left: it is waited for, though
  // nobody can write meanwhile.
  std::chrono::milliseconds restore_after{60'000};
  // Permits to start with the same saved data: whatever ends so many processes is not loaded a further time. Their
  // agent pauses for up to 5 s between them, so that they outlast an address that is still taken.
  int restore_attempts = 10;
  // Replacements at once in the whole installation: a lost zone must not become a storm of full synchronisations.
  int replacements_at_once = 4;
  // Clusters that are changed at once when one maintenance window is that of many: every node made anew costs its host
  // a start and a full synchronisation.
  int maintenance_at_once = 4;
  // A change that takes longer has failed in a way of its own, and does not hold up the others.
  std::chrono::milliseconds maintenance_slot{3'600'000};
  // After nodes of a drained host could not be moved: whatever kept one from coming up elsewhere is not over sooner.
  std::chrono::milliseconds move_again{300'000};
  // One that takes longer has failed in a way of its own, and does not hold up the others.
  std::chrono::milliseconds replacement_slot{600'000};
};

// The primary among the nodes; null before placement.
const NodeView* PrimaryOf(const ClusterView& view);
std::vector<const NodeView*> ReplicasOf(const ClusterView& view);

// Its agent does not say anything, at present.
bool IsSilent(const NodeView& node, const Policy& policy);

// It has been silent for so long that its host counts as lost.
bool IsLost(const NodeView& node, const Policy& policy);

}  // namespace cacheplane::decide
