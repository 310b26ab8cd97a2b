#include "tests/unit/reconcile/installation.h"

namespace cacheplane::reconcile {

namespace {

// Here it looks once a second.
decide::Policy SlowPolicy() {
  decide::Policy policy;
  policy.own_pause = std::chrono::seconds(2);
  return policy;
}

}  // namespace

Installation::Installation(const std::map<std::string, std::string>& zones_of_agents)
    : reconciler_(
          {world.store, world.facts, *this, world.signals, *this, world.identifiers, world.clock, *this, world.queue},
          SlowPolicy()) {
  for (const auto& [agent, zone] : zones_of_agents) {
    world.AddHost(service::HostOf(agent, zone, 64 * service::kGibibyte, {{"valkey", "8.0.1"}, {"valkey", "8.1.1"}}));
    connected_.insert(model::AgentName(agent));
  }
}

void Installation::Creates(int replicas) {
  service::CreateClusterRequest request = service::World::Request("orders");
  request.spec.engine_version = "8.0";
  request.spec.replicas_per_shard = replicas;
  request.spec.multi_az = replicas > 0;
  service::World::Require(world.clusters.CreateCluster(request).ok() ? Status() : Internal("not created"));
  Pass(std::chrono::seconds(2));
  const model::Cluster created = *Find("orders");
  service::World::Require(created.status == model::ClusterStatus::kAvailable ? Status()
                                                                             : Internal(created.status_reason));
}

void Installation::HasNoRoom() {
  service::World::Require(world.store.Write([](ports::Transaction& tx) -> Status {
    for (model::Host host : tx.hosts().Hosts()) {
      host.memory_bytes = 0;
      tx.hosts().PutHost(host);
    }
    return {};
  }));
}

void Installation::Pass(std::chrono::seconds duration) {
  for (std::chrono::seconds second{0}; second < duration; ++second) {
    world.clock.Advance(std::chrono::seconds(1));
    for (int round = 0; round < 12; ++round) {
      Report();
      reconciler_.MarkAll();
      static_cast<void>(reconciler_.Run());
    }
  }
}

void Installation::Reassigned(const model::ClusterUid& cluster) {
  reconciler_.MarkAssignments(cluster);
  static_cast<void>(reconciler_.Run());
}

std::uint64_t Installation::LookedAtForSilence() {
  const std::uint64_t before = reconciler_.passes();
  reconciler_.MarkSilent();
  static_cast<void>(reconciler_.Run());
  return reconciler_.passes() - before;
}

void Installation::HeldUp(std::chrono::seconds duration) {
  world.clock.Advance(duration);
  reconciler_.MarkAll();
  static_cast<void>(reconciler_.Run());
}

std::optional<model::Cluster> Installation::Find(const std::string& name) {
  std::optional<model::Cluster> cluster;
  world.store.Read([&](ports::Transaction& tx) { cluster = tx.clusters().Find(name); });
  return cluster;
}

model::Shard Installation::ShardOf(const std::string& name) {
  model::Shard shard;
  world.store.Read([&](ports::Transaction& tx) { shard = tx.plan().Shards(tx.clusters().Find(name)->uid).front(); });
  return shard;
}

std::vector<model::Node> Installation::NodesOf(const std::string& name) {
  std::vector<model::Node> nodes;
  world.store.Read([&](ports::Transaction& tx) { nodes = tx.plan().Nodes(tx.clusters().Find(name)->uid); });
  return nodes;
}

void Installation::Assign(const model::AgentName& agent, const std::vector<model::Assignment>& assignments) {
  world.store.Read([&](ports::Transaction& tx) {
    for (const model::Cluster& cluster : tx.clusters().List({"", 100})) {
      if (!cluster.queue.empty()) waiting.insert(cluster.status);
    }
  });
  assigned_[agent] = assignments;
  ++sent;
}

void Installation::Publish(const model::EndpointMap& map) {
  published = map;
  world.facts.facts.routers.assign(1, {"router", "kernel", map.version, "", true, world.clock.Now(), kRouter});
}

void Installation::Report() {
  for (auto& [agent, facts] : world.facts.facts.agents) facts.connected = connected_.contains(agent);
  for (const model::AgentName& agent : connected_) {
    model::AgentFacts& facts = world.facts.facts.agents[agent];
    facts.connected = true;
    facts.heard = world.clock.Mono();
    facts.nodes.Own().clear();
    for (const model::Assignment& assignment : assigned_[agent]) {
      facts.nodes.Own()[assignment.incarnation] = CarriedOut(assignment);
    }
  }
}

model::NodeFacts Installation::CarriedOut(const model::Assignment& assignment) {
  model::NodeFacts facts;
  facts.node = assignment.node;
  facts.incarnation = assignment.incarnation;
  facts.process = model::ProcessState::kErased;
  if (assignment.intent == model::Intent::kErase) return facts;
  const bool held = assignment.intent == model::Intent::kHold;
  const bool ends = held || ended.contains(assignment.node.str());
  facts.process = ends ? model::ProcessState::kStopped : model::ProcessState::kRunning;
  const bool hangs = assignment.node.str() == hanging_node ||
                     (assignment.image_version == hanging_image && assignment.renewal >= hanging_from_renewal);
  if (hangs) facts.process = model::ProcessState::kHung;
  facts.epoch = assignment.epoch;
  if (held) facts.clean_stop = assignment.epoch;
  facts.boot = assignment.boot;
  const bool waits = assignment.await_handover && handovers_fail;
  facts.role = waits ? model::Role::kReplica : assignment.role;
  facts.engine_version = assignment.image_version;
  facts.starts = 1 + assignment.renewal;
  facts.renewal = assignment.renewal;
  facts.replication_offset = 100;
  if (const auto bytes = diverged.find(assignment.node.str()); bytes != diverged.end()) {
    facts.diverged_bytes = bytes->second;
  }
  facts.link_up = assignment.primary.has_value();
  facts.primary = assignment.primary.value_or(model::Address{assignment.address.ip, 1});
  if (assignment.hand_over) HandOver(assignment, facts);
  facts.handed_over = handovers_[assignment.incarnation].epoch;
  facts.handover_us = handovers_[assignment.incarnation].pause_us;
  if (facts.role == model::Role::kPrimary) facts.replicas = FollowersOf(assignment.address);
  return facts;
}

void Installation::HandOver(const model::Assignment& assignment, model::NodeFacts& facts) {
  if (!handovers_fail) {
    handovers_[assignment.incarnation] = {assignment.epoch, pause_us};
    return;
  }
  facts.role = model::Role::kPrimary;
  facts.handover_failed = assignment.epoch;
  facts.handover_problem = "the successor does not catch up";
}

std::vector<model::ReplicaFacts> Installation::FollowersOf(const model::Address& primary) const {
  std::vector<model::ReplicaFacts> followers;
  for (const auto& [agent, assignments] : assigned_) {
    for (const model::Assignment& assignment : assignments) {
      if (!connected_.contains(agent) || assignment.primary != primary) continue;
      followers.push_back({assignment.address, "online", 100});
    }
  }
  return followers;
}

}  // namespace cacheplane::reconcile
