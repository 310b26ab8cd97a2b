// Planned rows of the MemoryStore.
#include <algorithm>
#include <tuple>

#include "common/text.h"
#include "tests/support/memory_tables.h"

namespace cacheplane::test {
namespace {

template <typename Map, typename Condition>
auto Where(const Map& table, Condition condition) {
  std::vector<typename Map::mapped_type> rows;
  for (const auto& [key, row] : table) {
    if (condition(row)) rows.push_back(row);
  }
  return rows;
}

std::vector<model::Node> ByName(std::vector<model::Node> nodes) {
  std::sort(nodes.begin(), nodes.end(), [](const model::Node& a, const model::Node& b) {
    return std::tie(a.name, a.incarnation) < std::tie(b.name, b.incarnation);
  });
  return nodes;
}

bool AddressTaken(const MemoryState& state, const std::string& ip, const model::Incarnation& but_for_node,
                  const MemoryState::EndpointKey& but_for_endpoint) {
  for (const auto& [incarnation, node] : *state.nodes) {
    if (node.address.ip == ip && incarnation != but_for_node) return true;
  }
  for (const auto& [key, endpoint] : *state.endpoints) {
    if (endpoint.address.ip == ip && key != but_for_endpoint) return true;
  }
  return false;
}

bool NameTaken(const MemoryState& state, const model::Node& node) {
  if (node.intent != model::Intent::kRun) return false;
  return std::any_of(state.nodes->begin(), state.nodes->end(), [&](const auto& row) {
    const model::Node& other = row.second;
    return other.intent == model::Intent::kRun && other.name == node.name && other.incarnation != node.incarnation;
  });
}

}  // namespace

void MemoryPlan::PutShard(const model::Shard& shard) {
  CP_CHECK(state_.clusters->contains(shard.cluster));
  state_.Change(state_.shards).insert_or_assign({shard.cluster, shard.ordinal}, shard);
}

Status MemoryPlan::PutNode(const model::Node& node) {
  model::Node row = node;
  row.subnet = ToLower(node.subnet);
  if (NameTaken(state_, row)) return AlreadyExists("node " + row.name.str() + " already runs");
  if (!state_.clusters->contains(row.cluster)) return NotFound("no cluster " + row.cluster.str());
  if (AddressTaken(state_, row.address.ip, row.incarnation, {})) return AlreadyExists(row.address.ip + " is taken");
  if (!state_.subnets->contains(row.subnet)) return NotFound("no subnet " + row.subnet);
  state_.Change(state_.nodes).insert_or_assign(row.incarnation, row);
  return {};
}

void MemoryPlan::RemoveNode(const model::Incarnation& incarnation) { state_.Change(state_.nodes).erase(incarnation); }

Status MemoryPlan::PutEndpoint(const model::Endpoint& endpoint) {
  model::Endpoint row = endpoint;
  row.subnet = ToLower(endpoint.subnet);
  const MemoryState::EndpointKey key{row.cluster, row.kind};
  if (!state_.clusters->contains(row.cluster)) return NotFound("no cluster " + row.cluster.str());
  if (AddressTaken(state_, row.address.ip, {}, key)) return AlreadyExists(row.address.ip + " is taken");
  if (!state_.subnets->contains(row.subnet)) return NotFound("no subnet " + row.subnet);
  state_.Change(state_.endpoints).insert_or_assign(key, row);
  return {};
}

void MemoryPlan::PutAbandoned(const model::Abandoned& abandoned) {
  state_.Change(state_.abandoned).insert_or_assign(abandoned.incarnation, abandoned);
}

void MemoryPlan::RemoveAbandoned(const model::Incarnation& incarnation) {
  state_.Change(state_.abandoned).erase(incarnation);
}

std::vector<model::Abandoned> MemoryPlan::AbandonedOn(const model::AgentName& agent) {
  return Where(*state_.abandoned, [&](const model::Abandoned& abandoned) { return abandoned.agent == agent; });
}

void MemoryPlan::RemoveEndpoints(const model::ClusterUid& cluster) {
  std::erase_if(state_.Change(state_.endpoints), [&](const auto& row) { return row.second.cluster == cluster; });
}

std::vector<model::Shard> MemoryPlan::Shards(const model::ClusterUid& cluster) {
  return Where(*state_.shards, [&](const model::Shard& shard) { return shard.cluster == cluster; });
}

std::vector<model::Node> MemoryPlan::Nodes(const model::ClusterUid& cluster) {
  auto nodes = Where(*state_.nodes, [&](const model::Node& node) { return node.cluster == cluster; });
  std::sort(nodes.begin(), nodes.end(), [](const model::Node& a, const model::Node& b) {
    return std::tie(a.shard, a.ordinal, a.incarnation) < std::tie(b.shard, b.ordinal, b.incarnation);
  });
  return nodes;
}

std::vector<model::Node> MemoryPlan::NodesOn(const model::AgentName& agent) {
  return ByName(Where(*state_.nodes, [&](const model::Node& node) { return node.agent == agent; }));
}

std::vector<model::Node> MemoryPlan::AllNodes() {
  return ByName(Where(*state_.nodes, [](const model::Node&) { return true; }));
}

std::vector<model::Endpoint> MemoryPlan::Endpoints(const model::ClusterUid& cluster) {
  return Where(*state_.endpoints, [&](const model::Endpoint& endpoint) { return endpoint.cluster == cluster; });
}

std::vector<model::Endpoint> MemoryPlan::AllEndpoints() {
  auto endpoints = Where(*state_.endpoints, [](const model::Endpoint&) { return true; });
  std::sort(endpoints.begin(), endpoints.end(),
            [](const model::Endpoint& a, const model::Endpoint& b) { return a.address < b.address; });
  return endpoints;
}

std::vector<std::string> MemoryPlan::UsedAddresses(const std::string& subnet) {
  const std::string lower = ToLower(subnet);
  std::vector<std::string> addresses;
  for (const auto& [incarnation, node] : *state_.nodes) {
    if (node.subnet == lower) addresses.push_back(node.address.ip);
  }
  for (const auto& [key, endpoint] : *state_.endpoints) {
    if (endpoint.subnet == lower) addresses.push_back(endpoint.address.ip);
  }
  for (const auto& [incarnation, abandoned] : *state_.abandoned) addresses.push_back(abandoned.address.ip);
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  return addresses;
}

std::uint64_t MemoryPlan::NextEndpointMapVersion() {
  CP_CHECK(state_.writable);
  return ++state_.endpoint_map_version;
}

}  // namespace cacheplane::test
