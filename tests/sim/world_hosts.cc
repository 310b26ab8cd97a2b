// Hosts, wires, the router and clients of the simulated installation.
#include "tests/sim/world.h"

namespace cacheplane::sim {

// An agent looks at its assignments, may restart, and keeps its session.
void World::AgentTick(const std::string& name) {
  Host& host = hosts_[name];
  if (!host.agent_up && (!faulting_ || schedule_.Chance(0.02))) {
    schedule_.Trace("agent starts " + name);
    host.agent_up = true;
  }
  if (host.agent_up) {
    bool changed = false;
    for (const model::Assignment& assignment : host.assignments) changed |= CarryOut(host, assignment);
    Replicate(hosts_, [this](const Engine& from, const Engine& to) {
      Fail(to.node.str() + " held " + std::to_string(to.data) + " writes and took over " + std::to_string(from.data) +
           " from " + from.node.str());
    });
    if (host.session == 0 && reconciler_ && schedule_.Chance(0.5)) Connect(host);
    if (host.session != 0 && (changed || schedule_.Chance(0.05))) Report(host);
  }
  schedule_.After(schedule_.Between(5, 60), [this, name] { AgentTick(name); });
}

void World::Connect(Host& host) {
  host.session = ++last_session_;
  host.wire_free_at = schedule_.millis();
  host.offer.last_heard = schedule_.Now();
  InControlPlane([&] {
    const Status stored = store_.Write([&](ports::Transaction& tx) -> Status {
      tx.hosts().PutHost(host.offer);
      return {};
    });
    if (!stored.ok()) Fail(stored.error().message);
  });
  if (!reconciler_) return;  // it died storing the hello
  Report(host);
  const auto latest = latest_.find(host.offer.agent);
  if (latest != latest_.end()) Assign(host.offer.agent, latest->second);
}

void World::Disconnect(Host& host) {
  if (host.session == 0) return;
  schedule_.Trace("session lost " + host.offer.agent.str());
  host.session = 0;
  const auto agent = facts_.agents.find(host.offer.agent);
  if (agent == facts_.agents.end()) return;
  agent->second.connected = false;
  AgentChanged(host.offer.agent);
}

// Facts travel; what arrives after the session's end is dropped, as its stream is.
void World::Report(Host& host) {
  const auto facts = FactsOf(host, hosts_);
  const std::uint64_t session = host.session;
  host.wire_free_at = std::max(host.wire_free_at, schedule_.millis()) + schedule_.Between(1, faults_.slowest) / 4;
  schedule_.At(host.wire_free_at, [this, facts, session, name = host.offer.agent.str()] {
    if (hosts_[name].session != session || !reconciler_) return;
    model::AgentFacts& agent = facts_.agents[model::AgentName(name)];
    agent = {true, schedule_.Mono(), schedule_.Now(), facts};
    AgentChanged(model::AgentName(name));
  });
}

void World::Assign(const model::AgentName& agent, const std::vector<model::Assignment>& assignments) {
  latest_[agent] = assignments;
  const auto found = hosts_.find(agent.str());
  if (found == hosts_.end() || found->second.session == 0) return;
  Host& host = found->second;
  const int copies = schedule_.Chance(faults_.repeat) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    host.wire_free_at = std::max(host.wire_free_at, schedule_.millis()) + schedule_.Between(1, faults_.slowest) / 4;
    schedule_.At(host.wire_free_at, [this, name = agent.str(), session = host.session, assignments] {
      Deliver(name, session, assignments);
    });
  }
}

void World::Deliver(const std::string& agent, std::uint64_t session, std::vector<model::Assignment> assignments) {
  Host& host = hosts_[agent];
  if (host.session != session || !host.agent_up) return;
  for (const model::Assignment& assignment : assignments) {
    schedule_.Trace("assigned " + assignment.node.str() + " boot " + std::to_string(assignment.boot.value) +
                    (assignment.intent == model::Intent::kErase ? " erase" : ""));
  }
  host.assignments = std::move(assignments);
}

void World::Publish(const model::EndpointMap& map) {
  if (map.version < map_.version) Fail("an endpoint map of a lower version was published");
  for (const model::Endpoint& endpoint : map.endpoints) {
    if (endpoint.targets.empty()) Fail("an empty endpoint was published");
  }
  map_ = map;
  schedule_.Trace("map " + std::to_string(map.version));
}

// The router takes the newest map when it is up, and says what it serves. While it is down its last map stands.
void World::RouterTick() {
  if (!router_up_ && (!faulting_ || schedule_.Chance(0.05))) router_up_ = true;
  if (router_up_ && reconciler_) {
    if (map_.version > served_map_.version) served_map_ = map_;
    facts_.routers.assign(1, {"router-a", "kernel", served_map_.version, "", true, schedule_.Now()});
    RouterChanged();
  } else if (!facts_.routers.empty()) {
    facts_.routers.front().connected = false;
  }
  schedule_.After(schedule_.Between(5, 200), [this] { RouterTick(); });
}

// Clients write through the primary endpoints as the router serves them.
void World::ClientTick() {
  for (const model::Endpoint& endpoint : served_map_.endpoints) {
    if (endpoint.kind != model::EndpointKind::kPrimary) continue;
    for (auto& [name, host] : hosts_) {
      for (auto& [incarnation, engine] : host.engines) {
        if (engine.running && engine.open && engine.address == endpoint.targets.front()) ++engine.data;
      }
    }
  }
  schedule_.After(schedule_.Between(20, 100), [this] { ClientTick(); });
}

}  // namespace cacheplane::sim
