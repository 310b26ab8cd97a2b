// Faults, ten times a simulated second.
#include "tests/sim/world.h"

namespace cacheplane::sim {

void World::FaultTick() {
  if (!faulting_) return;
  FaultControlPlane();
  for (auto& [name, host] : reality_.hosts) {
    if (!host.up) continue;
    FaultHost(host);
    if (host.up) FaultEngines(host);
  }
  FaultNetwork();
  if (Chance(faults_.total_loss)) {
    LoseEverything(schedule_.Chance(0.5) ? 200 : 3000);
    Host& host = std::next(reality_.hosts.begin(), schedule_.Between(0, 2))->second;
    if (host.up && schedule_.Chance(0.3)) LoseHost(host);
    if (schedule_.Chance(0.5)) control_plane_.Stop("by itself", schedule_.Between(10, faults_.control_plane_down));
  }
  schedule_.After(100, [this] { FaultTick(); });
}

void World::FaultControlPlane() {
  if (Chance(faults_.control_plane_death)) {
    control_plane_.Stop("by itself", schedule_.Between(10, faults_.control_plane_down));
  }
  if (Chance(faults_.router_death)) router_up_ = false;
}

void World::FaultHost(Host& host) {
  if (Chance(faults_.agent_death)) {
    reality_.sometimes.insert("an agent died");
    KillAgent(host, schedule_.Between(5, faults_.agent_down), true);
  }
  if (Chance(faults_.session_loss)) control_plane_.BreakSession(host.name());
  if (Chance(faults_.agent_freeze)) FreezeAgent(host);
  if (Chance(faults_.disk_loss)) LoseDisk(host);
  if (Chance(faults_.host_loss)) LoseHost(host);
}

void World::FaultEngines(Host& host) {
  std::vector<std::string> incarnations;
  for (const auto& [incarnation, engine] : host.engines) incarnations.push_back(incarnation);
  for (const std::string& incarnation : incarnations) {
    Engine& engine = host.engines.at(incarnation);
    const std::uint64_t start = engine.start;
    const bool freeze = Chance(faults_.engine_freeze);
    if (freeze || Chance(faults_.engine_hang)) {
      reality_.sometimes.insert(freeze ? "an engine was frozen" : "an engine hung");
      reality_.Freeze(engine, freeze);
      schedule_.After(schedule_.Between(5, 4000), [this, &host, incarnation, start] {
        if (Engine* stuck = reality_.FindEngine(host.name(), incarnation, start)) reality_.Wake(*stuck);
      });
    }
    if (Chance(faults_.save)) reality_.Save(engine);
    if (!Chance(faults_.engine_death)) continue;
    const bool save = schedule_.Chance(0.3);
    reality_.sometimes.insert(save ? "an engine stopped cleanly" : engine.open ? "a primary died" : "a replica died");
    KillEngine(host, incarnation, save);
  }
}

void World::FaultNetwork() {
  std::vector<std::string> names;
  for (const auto& [name, host] : reality_.hosts) names.push_back(name);
  for (const std::string& name : names) {
    for (const std::string& other : names) {
      const bool from_control_plane = other == name;
      const std::string& far = from_control_plane ? kControlPlane : other;
      const double rate = from_control_plane ? faults_.cut_from_control_plane : faults_.cut_between_hosts / 3;
      if (!Chance(rate)) continue;
      const bool there = schedule_.Chance(0.75);
      const bool back = !there || schedule_.Chance(0.7);
      schedule_.Trace("cut " + name + " " + far + (there && back ? "" : there ? " one way" : " the other way"));
      reality_.sometimes.insert(from_control_plane ? "a host was cut from the control plane" : "hosts were cut apart");
      if (there) reality_.network.Cut(name, far);
      if (back) reality_.network.Cut(far, name);
      schedule_.After(schedule_.Between(50, 5000), [this, name, far] {
        reality_.network.Heal(name, far);
        reality_.network.Heal(far, name);
      });
    }
  }
}

void World::FreezeAgent(Host& host) {
  if (!host.agent || host.agent_frozen) return;
  schedule_.Trace("agent frozen " + host.name());
  reality_.sometimes.insert("an agent was frozen");
  host.agent_frozen = true;
  schedule_.After(schedule_.Between(50, 4000), [this, &host] { ThawAgent(host); });
}

void World::ThawAgent(Host& host) {
  if (!std::exchange(host.agent_frozen, false)) return;
  schedule_.Trace("agent thawed " + host.name());
  const auto deferred = std::exchange(host.deferred, {});
  for (const auto& function : deferred) function();
}

// It comes back with its disk, and with nothing else.
void World::LoseHost(Host& host) {
  schedule_.Trace("host lost " + host.name());
  reality_.sometimes.insert("a host was lost");
  KillAgent(host, 0, false);
  host.up = false;
  while (!host.engines.empty()) reality_.EndProcess(host, host.engines.begin()->first);
  host.fence.clear();
  schedule_.After(schedule_.Between(200, 8000), [this, &host] {
    host.up = true;
    StartAgent(host);
  });
}

// Whether a permit is out for a node of the host that names no data: to lose the disk then is to lose the memory of
// having used it.
bool World::PermitIsOut(const Host& host) {
  bool out = false;
  control_plane_.disk.Read([&](ports::Transaction& tx) {
    for (const model::Node& node : tx.plan().NodesOn(host.offer.agent)) {
      out |= node.restore.empty() && model::HoldsPermit(node, tx.plan().Shards(node.cluster).front());
    }
  });
  return out;
}

// The machine is set up anew: no processes, no data, no memory of what was carried out.
void World::LoseDisk(Host& host) {
  if (PermitIsOut(host)) return;
  schedule_.Trace("disk lost " + host.name());
  reality_.sometimes.insert("a disk was lost");
  KillAgent(host, schedule_.Between(50, 2000), true);
  while (!host.engines.empty()) reality_.EndProcess(host, host.engines.begin()->first);
  host.fence.clear();
  host.assignments.clear();
  host.disk.clear();
}

void World::EndFaults() {
  reality_.newest = Reality::Illness::kNone;
  schedule_.Trace("faults end");
  faulting_ = false;
  control_plane_.store.death_chance = 0;
  control_plane_.Start();
  reality_.network.HealAll();
  reality_.slowest = std::min<std::int64_t>(reality_.slowest, 100);
  for (auto& [name, host] : reality_.hosts) {
    host.up = true;
    ThawAgent(host);
    StartAgent(host);
    for (auto& [incarnation, engine] : host.engines) reality_.Wake(engine);
  }
}

}  // namespace cacheplane::sim
