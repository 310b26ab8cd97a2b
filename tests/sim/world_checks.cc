// What must be true of a status, and of everything once the faults are over.
#include <algorithm>

#include "tests/sim/world.h"

namespace cacheplane::sim {

using model::ClusterStatus;

// A cluster that has just been called available had every node in its role a moment ago: a message's way and a
// heartbeat at the most.
void World::CheckAvailableIsTrue() {
  control_plane_.disk.Read([&](ports::Transaction& tx) {
    for (const model::Cluster& cluster : tx.clusters().List({"", 100})) {
      const ClusterStatus before = std::exchange(last_status_[cluster.uid.str()], cluster.status);
      if (before == cluster.status) continue;
      schedule_.Trace(cluster.name + " is " + std::string(model::ClusterStatusName(cluster.status)) + " " +
                      cluster.status_reason);
      if (cluster.status == ClusterStatus::kImpaired) reality_.sometimes.insert("a cluster was impaired");
      if (cluster.status != ClusterStatus::kAvailable) continue;
      reality_.sometimes.insert("a cluster became available");
      for (const model::Node& node : tx.plan().Nodes(cluster.uid)) {
        const auto seen = oracle_.LastGood(node.incarnation.str());
        const bool recent = seen && schedule_.millis() - *seen < 6000 + 4 * faults_.slowest;
        if (!recent)
          oracle_.Fail(cluster.name + " was called available, and " + node.name.str() + " is not in its role");
      }
    }
  });
}

std::string World::WhyNotRight() {
  std::string why;
  control_plane_.disk.Read([&](ports::Transaction& tx) {
    for (const Wish& wish : wishes_) {
      if (!wish.answered) why = "never answered: " + wish.request_id;
      if (wish.kind != Wish::Kind::kCreate) continue;
      const bool deleted = std::any_of(wishes_.begin(), wishes_.end(), [&](const Wish& other) {
        return other.name == wish.name && other.kind == Wish::Kind::kDelete;
      });
      const auto cluster = tx.clusters().Find(wish.name);
      if (deleted && cluster) why = wish.name + " is still there: " + cluster->status_reason;
      if (!deleted && !cluster) why = wish.name + " was acknowledged and is not there";
    }
    for (const model::Cluster& cluster : tx.clusters().List({"", 100})) {
      const std::string problem = WhyClusterNotRight(cluster, tx);
      if (!problem.empty()) why = cluster.name + ": " + problem;
    }
    if (why.empty()) why = WhatIsLeftOver(tx);
  });
  return why;
}

std::string World::WhyClusterNotRight(const model::Cluster& cluster, ports::Transaction& tx) {
  if (cluster.status != ClusterStatus::kAvailable) {
    return "is " + std::string(model::ClusterStatusName(cluster.status)) + ": " + cluster.status_reason;
  }
  if (cluster.spec.frozen) return "is frozen";
  if (!cluster.queue.empty()) return "a change still waits for its turn";
  if (!cluster.operation.empty())
    return "its operation never ended: " + tx.journal().FindOperation(cluster.operation)->progress.reason;
  const model::Shard shard = tx.plan().Shards(cluster.uid).front();
  if (shard.attached != shard.epoch || !shard.handover.empty()) return "its change of primary never ended";
  const std::vector<model::Node> nodes = tx.plan().Nodes(cluster.uid);
  if (std::ssize(nodes) != model::NodesPerShard(cluster.spec)) return "has " + std::to_string(nodes.size()) + " nodes";
  const auto primary = std::find_if(nodes.begin(), nodes.end(),
                                    [](const model::Node& node) { return node.role == model::Role::kPrimary; });
  const auto group = tx.parameter_groups().Find(cluster.spec.parameter_group);
  const std::string timeout = TimeoutIn(group ? group->values : std::map<std::string, std::string>{});
  for (const model::Node& node : nodes) {
    if (tx.hosts().FindHost(node.agent)->admission == model::Admission::kDraining)
      return node.name.str() + " is still on " + node.agent.str() + ", which is drained";
    if (node.address.port != cluster.spec.port) return node.name.str() + " has another port";
    if (!node.image_version.starts_with(cluster.spec.engine_version + "."))
      return node.name.str() + " is of another version";
    if (node.readers_away) return node.name.str() + " gets no readers";
    if (const std::string why = WhyNodeNotRight(node, *primary, shard, timeout); !why.empty()) {
      return node.name.str() + " " + why;
    }
  }
  for (const model::Endpoint& endpoint : tx.plan().Endpoints(cluster.uid)) {
    const auto& served = served_map_.endpoints;
    if (std::find(served.begin(), served.end(), endpoint) == served.end())
      return "an endpoint is not served as planned";
    if (endpoint.address.port != cluster.spec.port) return "an endpoint has another port";
    const bool to_primary = endpoint.kind == model::EndpointKind::kPrimary;
    if (to_primary && endpoint.targets.front() != primary->address) return "its endpoint leads elsewhere";
  }
  return {};
}

std::string World::WhyNodeNotRight(const model::Node& node, const model::Node& primary, const model::Shard& shard,
                                   const std::string& timeout) {
  const Host& host = reality_.HostOf(node.agent.str());
  const auto found = host.engines.find(node.incarnation.str());
  if (found == host.engines.end()) return "does not run";
  const Engine& engine = found->second;
  if (!Oracle::IsGood(engine)) return "is not in its role";
  if (engine.version != node.image_version) return "runs " + engine.version;
  if (engine.open != (node.role == model::Role::kPrimary)) return "has the wrong role";
  if (engine.open && !reality_.Writable(engine)) return "takes no writes";
  if (!engine.open && engine.follows != primary.address) return "follows somebody else";
  if (node.recovering) return "still recovers";
  if (engine.timeout != timeout) return "runs with timeout " + engine.timeout + ", not " + timeout;
  const auto directory = host.disk.find(node.incarnation.str());
  if (directory->second.epoch != shard.epoch.value) return "did not carry out the shard's epoch";
  const Engine* open = reality_.EngineAt(primary.address);
  // The stream is a moment late.
  const bool holds_all =
      open != nullptr && engine.data.branch == open->data.branch && open->data.length - engine.data.length <= 20;
  return holds_all ? "" : "does not hold the primary's data";
}

// Neither a process nor a directory without its row, and nobody is guarded who is not open.
std::string World::WhatIsLeftOver(ports::Transaction& tx) {
  std::set<std::string> known;
  for (const model::Node& node : tx.plan().AllNodes()) known.insert(node.incarnation.str());
  for (const auto& [name, host] : reality_.hosts) {
    if (!tx.plan().AbandonedOn(host.offer.agent).empty()) return "abandoned and never erased on " + name;
    for (const auto& [incarnation, directory] : host.disk) {
      if (!known.contains(incarnation)) return "left over on " + name + ": " + directory.node.str();
    }
    for (const auto& [address, until] : host.fence) {
      const Engine* engine = reality_.EngineAt(address);
      if (engine == nullptr || !engine->open) return "still guarded on " + name + ": " + address.ip;
    }
  }
  return {};
}

void World::CheckHarmless() {
  if (oracle_.promotions > 0) oracle_.Fail("a replica was promoted, though nothing bad had happened");
  if (oracle_.detachments > 0) oracle_.Fail("replicas were detached, though nothing bad had happened");
  if (oracle_.lost > 0) oracle_.Fail("writes were lost, though nothing bad had happened");
}

}  // namespace cacheplane::sim
