#include "tests/unit/decide/scenario.h"

#include <gtest/gtest.h>

namespace cacheplane::decide {
namespace {

void AddSubnet(ClusterView& view, const std::string& zone, const char* cidr) {
  view.subnets.push_back({{"subnet-" + zone, zone, *model::ParseCidr(cidr)}, {}});
}

}  // namespace

Scenario::Scenario(int replicas, bool multi_az) {
  view.cluster.uid = model::ClusterUid("c1");
  view.cluster.name = "orders";
  view.cluster.spec.engine = "valkey";
  view.cluster.spec.engine_version = "8.0";
  view.cluster.spec.replicas_per_shard = replicas;
  view.cluster.spec.multi_az = multi_az;
  view.cluster.spec.automatic_failover = replicas > 0;
  view.node_memory_bytes = kGib;
  AddSubnet(view, "zone-a", "127.20.0.0/28");
  AddSubnet(view, "zone-b", "127.20.16.0/28");
  AddSubnet(view, "zone-c", "127.20.32.0/28");
  Host("agent-a", "zone-a").Host("agent-b", "zone-b").Host("agent-c", "zone-c");
}

Scenario& Scenario::Host(const std::string& agent, const std::string& zone, std::int64_t memory) {
  model::Host host;
  host.agent = model::AgentName(agent);
  host.zone = zone;
  host.memory_bytes = memory;
  host.images = {{"valkey", "8.0.1"}};
  view.hosts.push_back({host, true, 0, 0});
  return *this;
}

Scenario& Scenario::Place() {
  const Step step = Next();
  const auto* placed = As<PlaceNodes>(step);
  if (placed == nullptr) {
    ADD_FAILURE() << "not placed: " << Describe(step);
    return *this;
  }
  view.shard = placed->shard;
  view.endpoints = placed->endpoints;
  for (model::Node node : placed->nodes) {
    node.incarnation = model::Incarnation("i" + std::to_string(node.ordinal));
    view.nodes.push_back({node, std::nullopt, true, std::chrono::milliseconds(0)});
    view.nodes.back().fence = "kernel";
    view.nodes.back().lease_left = std::chrono::milliseconds(1000);
  }
  return *this;
}

Scenario& Scenario::Runs(int ordinal) {
  NodeView& node = Node(ordinal);
  model::NodeFacts facts;
  facts.node = node.planned.name;
  facts.incarnation = node.planned.incarnation;
  facts.process = model::ProcessState::kRunning;
  facts.engine_version = node.planned.image_version;
  facts.role = node.planned.role;
  facts.epoch = view.shard->epoch;
  facts.boot = node.planned.boot;
  facts.replication_offset = 100;
  facts.replication_id = "history-1";
  facts.starts = 1;
  facts.renewal = node.planned.renewal;
  const NodeView& primary = *PrimaryOf(view);
  if (node.planned.role == model::Role::kReplica) {
    facts.link_up = true;
    facts.primary = primary.planned.address;
    if (primary.facts) Facts(primary.planned.ordinal).replicas.push_back({node.planned.address, "online", 100});
  }
  node.facts = facts;
  return *this;
}

Scenario& Scenario::Dies(int ordinal, const std::string& reason) {
  Facts(ordinal).process = model::ProcessState::kStopped;
  Facts(ordinal).exit_reason = reason;
  Facts(ordinal).role.reset();
  Facts(ordinal).replicas.clear();
  return *this;
}

Scenario& Scenario::Detached() {
  view.shard->epoch = view.shard->detached = view.shard->epoch.Next();
  for (NodeView& node : view.nodes) {
    if (node.planned.role != model::Role::kReplica) continue;
    node.facts->epoch = view.shard->epoch;
    node.facts->link_up = false;
    node.facts->primary = {node.planned.address.ip, 1};
  }
  return *this;
}

Scenario& Scenario::HoldsNothing(int ordinal) {
  Facts(ordinal).replication_offset = 0;
  Facts(ordinal).replication_id = Node(ordinal).planned.name.str() + "'s own";
  return *this;
}

Scenario& Scenario::Held() {
  view.shard->epoch = view.shard->epoch.Next();
  view.shard->held = true;
  return *this;
}

Scenario& Scenario::SaysInEpoch(int ordinal, std::int64_t offset) {
  Facts(ordinal).epoch = view.shard->epoch;
  Facts(ordinal).replication_offset = offset;
  Facts(ordinal).link_up = false;
  Facts(ordinal).primary = {Node(ordinal).planned.address.ip, 1};
  return *this;
}

Scenario& Scenario::Asked(model::OperationKind kind, const std::string& node) {
  view.operation = model::Operation{};
  view.operation->kind = kind;
  view.operation->node = model::NodeName(node);
  return *this;
}

Scenario& Scenario::Swapped(int successor) {
  view.shard->epoch = view.shard->detached = view.shard->epoch.Next();
  for (NodeView& node : view.nodes) {
    node.planned.role = node.planned.ordinal == successor ? model::Role::kPrimary : model::Role::kReplica;
  }
  return *this;
}

Scenario& Scenario::FallsSilent(int ordinal, std::chrono::milliseconds silence) {
  Node(ordinal).agent_connected = false;
  Node(ordinal).silence = silence;
  return *this;
}

Scenario& Scenario::LosesHost(int ordinal) {
  const model::AgentName& agent = Node(ordinal).planned.agent;
  for (NodeView& node : view.nodes) {
    if (node.planned.agent != agent) continue;
    FallsSilent(node.planned.ordinal, std::chrono::seconds(31));
    if (PrimaryOf(view)->facts) {
      std::erase_if(Facts(PrimaryOf(view)->planned.ordinal).replicas,
                    [&](const model::ReplicaFacts& listed) { return listed.address == node.planned.address; });
    }
  }
  for (HostView& host : view.hosts) {
    if (host.host.agent == agent) host.connected = false;
  }
  if (As<PublishEndpoints>(Next()) != nullptr) Published();
  return *this;
}

Scenario& Scenario::Replaced() {
  const Step step = Next();
  const auto* replace = As<ReplaceNode>(step);
  if (replace == nullptr) {
    ADD_FAILURE() << "not replaced: " << Describe(step);
    return *this;
  }
  view.shard->epoch = replace->epoch;
  NodeView joining{.planned = replace->node, .facts = std::nullopt, .agent_connected = true};
  joining.planned.incarnation = model::Incarnation(replace->lost.str() + "-again");
  joining.fence = "kernel";
  Node(replace->node.ordinal) = joining;
  return *this;
}

Scenario& Scenario::Published() {
  const Step step = Next();
  const auto* publish = As<PublishEndpoints>(step);
  if (publish == nullptr) {
    ADD_FAILURE() << "not published: " << Describe(step);
    return *this;
  }
  for (model::Endpoint& endpoint : view.endpoints) {
    endpoint.targets = endpoint.kind == model::EndpointKind::kPrimary ? publish->primary : publish->reader;
    endpoint.version = 1;
  }
  return *this;
}

Scenario& Scenario::Withdrawn() {
  for (model::Endpoint& endpoint : view.endpoints) {
    endpoint.targets.clear();
    endpoint.version = 2;
  }
  return *this;
}

Scenario& Scenario::Served() {
  view.routers = {true, 1, ""};
  return *this;
}

Scenario& Scenario::Converge() {
  Place();
  for (std::size_t ordinal = 1; ordinal <= view.nodes.size(); ++ordinal) Runs(static_cast<int>(ordinal));
  view.shard->attached = view.shard->epoch;
  Published().Served();
  view.cluster.status = model::ClusterStatus::kAvailable;
  EXPECT_EQ(Next(), Step(Converged{})) << Describe(Next());
  return *this;
}

}  // namespace cacheplane::decide
