// The tables of a MemoryStore: each a view of one transaction's state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/memory_state.h"

namespace cacheplane::test {

class MemoryClusters final : public ports::ClusterTable {
 public:
  explicit MemoryClusters(MemoryState& state) : state_(state) {}
  Status Insert(const model::Cluster& cluster) override;
  Status Update(const model::Cluster& cluster) override;
  void Remove(const model::ClusterUid& uid) override;
  std::optional<model::Cluster> Find(const std::string& name) override;
  std::optional<model::Cluster> Find(const model::ClusterUid& uid) override;
  std::vector<model::Cluster> List(const ports::PageRequest& page) override;
  std::vector<model::ClusterUid> Uids() override;
  std::vector<model::Revision> Revisions(const model::ClusterUid& uid, std::uint64_t below, int limit) override;

 private:
  Status CheckReferences(const model::Cluster& cluster) const;
  void KeepRevision(const model::Cluster& cluster);
  MemoryState& state_;
};

class MemoryPlan final : public ports::PlanTable {
 public:
  explicit MemoryPlan(MemoryState& state) : state_(state) {}
  void PutShard(const model::Shard& shard) override;
  Status PutNode(const model::Node& node) override;
  void RemoveNode(const model::Incarnation& incarnation) override;
  Status PutEndpoint(const model::Endpoint& endpoint) override;
  void PutAbandoned(const model::Abandoned& abandoned) override;
  void RemoveAbandoned(const model::Incarnation& incarnation) override;
  void RemoveEndpoints(const model::ClusterUid& cluster) override;
  std::vector<model::Shard> Shards(const model::ClusterUid& cluster) override;
  std::vector<model::Node> Nodes(const model::ClusterUid& cluster) override;
  std::vector<model::Node> NodesOn(const model::AgentName& agent) override;
  std::vector<model::Node> AllNodes() override;
  std::vector<model::Endpoint> Endpoints(const model::ClusterUid& cluster) override;
  std::vector<model::Endpoint> AllEndpoints() override;
  std::vector<model::Abandoned> AbandonedOn(const model::AgentName& agent) override;
  std::vector<std::string> UsedAddresses(const std::string& subnet) override;
  std::uint64_t EndpointMapVersion() override { return state_.endpoint_map_version; }
  std::uint64_t NextEndpointMapVersion() override;

 private:
  MemoryState& state_;
};

class MemoryNetwork final : public ports::NetworkTable {
 public:
  explicit MemoryNetwork(MemoryState& state) : state_(state) {}
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
  MemoryState& state_;
};

class MemoryParameterGroups final : public ports::ParameterGroupTable {
 public:
  explicit MemoryParameterGroups(MemoryState& state) : state_(state) {}
  Status Insert(const model::ParameterGroup& group) override;
  Status Update(const model::ParameterGroup& group) override;
  Status Remove(const std::string& name) override;
  std::optional<model::ParameterGroup> Find(const std::string& name) override;
  std::vector<model::ParameterGroup> List(const ports::PageRequest& page) override;

 private:
  MemoryState& state_;
};

class MemoryJournal final : public ports::JournalTable {
 public:
  explicit MemoryJournal(MemoryState& state) : state_(state) {}
  void PutOperation(const model::Operation& operation) override;
  std::optional<model::Operation> FindOperation(const model::OperationId& id) override;
  std::vector<model::Operation> Operations(const std::string& target, const ports::PageRequest& page) override;
  int CountRolling(WallTime since) override;
  std::uint64_t AppendEvent(const model::Event& event) override;
  std::vector<model::Event> Events(const ports::EventFilter& filter) override;
  std::uint64_t LastEventSequence() override { return state_.last_event; }
  void ForgetEventsBefore(WallTime time) override;
  void Remember(const ports::RememberedRequest& request) override;
  std::optional<ports::RememberedRequest> Recall(const std::string& request_id) override;
  void ForgetRequestsBefore(WallTime time) override;

 private:
  MemoryState& state_;
};

class MemoryHosts final : public ports::HostTable {
 public:
  explicit MemoryHosts(MemoryState& state) : state_(state) {}
  void PutHost(const model::Host& host) override { state_.Change(state_.hosts).insert_or_assign(host.agent, host); }
  std::optional<model::Host> FindHost(const model::AgentName& agent) override { return FindIn(*state_.hosts, agent); }
  std::vector<model::Host> Hosts() override;

 private:
  MemoryState& state_;
};

class MemoryAudit final : public ports::AuditTable {
 public:
  explicit MemoryAudit(MemoryState& state) : state_(state) {}
  std::uint64_t Append(const model::AuditRecord& record) override;
  std::vector<model::AuditRecord> List(const ports::AuditFilter& filter) override;

 private:
  MemoryState& state_;
};

class MemoryAccessKeys final : public ports::AccessKeyTable {
 public:
  explicit MemoryAccessKeys(MemoryState& state) : state_(state) {}
  Status Insert(const model::AccessKey& key) override;
  Status Update(const model::AccessKey& key) override;
  std::optional<model::AccessKey> Find(const model::AccessKeyId& id) override;
  std::vector<model::AccessKey> List(const ports::PageRequest& page) override;

 private:
  MemoryState& state_;
};

}  // namespace cacheplane::test
