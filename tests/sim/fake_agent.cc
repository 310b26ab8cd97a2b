#include "tests/sim/fake_agent.h"

namespace cacheplane::sim {
namespace {

using model::Intent;
using model::Role;

Engine* FindEngine(std::map<std::string, Host>& hosts, const model::Address& address) {
  for (auto& [name, host] : hosts) {
    for (auto& [incarnation, engine] : host.engines) {
      if (engine.running && engine.address == address) return &engine;
    }
  }
  return nullptr;
}

bool Erase(Host& host, const model::Incarnation& incarnation) {
  const bool had = host.engines.erase(incarnation) + host.disk.erase(incarnation) > 0;
  return had;
}

// A process starts as a replica of nobody, with the data of a clean stop or with none.
void Start(Host& host, const model::Assignment& assignment, Directory& directory) {
  Engine engine;
  engine.node = assignment.node;
  engine.address = assignment.address;
  engine.running = true;
  engine.data = directory.clean_stop.value > 0 ? directory.saved : 0;
  directory.clean_stop = {};
  ++directory.starts;
  host.engines[assignment.incarnation] = engine;
}

bool StartIfPermitted(Host& host, const model::Assignment& assignment, Directory& directory) {
  if (assignment.role == Role::kPrimary) {
    if (assignment.boot <= directory.boot) return false;
    directory.boot = assignment.boot;
  }
  Start(host, assignment, directory);
  return true;
}

bool TakeRole(const model::Assignment& assignment, Directory& directory, Engine& engine) {
  directory.epoch = assignment.epoch;
  if (assignment.role == Role::kPrimary) {
    if (engine.open && engine.epoch == assignment.epoch) return false;
    const bool judged = engine.open || assignment.open_start == 0 || assignment.open_start == directory.starts;
    if (!judged) return false;
    engine.open = true;
    engine.epoch = assignment.epoch;
    engine.follows.reset();
    return true;
  }
  if (!engine.open && engine.epoch == assignment.epoch && engine.follows == assignment.primary) return false;
  engine.open = false;
  engine.epoch = assignment.epoch;
  engine.follows = assignment.primary;
  engine.link_up = false;
  return true;
}

model::NodeFacts FactsOfNode(const model::Incarnation& incarnation, const Directory& directory, const Engine* engine) {
  model::NodeFacts facts;
  facts.node = directory.node;
  facts.incarnation = incarnation;
  facts.epoch = directory.epoch;
  facts.boot = directory.boot;
  facts.clean_stop = directory.clean_stop;
  facts.starts = directory.starts;
  if (engine == nullptr || !engine->running) {
    facts.process = model::ProcessState::kStopped;
    if (engine != nullptr) facts.exit_reason = engine->exit_reason;
    return facts;
  }
  facts.process = model::ProcessState::kRunning;
  facts.role = engine->open ? Role::kPrimary : Role::kReplica;
  facts.engine_version = "8.0.1";
  facts.replication_offset = 40 * engine->data;  // a write is tens of bytes of the stream
  facts.link_up = engine->link_up;
  if (engine->follows) facts.primary = *engine->follows;
  return facts;
}

void AddReplicas(const Engine& primary, const std::map<std::string, Host>& hosts, model::NodeFacts& facts) {
  for (const auto& [name, host] : hosts) {
    for (const auto& [incarnation, engine] : host.engines) {
      const bool listed = engine.running && engine.link_up && engine.follows == primary.address;
      if (listed) facts.replicas.push_back({engine.address, "online", engine.data});
    }
  }
}

}  // namespace

bool CarryOut(Host& host, const model::Assignment& assignment) {
  if (assignment.intent == Intent::kErase) return Erase(host, assignment.incarnation);
  const bool no_permit = assignment.role == Role::kPrimary && assignment.boot.value == 0;
  if (no_permit && !host.disk.contains(assignment.incarnation)) return false;
  Directory& directory = host.disk[assignment.incarnation];
  directory.node = assignment.node;
  if (assignment.epoch < directory.epoch) return false;
  const auto engine = host.engines.find(assignment.incarnation);
  if (engine == host.engines.end() || !engine->second.running) return StartIfPermitted(host, assignment, directory);
  return TakeRole(assignment, directory, engine->second);
}

void Replicate(std::map<std::string, Host>& hosts,
               const std::function<void(const Engine& from, const Engine& to)>& wiped) {
  for (auto& [name, host] : hosts) {
    for (auto& [incarnation, engine] : host.engines) {
      if (!engine.running || engine.open || !engine.follows) continue;
      const Engine* primary = FindEngine(hosts, *engine.follows);
      engine.link_up = primary != nullptr && primary->open;
      if (!engine.link_up) continue;
      if (primary->data < engine.data) wiped(*primary, engine);
      engine.data = primary->data;
    }
  }
}

std::map<model::Incarnation, model::NodeFacts> FactsOf(const Host& host, const std::map<std::string, Host>& hosts) {
  std::map<model::Incarnation, model::NodeFacts> facts;
  for (const auto& [incarnation, directory] : host.disk) {
    const auto engine = host.engines.find(incarnation);
    const Engine* running = engine == host.engines.end() ? nullptr : &engine->second;
    facts[incarnation] = FactsOfNode(incarnation, directory, running);
    if (running != nullptr && running->running && running->open) AddReplicas(*running, hosts, facts[incarnation]);
  }
  for (const model::Assignment& assignment : host.assignments) {
    if (host.disk.contains(assignment.incarnation)) continue;
    model::NodeFacts& absent = facts[assignment.incarnation];
    absent.node = assignment.node;
    absent.incarnation = assignment.incarnation;
    const bool erased = assignment.intent == Intent::kErase;
    absent.process = erased ? model::ProcessState::kErased : model::ProcessState::kStopped;
  }
  return facts;
}

void Kill(Host& host, const model::Incarnation& incarnation, bool save) {
  const auto found = host.engines.find(incarnation);
  if (found == host.engines.end() || !found->second.running) return;
  Engine& engine = found->second;
  if (save) {
    host.disk[incarnation].clean_stop = engine.epoch;
    host.disk[incarnation].saved = engine.data;
  }
  const model::NodeName node = engine.node;
  const model::Address address = engine.address;
  engine = {};
  engine.node = node;
  engine.address = address;
  engine.exit_reason = save ? "stopped" : "signal 9";
}

}  // namespace cacheplane::sim
