// The store: durable desired and planned rows behind one interface. Implemented by store/ (SQLite) and, for the
// simulator, by tests/support (memory); tests/contract holds every implementation to the same behaviour.
//
// Failures: an answer that the disk could not keep is not given. I/O errors, a corrupt file or a failed sync stop the
// process (they are never retried), so reads return plain values and only constraint violations are errors.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/model/cluster.h"
#include "controlplane/model/facts.h"
#include "controlplane/model/network.h"
#include "controlplane/model/operation.h"
#include "controlplane/model/parameter_group.h"
#include "controlplane/model/plan.h"
#include "controlplane/ports/access_key_table.h"
#include "controlplane/ports/audit_table.h"
#include "controlplane/ports/page.h"

namespace cacheplane::ports {

// Of one cluster; the store forgets older ones.
inline constexpr int kMostRevisions = 100;

// Clusters and the rows that hang on them. All names are stored and looked up in lower case.
class ClusterTable {
 public:
  virtual ~ClusterTable() = default;
  // kAlreadyExists for a taken name; kNotFound for an unknown subnet group or security group.
  virtual Status Insert(const model::Cluster& cluster) = 0;
  // Replaces everything but uid and name. kNotFound; kNotFound for an unknown security group.
  // Both keep the definition as a revision where the generation is a higher one than before.
  virtual Status Update(const model::Cluster& cluster) = 0;
  // Removes the cluster with its revisions, shards, nodes and endpoints. Removing what is not there is no error.
  virtual void Remove(const model::ClusterUid& uid) = 0;
  virtual std::optional<model::Cluster> Find(const std::string& name) = 0;
  virtual std::optional<model::Cluster> Find(const model::ClusterUid& uid) = 0;
  virtual std::vector<model::Cluster> List(const PageRequest& page) = 0;  // by name
  virtual std::vector<model::ClusterUid> Uids() = 0;                      // all, in order of names
  // Newest first, at most `limit` of those with a lower number than `below` (0: of all).
  virtual std::vector<model::Revision> Revisions(const model::ClusterUid& uid, std::uint64_t below, int limit) = 0;
};

// Planned rows. Put inserts or replaces by key.
class PlanTable {
 public:
  virtual ~PlanTable() = default;
  virtual void PutShard(const model::Shard& shard) = 0;  // key: cluster, ordinal
  // Key: incarnation. kAlreadyExists when another row holds the address, or the name with Intent kRun.
  virtual Status PutNode(const model::Node& node) = 0;
  virtual void RemoveNode(const model::Incarnation& incarnation) = 0;
  // Key: cluster, kind. kAlreadyExists when another row holds the address.
  virtual Status PutEndpoint(const model::Endpoint& endpoint) = 0;
  // Key: incarnation. It refers to nothing: the node's row and its cluster may go.
  virtual void PutAbandoned(const model::Abandoned& abandoned) = 0;
  virtual void RemoveAbandoned(const model::Incarnation& incarnation) = 0;
  // Removes the cluster's endpoints.
  virtual void RemoveEndpoints(const model::ClusterUid& cluster) = 0;

  virtual std::vector<model::Shard> Shards(const model::ClusterUid& cluster) = 0;        // by ordinal
  virtual std::vector<model::Node> Nodes(const model::ClusterUid& cluster) = 0;          // by shard, ordinal
  virtual std::vector<model::Node> NodesOn(const model::AgentName& agent) = 0;           // by name
  virtual std::vector<model::Node> AllNodes() = 0;                                       // by name
  virtual std::vector<model::Endpoint> Endpoints(const model::ClusterUid& cluster) = 0;  // by kind
  virtual std::vector<model::Endpoint> AllEndpoints() = 0;                               // by address
  virtual std::vector<model::Abandoned> AbandonedOn(const model::AgentName& agent) = 0;  // by incarnation
  // Every address held by a node or an endpoint of the subnet, and those where an abandoned incarnation may still
  // listen.
  virtual std::vector<std::string> UsedAddresses(const std::string& subnet) = 0;

  // The endpoint map's version: 0 at first; Next raises it by one and returns the new value.
  virtual std::uint64_t EndpointMapVersion() = 0;
  virtual std::uint64_t NextEndpointMapVersion() = 0;
};

class NetworkTable {
 public:
  virtual ~NetworkTable() = default;
  // Insert: kAlreadyExists. Update: kNotFound. Remove: kNotFound; kFailedPrecondition while something refers to the
  // row.
  virtual Status InsertSubnet(const model::Subnet& subnet) = 0;
  virtual Status RemoveSubnet(const std::string& name) = 0;
  virtual std::optional<model::Subnet> FindSubnet(const std::string& name) = 0;
  virtual std::vector<model::Subnet> Subnets(const PageRequest& page) = 0;

