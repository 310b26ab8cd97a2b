// Invariants: what must hold after every event (safety) and once the faults are over (liveness).
#include <algorithm>

#include "tests/sim/world.h"

namespace cacheplane::sim {
namespace {

using model::ClusterStatus;

const Engine* EngineOf(const std::map<std::string, Host>& hosts, const model::Node& node) {
  const auto host = hosts.find(node.agent.str());
  if (host == hosts.end()) return nullptr;
  const auto engine = host->second.engines.find(node.incarnation);
  return engine == host->second.engines.end() ? nullptr : &engine->second;
}

// In its planned role, right now.
bool IsGood(const Engine& engine) { return engine.running && (engine.open || engine.link_up); }

}  // namespace

void World::CheckSafety() {
  CheckOnePrimary();
  for (const auto& [name, host] : hosts_) {
    for (const auto& [incarnation, engine] : host.engines) {
      if (IsGood(engine)) last_good_[incarnation] = schedule_.millis();
    }
  }
}

void World::CheckOnePrimary() {
  std::map<std::string, int> open;
  for (const auto& [name, host] : hosts_) {
    for (const auto& [incarnation, engine] : host.engines) {
      const std::string cluster = engine.node.str().substr(0, engine.node.str().rfind('-'));
      if (engine.running && engine.open && ++open[cluster] > 1) Fail("two primaries in " + cluster);
    }
  }
}

// A cluster that has just been called available had every node in its role a moment ago: a message's way and a
// heartbeat at the most.
void World::CheckAvailableIsTrue() {
  disk_.Read([&](ports::Transaction& tx) {
    for (const model::Cluster& cluster : tx.clusters().List({"", 100})) {
      const ClusterStatus before = std::exchange(last_status_[cluster.uid.str()], cluster.status);
      if (before == cluster.status) continue;
      schedule_.Trace(cluster.name + " is " + std::string(model::ClusterStatusName(cluster.status)) + " " +
                      cluster.status_reason);
      if (cluster.status == ClusterStatus::kImpaired) sometimes_.insert("cluster was impaired");
      if (cluster.status != ClusterStatus::kAvailable) continue;
      sometimes_.insert("cluster became available");
      for (const model::Node& node : tx.plan().Nodes(cluster.uid)) {
        const auto seen = last_good_.find(node.incarnation);
        const bool recent = seen != last_good_.end() && schedule_.millis() - seen->second < 6000 + 4 * faults_.slowest;
        if (!recent) Fail(cluster.name + " was called available, but " + node.name.str() + " is not in its role");
      }
    }
  });
}

std::string World::CheckLiveness() {
  disk_.Read([&](ports::Transaction& tx) {
    for (const Wish& wish : wishes_) {
      if (!wish.answered) Fail("never answered: " + wish.request_id);
      const bool deleted = std::any_of(wishes_.begin(), wishes_.end(),
                                       [&](const Wish& other) { return other.name == wish.name && !other.create; });
      const auto cluster = tx.clusters().Find(wish.name);
      if (deleted && cluster) Fail(wish.name + " is still there: " + cluster->status_reason);
      if (!deleted && !cluster) Fail(wish.name + " was acknowledged and is not there");
    }
    for (const model::Cluster& cluster : tx.clusters().List({"", 100})) {
      const std::string problem = CheckCluster(cluster, tx);
      if (!problem.empty()) Fail(cluster.name + ": " + problem);
    }
    const std::string left_over = CheckNothingLeftOver(tx);
    if (!left_over.empty()) Fail(left_over);
  });
  return failure_;
}

std::string World::CheckCluster(const model::Cluster& cluster, ports::Transaction& tx) {
  if (cluster.status == ClusterStatus::kImpaired && cluster.status_reason.find("may hold data") != std::string::npos) {
    sometimes_.insert("a dead primary waits for promotion");
    return {};
  }
  if (cluster.status != ClusterStatus::kAvailable) {
    return "is " + std::string(model::ClusterStatusName(cluster.status)) + ": " + cluster.status_reason;
  }
  if (!cluster.operation.empty()) return "its operation never ended";
  for (const model::Node& node : tx.plan().Nodes(cluster.uid)) {
    const Engine* engine = EngineOf(hosts_, node);
    if (engine == nullptr || !IsGood(*engine)) return node.name.str() + " is not in its role";
    if (engine->open != (node.role == model::Role::kPrimary)) return node.name.str() + " has the wrong role";
  }
  for (const model::Endpoint& endpoint : tx.plan().Endpoints(cluster.uid)) {
    if (std::find(served_map_.endpoints.begin(), served_map_.endpoints.end(), endpoint) ==
        served_map_.endpoints.end()) {
      return "an endpoint is not served as planned";
    }
  }
  return {};
}

// Neither a process nor a directory without its row, and no row of a cluster that is gone.
std::string World::CheckNothingLeftOver(ports::Transaction& tx) {
  std::set<model::Incarnation> known;
  for (const model::Node& node : tx.plan().AllNodes()) known.insert(node.incarnation);
  for (const auto& [name, host] : hosts_) {
    for (const auto& [incarnation, directory] : host.disk) {
      if (!known.contains(incarnation)) return "left over on " + name + ": " + directory.node.str();
    }
  }
  return {};
}

}  // namespace cacheplane::sim
