#include "tests/sim/world.h"

#include "controlplane/service/bootstrap.h"

namespace cacheplane::sim {
namespace {

constexpr std::int64_t kFaultPhase = 20'000;
constexpr std::int64_t kCalmPhase = 40'000;
constexpr std::int64_t kGib = 1LL << 30;

double Sometimes(Schedule& schedule, double rate) { return schedule.Chance(0.5) ? rate : 0; }

}  // namespace

Faults Faults::Draw(Schedule& schedule) {
  Faults faults;
  faults.control_plane_death = Sometimes(schedule, 0.02);
  faults.agent_death = Sometimes(schedule, 0.15);
  faults.engine_death = Sometimes(schedule, 0.15);
  faults.session_loss = Sometimes(schedule, 0.3);
  faults.router_death = Sometimes(schedule, 0.2);
  faults.disk_loss = Sometimes(schedule, 0.05);
  faults.repeat = Sometimes(schedule, 0.2);
  faults.slowest = schedule.Chance(0.3) ? 1500 : 20;
  return faults;
}

World::World(std::uint64_t seed, bool keep_trace) : schedule_(seed), store_(disk_, schedule_) {
  schedule_.keep_trace = keep_trace;
  faults_ = Faults::Draw(schedule_);
}

World::~World() = default;

std::string World::Run() {
  const Status defaults = service::EnsureDefaults(disk_, service::DevelopmentZones());
  if (!defaults.ok()) return defaults.error().message;
  AddHosts();
  AddWishes();
  StartControlPlane();
  store_.death_chance = faults_.control_plane_death;
  for (auto& [name, host] : hosts_) AgentTick(name);
  RouterTick();
  UserTick();
  ClientTick();
  FaultTick();
  while (failure_.empty() && schedule_.Step(kFaultPhase)) {
    RunReconciler();
    CheckSafety();
  }
  faulting_ = false;
  store_.death_chance = 0;
  while (failure_.empty() && schedule_.Step(kFaultPhase + kCalmPhase)) {
    RunReconciler();
    CheckSafety();
  }
  const std::uint64_t writes = store_.writes;
  while (failure_.empty() && schedule_.Step(kFaultPhase + kCalmPhase + 20'000)) RunReconciler();
  if (failure_.empty() && store_.writes != writes) Fail("the store is still written to after everything converged");
  return failure_.empty() ? CheckLiveness() : failure_;
}

void World::AddHosts() {
  const char* const zones[] = {"us-east-1a", "us-east-1b", "us-east-1c"};
  const std::int64_t count = schedule_.Between(3, 5);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::string name = "agent-" + std::to_string(i);
    Host& host = hosts_[name];
    host.offer.agent = model::AgentName(name);
    host.offer.zone = zones[i % 3];
    host.offer.memory_bytes = 64 * kGib;
    host.offer.images = {{"valkey", "8.0.1"}};
    host.agent_up = schedule_.Chance(0.8);  // some join late
  }
}

void World::AddWishes() {
  const std::int64_t count = schedule_.Between(1, 4);
  for (std::int64_t i = 0; i < count; ++i) {
    Wish wish;
    wish.name = "cluster-" + std::to_string(i);
    wish.request_id = "create-" + std::to_string(i);
    wish.draft.node_type = "cache.t4g.small";
    wish.draft.replicas_per_shard = static_cast<int>(schedule_.Between(0, 3));
    wish.draft.multi_az = *wish.draft.replicas_per_shard > 0 && schedule_.Chance(0.7);
    wishes_.push_back(wish);
    if (!schedule_.Chance(0.4)) continue;
    wish.create = false;
    wish.request_id = "delete-" + std::to_string(i);
    wishes_.push_back(wish);
  }
}

void World::StartControlPlane() {
  schedule_.Trace("control plane starts");
  facts_ = {};
  facts_.listening_since = schedule_.Mono();
  latest_.clear();
  map_ = {};
  service_ = std::make_unique<service::ClusterService>(store_, *this, service::Signals{*this, *this}, *this, schedule_);
  reconciler_ = std::make_unique<reconcile::Reconciler>(
      reconcile::Ports{store_, *this, *this, *this, *this, *this, schedule_, *this}, decide::Policy{});
  woken_ = true;
}

void World::StopControlPlane(const char* how) {
  schedule_.Trace(std::string("control plane dies ") + how);
  sometimes_.insert(std::string("control plane died ") + how);
  service_.reset();
  reconciler_.reset();
  for (auto& [name, host] : hosts_) Disconnect(host);
  schedule_.After(schedule_.Between(10, 2000), [this] { StartControlPlane(); });
}

void World::InControlPlane(const std::function<void()>& function) {
  try {
    in_control_plane_ = true;
    function();
    in_control_plane_ = false;
  } catch (const ControlPlaneDied&) {
    in_control_plane_ = false;
    StopControlPlane("at a commit");
  }
}

void World::RunReconciler() {
  if (!reconciler_) return;
  const bool due = wake_ && *wake_ <= schedule_.Mono();
  if (!woken_ && !due) return;
  woken_ = false;
  InControlPlane([this] { wake_ = reconciler_->Run(); });
  if (wake_) schedule_.At(wake_->time_since_epoch().count(), [] {});
  CheckAvailableIsTrue();
}

void World::ClusterChanged(const model::ClusterUid& cluster) {
  woken_ = true;
  if (reconciler_) reconciler_->MarkCluster(cluster);
}

void World::AgentChanged(const model::AgentName& agent) {
  woken_ = true;
  if (reconciler_) reconciler_->MarkAgent(agent);
}

void World::RouterChanged() {
  woken_ = true;
  if (reconciler_) reconciler_->MarkRouters();
}

// Users ask until they are answered, with the same request id.
void World::UserTick() {
  for (Wish& wish : wishes_) {
    if (!wish.answered && service_ && schedule_.Chance(0.3)) {
      Ask(wish);
      break;
    }
  }
  schedule_.After(schedule_.Between(50, 800), [this] { UserTick(); });
}

void World::Ask(Wish& wish) {
  InControlPlane([&] {
    if (wish.create) {
      service::CreateClusterRequest request;
      request.name = wish.name;
      request.spec = wish.draft;
      request.request_id = wish.request_id;
      const auto answer = service_->CreateCluster(request);
      wish.answered = answer.ok();
      if (!answer.ok() && answer.error().code == ErrorCode::kAlreadyExists)
        Fail("retried create: " + answer.error().message);
      schedule_.Trace("create " + wish.name + (answer.ok() ? " ok" : " " + answer.error().message));
      return;
    }
    service::DeleteClusterRequest request;
    request.name = wish.name;
    request.request_id = wish.request_id;
    const auto answer = service_->DeleteCluster(request);
    wish.answered = answer.ok();
    schedule_.Trace("delete " + wish.name + (answer.ok() ? " ok" : " " + answer.error().message));
  });
}

void World::FaultTick() {
  if (!faulting_) return;
  for (auto& [name, host] : hosts_) {
    if (schedule_.Chance(faults_.agent_death / 10)) {
      schedule_.Trace("agent dies " + name);
      sometimes_.insert("agent died");
      host.agent_up = false;
      Disconnect(host);
    }
    if (schedule_.Chance(faults_.session_loss / 10)) Disconnect(host);
    if (schedule_.Chance(faults_.disk_loss / 10)) LoseDisk(host);
    for (auto& [incarnation, engine] : host.engines) {
      if (!engine.running || !schedule_.Chance(faults_.engine_death / 10)) continue;
      const bool save = schedule_.Chance(0.3);
      schedule_.Trace("engine ends " + engine.node.str());
      sometimes_.insert(save ? "engine stopped cleanly" : engine.open ? "primary died" : "replica died");
      Kill(host, incarnation, save);
      if (host.session != 0) Report(host);
    }
  }
  if (schedule_.Chance(faults_.router_death / 10)) router_up_ = false;
  schedule_.After(100, [this] { FaultTick(); });
}

// Whether a permit is out for a node of the host, or may be granted for the saved data of a clean stop. To lose the
// disk then starts an empty primary: a limit that docs/ARCHITECTURE.md names.
bool World::PermitIsOut(const Host& host) {
  for (const auto& [incarnation, directory] : host.disk) {
    if (directory.clean_stop.value > 0) return true;
  }
  bool out = false;
  disk_.Read([&](ports::Transaction& tx) {
    for (const model::Node& node : tx.plan().NodesOn(host.offer.agent)) {
      out |= model::HoldsPermit(node, tx.plan().Shards(node.cluster).front());
    }
  });
  return out;
}

// The machine is set up anew: no processes, no data, no memory of what was carried out.
void World::LoseDisk(Host& host) {
  if (PermitIsOut(host)) return;
  schedule_.Trace("disk lost " + host.offer.agent.str());
  sometimes_.insert("a disk was lost");
  Disconnect(host);
  host.assignments.clear();
  host.disk.clear();
  host.engines.clear();
}

void World::Fail(const std::string& what) {
  if (failure_.empty()) failure_ = "at " + std::to_string(schedule_.millis()) + " ms: " + what;
}

}  // namespace cacheplane::sim
