// Shards, nodes and endpoints, in SQL; their addresses are rows of one table, which keeps them apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controlplane/ports/store.h"
#include "controlplane/store/sql/session.h"

namespace cacheplane::store {

class PlanTable final : public ports::PlanTable {
 public:
  explicit PlanTable(sql::Session& session) : session_(session) {}
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
  std::uint64_t EndpointMapVersion() override;
  std::uint64_t NextEndpointMapVersion() override;

 private:
  sql::Session& session_;
};

}  // namespace cacheplane::store
