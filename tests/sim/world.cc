#include "tests/sim/world.h"

#include <utility>

#include "controlplane/service/bootstrap.h"

namespace cacheplane::sim {
namespace {

constexpr std::int64_t kFaultPhase = 20'000;
// The guard against flapping, an operation's deadline and a retried one end within it.
constexpr std::int64_t kCalmPhase = 90'000;
// Sessions that nobody answers end within it.
constexpr std::int64_t kSettlePhase = 6'000;
constexpr std::int64_t kQuietPhase = 6'000;
constexpr std::int64_t kGib = 1LL << 30;

}  // namespace

World::World(std::uint64_t seed, Kind kind, bool keep_trace)
    : kind_(kind), schedule_(seed), reality_(schedule_), oracle_(reality_), control_plane_(reality_) {
  schedule_.keep_trace = keep_trace;
  reality_.observer = &oracle_;
  if (kind == Kind::kFaulty) faults_ = Faults::Draw(schedule_);
  if (kind == Kind::kHarmless) faults_ = Faults::DrawHarmless(schedule_);
  reality_.slowest = faults_.slowest;
  reality_.newest = faults_.newest;
  reality_.repeat = faults_.repeat;
  reality_.lead = [this](const model::ArmedSwitch& opened) { Lead(opened); };
  control_plane_.published = [this](const model::EndpointMap& map) {
    oracle_.CheckPublished(map);
    map_ = map;
    schedule_.Trace("map " + std::to_string(map.version));
  };
  control_plane_.store.committed = [this] {
    control_plane_.disk.Read([this](ports::Transaction& tx) { oracle_.CheckCommit(tx, control_plane_.Snapshot()); });
  };
}

World::~World() = default;

void World::Begin() {
  static_cast<void>(service::EnsureDefaults(control_plane_.disk, service::DevelopmentZones()));
  AddHosts();
  AddWishes();
  control_plane_.Start();
  control_plane_.store.death_chance = faults_.commit_death;
  ReplicationTick();
  RouterTick();
  UserTick();
  ClientTick();
  if (kind_ == Kind::kStaged) return;
  FaultTick();
  ParameterTick();
}

std::string World::Run() {
  Begin();
  RunFor(kFaultPhase);
  EndFaults();
  std::int64_t next_look = 0;
  RunUntil(kCalmPhase, [&] {
    if (schedule_.millis() < next_look) return false;
    next_look = schedule_.millis() + 500;
    return WhyNotRight().empty();
  });
  RunFor(kSettlePhase);
  const std::uint64_t writes = control_plane_.store.writes;
  RunFor(kQuietPhase);
  if (oracle_.failure().empty()) {
    if (const std::string why = WhyNotRight(); !why.empty()) oracle_.Fail(why);
    if (control_plane_.store.writes != writes) oracle_.Fail("the store is still written to after all was right");
    if (kind_ == Kind::kHarmless) CheckHarmless();
  }
  return oracle_.failure();
}

bool World::RunFor(std::int64_t millis) {
  return RunUntil(millis, [] { return false; });
}

bool World::RunUntil(std::int64_t millis, const std::function<bool()>& done) {
  const std::int64_t until = schedule_.millis() + millis;
  while (oracle_.failure().empty() && schedule_.Step(until)) {
    AfterEvent();
    if (done()) return true;
  }
  return false;
}

void World::AfterEvent() {
  control_plane_.RunReconciler();
  oracle_.CheckNow();
  if (std::exchange(writes_seen_, control_plane_.store.writes) != control_plane_.store.writes) CheckAvailableIsTrue();
}

void World::AddHosts() {
  const char* const zones[] = {"us-east-1a", "us-east-1b", "us-east-1c"};
  const std::int64_t count = kind_ == Kind::kStaged ? 3 : schedule_.Between(3, 4);
  const bool some_unfenced = kind_ == Kind::kFaulty && schedule_.Chance(0.15);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::string name = "agent-" + std::to_string(i);
    Host& host = reality_.hosts[name];
    host.offer.agent = model::AgentName(name);
    host.offer.zone = zones[i % 3];
    host.offer.memory_bytes = 64 * kGib;
    host.offer.images = {{"valkey", kOlderVersion}, {"valkey", kNewestVersion}};
    host.offer.fence = some_unfenced && schedule_.Chance(0.4) ? "none" : "kernel";
    host.offer.peer_address = name;
    // Some join late.
    schedule_.After(schedule_.Chance(0.8) || kind_ == Kind::kStaged ? 0 : schedule_.Between(0, 3000),
                    [this, &host] { StartAgent(host); });
  }
}

