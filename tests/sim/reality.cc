#include "tests/sim/reality.h"

namespace cacheplane::sim {

Engine* Reality::FindEngine(const std::string& host, const std::string& incarnation, std::uint64_t start) {
  auto& engines = hosts.at(host).engines;
  const auto found = engines.find(incarnation);
  return found == engines.end() || found->second.start != start ? nullptr : &found->second;
}

Engine* Reality::EngineAt(const model::Address& address) {
  for (auto& [name, host] : hosts) {
    for (auto& [incarnation, engine] : host.engines) {
      if (engine.address == address) return &engine;
    }
  }
  return nullptr;
}

Engine* Reality::Reach(const std::string& from, const model::Address& address) {
  Engine* const engine = EngineAt(address);
  if (engine == nullptr || engine->Stuck() || engine->answers_at > schedule.millis()) return nullptr;
  return network.Connects(from, engine->host) ? engine : nullptr;
}

bool Reality::Writable(const Engine& engine) const {
  if (!engine.open) return false;
  const auto& fence = hosts.at(engine.host).fence;
  const auto guarded = fence.find(engine.address);
  return guarded == fence.end() || schedule.millis() < guarded->second;
}

bool Reality::TryWrite(Engine& engine) {
  const bool answers = !engine.Stuck() && engine.paused_until <= schedule.millis();
  if (!answers || !Writable(engine)) return false;
  ++engine.data.length;
  observer->Acknowledged(engine);
  return true;
}

void Reality::Send(const std::string& host, const std::string& incarnation, std::uint64_t start, Command command,
                   std::function<void()> executed) {
  // From one host to another it may take as long as TCP tries.
  const bool late = command.opener != 0 && command.kind == Command::Kind::kOpen && schedule.Chance(0.05);
  schedule.After(late ? schedule.Between(100, 5000) : schedule.Between(0, 3), [=, this] {
    Engine* const engine = FindEngine(host, incarnation, start);
    if (engine == nullptr) return;
    if (engine->Stuck()) {
      engine->buffered.push_back({command, executed});
      return;
    }
    if (Execute(*engine, command)) executed();
  });
}

void Reality::TakeIll(Engine& engine) {
  if (newest == Illness::kNone || engine.version != kNewestVersion) return;
  sometimes.insert("a new version was ill");
  if (newest == Illness::kHangs) return Freeze(engine, /*by_signal=*/false);
  schedule.After(schedule.Between(1, 4),
                 [this, host = engine.host, incarnation = engine.incarnation, start = engine.start] {
                   if (FindEngine(host, incarnation, start) != nullptr) EndProcess(HostOf(host), incarnation);
                 });
}

bool Reality::Execute(Engine& engine, const Command& command) {
  if (command.kind == Command::Kind::kAdmit) {
    engine.opener = command.opener;
    return true;
  }
  if (command.kind == Command::Kind::kFollow) {
    if (engine.open) schedule.Trace("demoted " + engine.node.str());
    engine.replicas.clear();
    if (!engine.open && engine.follows == command.primary) return true;
    engine.open = false;
    engine.follows = command.primary;
    LoseLink(engine);
    return true;
  }
  if (command.opener != 0 && command.opener != engine.opener) {
    sometimes.insert("a late opener was not heeded");
    return false;
  }
  if (engine.open) return true;
  const Position before = engine.data;
  engine.open = true;
  engine.opening = ++openings_[engine.cluster];
  engine.follows.reset();
  engine.link_up = false;
  engine.synced_at = 0;
  engine.data = histories.Fork(before);
  schedule.Trace("opened " + engine.node.str() + (command.opener != 0 ? " by handover" : ""));
  observer->Opened(engine, before, command.opener != 0);
  return true;
}

void Reality::LoseLink(Engine& replica) {
  if (replica.link_up) replica.link_broke = schedule.millis();
  replica.link_up = false;
  replica.synced_at = 0;
}

void Reality::Replicate() {
  for (auto& [name, host] : hosts) {
    for (auto& [incarnation, engine] : host.engines) {
      if (!engine.open && engine.follows && !engine.Stuck() && engine.answers_at <= schedule.millis()) Follow(engine);
    }
  }
}

// A link whose other end is cut off or stuck looks well for a long time.
void Reality::Follow(Engine& replica) {
  Engine* const primary = EngineAt(*replica.follows);
  const bool reached = primary != nullptr && !primary->Stuck() && network.Connects(replica.host, primary->host);
  if (primary != nullptr && !reached) return;
  // A replica takes others while its own link is up, and keeps those that it has.
  const bool kept = primary != nullptr && replica.link_up && primary->replicas.contains(replica.incarnation) &&
                    histories.Contains(primary->data, replica.data);
  const bool serves = primary != nullptr && (primary->open || primary->link_up || kept);
  if (!serves || primary->answers_at > schedule.millis()) {
    if (primary == nullptr && !hosts.empty() && replica.link_up) LoseLink(replica);
    if (primary != nullptr) LoseLink(replica);
    return;
  }
  ReplicaLine& line = primary->replicas[replica.incarnation];
  if (line.start != replica.start || (replica.link_up && !kept)) LoseLink(replica);
  line.address = replica.address;
  line.start = replica.start;
  if (!replica.link_up) {
    const bool partial = histories.Contains(primary->data, replica.data);
    // An older engine cannot read all that a newer one has.
    if (!partial && replica.version < primary->version) return;
    if (replica.synced_at == 0) replica.synced_at = schedule.millis() + (partial ? 0 : schedule.Between(20, 300));
    line.online = false;
    if (schedule.millis() < replica.synced_at) return;
    replica.link_up = true;
    replica.synced_at = 0;
    if (!partial) replica.data = primary->data;
    // Full synchronisations go by a file of the primary's (docs/adr/0006).
    if (!partial) Save(*primary);
  }
  Catch(replica, *primary);
  line.online = true;
  line.acknowledged = replica.data.length;
}

// Mostly all there is, now and then only a part of it.
void Reality::Catch(Engine& replica, const Engine& primary) {
  replica.data.branch = primary.data.branch;
  const std::int64_t missing = primary.data.length - replica.data.length;
  replica.data.length += schedule.Chance(0.8) ? missing : schedule.Between(0, missing);
}

void Reality::Save(const Engine& engine) {
  if (engine.data.length == 0) return;
  Directory& directory = hosts.at(engine.host).disk[engine.incarnation];
  directory.saved = engine.data;
  directory.saved_at = schedule.millis();
  directory.saved_id = "file-" + std::to_string(files_.size());
  files_[directory.saved_id] = {engine.data, schedule.millis()};
}

void Reality::EndProcess(Host& host, const std::string& incarnation) {
  if (host.engines.erase(incarnation) == 0) return;
  for (auto& [name, other] : hosts) {
    for (auto& [key, engine] : other.engines) engine.replicas.erase(incarnation);
  }
}

void Reality::Freeze(Engine& engine, bool by_signal) {
  if (engine.Stuck()) return;
  schedule.Trace((by_signal ? "frozen " : "hung ") + engine.node.str());
  (by_signal ? engine.frozen : engine.hung) = true;
  engine.stuck_since = schedule.millis();
}

void Reality::Wake(Engine& engine) {
  if (!engine.Stuck()) return;
  schedule.Trace("woken " + engine.node.str());
  engine.frozen = engine.hung = false;
  const std::string host = engine.host;
  const std::string incarnation = engine.incarnation;
  const std::uint64_t start = engine.start;
  for (Engine::Buffered& buffered : std::exchange(engine.buffered, {})) {
    sometimes.insert("a command was carried out late");
    Engine* const still = FindEngine(host, incarnation, start);
    if (still == nullptr) return;
    if (Execute(*still, buffered.command)) buffered.executed();
  }
}

}  // namespace cacheplane::sim