  // kNotFound also for an unknown subnet.
  virtual Status InsertSubnetGroup(const model::SubnetGroup& group) = 0;
  virtual Status UpdateSubnetGroup(const model::SubnetGroup& group) = 0;
  virtual Status RemoveSubnetGroup(const std::string& name) = 0;
  virtual std::optional<model::SubnetGroup> FindSubnetGroup(const std::string& name) = 0;
  virtual std::vector<model::SubnetGroup> SubnetGroups(const PageRequest& page) = 0;

  virtual Status InsertSecurityGroup(const model::SecurityGroup& group) = 0;
  virtual Status UpdateSecurityGroup(const model::SecurityGroup& group) = 0;
  virtual Status RemoveSecurityGroup(const std::string& name) = 0;
  virtual std::optional<model::SecurityGroup> FindSecurityGroup(const std::string& name) = 0;
  virtual std::vector<model::SecurityGroup> SecurityGroups(const PageRequest& page) = 0;
};

class ParameterGroupTable {
 public:
  virtual ~ParameterGroupTable() = default;
  // Insert: kAlreadyExists. Update: kNotFound. Remove: kNotFound; who uses the group is not looked at.
  virtual Status Insert(const model::ParameterGroup& group) = 0;
  virtual Status Update(const model::ParameterGroup& group) = 0;
  virtual Status Remove(const std::string& name) = 0;
  virtual std::optional<model::ParameterGroup> Find(const std::string& name) = 0;
  virtual std::vector<model::ParameterGroup> List(const PageRequest& page) = 0;  // by name
};

// An idempotent call's first answer, found again by its request id.
struct RememberedRequest {
  std::string request_id;
  std::string method;            // "CreateCluster"
  std::string fingerprint;       // of the request's body
  std::string cluster;           // its name, or that of the object that was changed
  model::OperationId operation;  // empty when the call has none
  WallTime time;

  bool operator==(const RememberedRequest&) const = default;
};

struct EventFilter {
  std::string cluster;      // empty: all
  std::string source_type;  // empty: all
  std::optional<WallTime> from;
  std::optional<WallTime> until;
  std::uint64_t after = 0;  // only sequences above
  int limit = 100;
  std::string source{};      // empty: all
  std::uint64_t before = 0;  // only sequences below; 0: any
  bool newest_first = false;
};

// What happened and is happening.
class JournalTable {
 public:
  virtual ~JournalTable() = default;
  virtual void PutOperation(const model::Operation& operation) = 0;  // key: id
  virtual std::optional<model::Operation> FindOperation(const model::OperationId& id) = 0;
  // Newest first (by time, then id), those behind operation id `page.after`; `target` empty means all.
  virtual std::vector<model::Operation> Operations(const std::string& target, const PageRequest& page) = 0;
  // Clusters whose nodes are being made anew or moved: those with a running operation of such a kind, begun after
  // `since`.
  virtual int CountRolling(WallTime since) = 0;

  // Gives the event its sequence and returns it.
  virtual std::uint64_t AppendEvent(const model::Event& event) = 0;
  virtual std::vector<model::Event> Events(const EventFilter& filter) = 0;
  virtual std::uint64_t LastEventSequence() = 0;  // 0 when there was none
  virtual void ForgetEventsBefore(WallTime time) = 0;

  virtual void Remember(const RememberedRequest& request) = 0;  // the request id must be new
  virtual std::optional<RememberedRequest> Recall(const std::string& request_id) = 0;
  virtual void ForgetRequestsBefore(WallTime time) = 0;
};

class HostTable {
 public:
  virtual ~HostTable() = default;
  virtual void PutHost(const model::Host& host) = 0;  // key: agent
  virtual std::optional<model::Host> FindHost(const model::AgentName& agent) = 0;
  virtual std::vector<model::Host> Hosts() = 0;  // by agent
};

// One transaction's view. Valid only inside the function given to Store::Read or Store::Write.
class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual ClusterTable& clusters() = 0;
  virtual PlanTable& plan() = 0;
  virtual NetworkTable& network() = 0;
  virtual ParameterGroupTable& parameter_groups() = 0;
  virtual JournalTable& journal() = 0;
  virtual HostTable& hosts() = 0;
  virtual AccessKeyTable& access_keys() = 0;
  virtual AuditTable& audit() = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  // A consistent snapshot; may run beside a writer. The function must not write. Thread-safe.
  virtual void Read(const std::function<void(Transaction&)>& function) = 0;

  // One writer at a time. Commits, synced to disk, when the function returns ok; otherwise nothing of it stays and its
  // error is returned. Thread-safe.
  virtual Status Write(const std::function<Status(Transaction&)>& function) = 0;
};

}  // namespace cacheplane::ports