void World::StartAgent(Host& host) {
  if (host.agent || !host.up) return;
  schedule_.Trace("agent starts " + host.name());
  host.agent = std::make_shared<Agent>(reality_, host, control_plane_);
  host.agent->Start();
}

void World::KillAgent(Host& host, std::int64_t for_millis, bool noticed) {
  if (!host.agent) return;
  schedule_.Trace("agent dies " + host.name());
  host.deferred.clear();
  host.agent_frozen = false;
  host.agent->Die();
  schedule_.After(0, [dead = std::exchange(host.agent, nullptr)] {});
  control_plane_.AgentGone(host.name(), noticed);
  schedule_.After(for_millis, [this, &host] { StartAgent(host); });
}

void World::KillEngine(Host& host, const std::string& incarnation, bool save) {
  const auto found = host.engines.find(incarnation);
  if (found == host.engines.end()) return;
  schedule_.Trace("engine ends " + found->second.node.str() + (save ? " with its data saved" : ""));
  Directory& directory = host.disk[incarnation];
  if (save && !found->second.Stuck()) {
    directory.clean_stop = directory.epoch;
    if (found->second.open || found->second.link_up) directory.saved_id.clear();
    reality_.Save(found->second);
  }
  reality_.EndProcess(host, incarnation);
}

void World::LoseEverything(std::int64_t within_millis) {
  schedule_.Trace("everything is lost");
  for (auto& [name, host] : reality_.hosts) {
    KillAgent(host, schedule_.Between(5, within_millis), true);
    while (!host.engines.empty()) reality_.EndProcess(host, host.engines.begin()->first);
    if (schedule_.Chance(0.5)) host.fence.clear();  // the machine was booted
  }
}

void World::ReplicationTick() {
  reality_.Replicate();
  schedule_.After(schedule_.Between(3, 25), [this] { ReplicationTick(); });
}

// The router takes the newest map when it is up, and says what it serves. While it is down its last map stands.
void World::RouterTick() {
  if (!router_up_ && (!faulting_ || schedule_.Chance(0.05))) router_up_ = true;
  if (router_up_ && control_plane_.up()) {
    if (map_.version > served_map_.version) TakeMap();
    for (const model::Endpoint& endpoint : served_map_.endpoints) {
      for (const model::Address& target : endpoint.targets) {
        if (const Engine* engine = reality_.EngineAt(target)) known_.insert(engine->incarnation);
      }
    }
    control_plane_.HearRouter(served_map_.version);
  } else {
    control_plane_.LoseRouter();
  }
  schedule_.After(schedule_.Between(5, 100), [this] { RouterTick(); });
}

// As network::Succeed: what was switched stays so while it is armed.
void World::TakeMap() {
  const model::EndpointMap before = std::exchange(served_map_, map_);
  for (const model::Endpoint& old : before.endpoints) {
    if (!old.armed || old.targets != std::vector{old.armed->target}) continue;
    for (model::Endpoint& endpoint : served_map_.endpoints) {
      if (endpoint.address == old.address && endpoint.armed == old.armed) endpoint.targets = old.targets;
    }
  }
}

// The notice may be lost, be late, or come before the map that arms it.
void World::Lead(const model::ArmedSwitch& opened) {
  if (!router_up_ || (faulting_ && schedule_.Chance(0.3))) return;
  schedule_.After(schedule_.Between(0, faulting_ && schedule_.Chance(0.2) ? 5000 : 5), [this, opened] {
    for (model::Endpoint& endpoint : served_map_.endpoints) {
      if (endpoint.armed != opened) continue;
      endpoint.targets = {opened.target};
      reality_.sometimes.insert("an agent switched an endpoint");
    }
  });
}

// Clients write through the primary endpoints as the router serves them; some know an engine's own address, and stay.
void World::ClientTick() {
  for (const model::Endpoint& endpoint : served_map_.endpoints) {
    if (endpoint.kind != model::EndpointKind::kPrimary) continue;
    if (Engine* engine = reality_.EngineAt(endpoint.targets.front())) reality_.TryWrite(*engine);
  }
  for (auto& [name, host] : reality_.hosts) {
    for (auto& [incarnation, engine] : host.engines) {
      if (known_.contains(incarnation) && schedule_.Chance(0.5)) reality_.TryWrite(engine);
    }
  }
  schedule_.After(schedule_.Between(10, 80), [this] { ClientTick(); });
}

}  // namespace cacheplane::sim
