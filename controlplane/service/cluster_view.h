// Clusters as they are shown: the desired, planned and observed rows joined.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "controlplane/model/cluster.h"
#include "controlplane/model/operation.h"
#include "controlplane/model/plan.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/node_status.h"

namespace cacheplane::service {

struct NodeDetails {
  model::Node node;
  NodeState state;
  std::string engine_version;  // as the process reports it; empty until it has answered
  std::int64_t replication_offset = 0;
  std::int64_t used_memory_bytes = 0;
  std::vector<std::string> pending_restart{};  // parameters that it takes only at its next start

  bool operator==(const NodeDetails&) const = default;
};

struct ShardDetails {
  model::Shard shard;
  std::vector<NodeDetails> nodes;  // by ordinal
  std::string slots;               // "0-16383"

  bool operator==(const ShardDetails&) const = default;
};

struct ClusterDetails {
  model::Cluster cluster;
  std::string etag;
  std::vector<ShardDetails> shards;  // none before placement
  // Only once published: an address that nothing serves is not shown.
  std::optional<model::Address> primary_endpoint;
  std::optional<model::Address> reader_endpoint;
  std::vector<std::string> notices;
  // What ends the writes of a primary that nobody hears: the weakest fence among its nodes' hosts, "single-node"
  // without replicas, empty before placement.
  std::string protection;
  std::optional<model::Operation> operation{};  // under way

  bool operator==(const ClusterDetails&) const = default;
};

// Something is under way, or waits for its turn.
inline bool IsChanging(const ClusterDetails& details) { return details.operation || !details.cluster.queue.empty(); }

using Fences = std::map<model::AgentName, std::string>;

// A cluster's planned rows, and the fences of its nodes' hosts.
struct PlannedRows {
  std::vector<model::Shard> shards;
  std::vector<model::Node> nodes;
  std::vector<model::Endpoint> endpoints;
  Fences fences;
};

// `known`: fences of hosts that were read in this transaction; what is not among them is added. A list's clusters are
// on the same few hosts.
PlannedRows LoadPlanned(ports::Transaction& transaction, const model::ClusterUid& cluster, Fences& known);

// Pure. A node being erased is left out once another incarnation has its name.
ClusterDetails DescribeCluster(const model::Cluster& cluster, const PlannedRows& planned,
                               const ports::FactSnapshot& facts, MonoTime now);

// Pure; one node of `cluster`.
NodeDetails DescribeNode(const model::Cluster& cluster, const model::Node& node, const ports::FactSnapshot& facts,
                         MonoTime now);

// Changes with every change of the definition and of what is queued: "g<generation>-<start of the uid>", then "-<hash
// of the queue>" while there is one; empty for a cluster that is not stored.
std::string EtagOf(const model::Cluster& cluster);

}  // namespace cacheplane::service
