#include "tests/sim/control_plane.h"

#include "tests/sim/oracle.h"

namespace cacheplane::sim {
namespace {

// Production's, but for a guard against flapping that is seen to do its work within a run.
decide::Policy SimPolicy() {
  decide::Policy policy;
  policy.flap_pause = std::chrono::milliseconds(1500);
  policy.flap_longest = std::chrono::milliseconds(6000);
  policy.restore_after = kRestoreAfter;
  policy.move_again = std::chrono::seconds(5);
  policy.own_pause = std::chrono::hours(1);  // it runs only when there is something to do, and is never held up
  return policy;
}

constexpr std::int64_t kSweep = 30'000;
constexpr std::int64_t kSilenceCheck = 100;
constexpr std::int64_t kSessionSilence = 5000;

}  // namespace

ControlPlane::ControlPlane(Reality& reality) : store(disk, reality.schedule), reality_(reality) {
  store.deciding = [this] { RenewMeanwhile(); };
}

ControlPlane::~ControlPlane() = default;

void ControlPlane::Start() {
  if (up()) return;
  reality_.schedule.Trace("control plane starts");
  facts_ = {};
  facts_.listening_since = reality_.schedule.Mono();
  latest_.clear();
  sessions_.clear();
  leases_ = std::make_unique<agents::LeaseBook>(reality_.schedule);
  service_ =
      std::make_unique<service::ClusterService>(store, *this, service::Signals{*this, *this}, *this, reality_.schedule);
  queue_ = std::make_unique<service::ChangeQueue>(*this, reality_.schedule);
  operations_ = std::make_unique<service::OperationService>(store, service::Signals{*this, *this}, reality_.schedule);
  fleet_ = std::make_unique<service::FleetService>(store, *this, service::Signals{*this, *this}, reality_.schedule);
  parameter_groups_ = std::make_unique<service::ParameterGroupService>(
      store, *this, *this, service::Signals{*this, *this}, reality_.schedule);
  reconciler_ = std::make_unique<reconcile::Reconciler>(
      reconcile::Ports{store, *this, *this, *this, *this, *this, reality_.schedule, *leases_, *queue_}, SimPolicy());
  woken_ = true;
  wake_.reset();
  next_sweep_ = reality_.schedule.millis() + kSweep;
  Tick(++life_);
}

void ControlPlane::Stop(const char* how, std::int64_t for_millis) {
  if (!up()) return;
  reality_.schedule.Trace(std::string("control plane dies ") + how);
  reality_.sometimes.insert(std::string("control plane died ") + how);
  ++deaths;
  service_.reset();
  operations_.reset();
  fleet_.reset();
  parameter_groups_.reset();
  reconciler_.reset();
  queue_.reset();
  for (auto& [host, session] : std::exchange(sessions_, {})) End(session);
  leases_.reset();
  reality_.schedule.After(for_millis, [this] { Start(); });
}

void ControlPlane::In(const std::function<void()>& function) {
  if (!up()) return;
  try {
    function();
  } catch (const ControlPlaneDied&) {
    Stop("at a commit", reality_.schedule.Between(10, 2000));
  }
}

// The loop looks for silent agents, and sessions end that say nothing at all.
void ControlPlane::Tick(std::uint64_t life) {
  if (!up() || life != life_) return;
  reconciler_->MarkSilent();
  const std::int64_t now = reality_.schedule.millis();
  if (now >= next_sweep_) {
    next_sweep_ = now + kSweep;
    reconciler_->MarkAll();
  }
  woken_ = true;
  const auto sessions = sessions_;
  for (const auto& [host, session] : sessions) {
    if (now - session->heard < kSessionSilence) continue;
    Leave(session);
    End(session);
  }
  reality_.schedule.After(kSilenceCheck, [this, life] { Tick(life); });
}

void ControlPlane::RunReconciler() {
  if (!up()) return;
  const bool due = wake_ && *wake_ <= reality_.schedule.Mono();
  if (!woken_ && !due) return;
  woken_ = false;
  In([this] { wake_ = reconciler_->Run(); });
  if (up() && wake_) reality_.schedule.At(wake_->time_since_epoch().count(), [] {});
}

void ControlPlane::ClusterChanged(const model::ClusterUid& cluster) {
  woken_ = true;
  if (up()) reconciler_->MarkCluster(cluster);
}

void ControlPlane::AssignmentsChanged(const model::ClusterUid& cluster) {
  woken_ = true;
  if (up()) reconciler_->MarkAssignments(cluster);
}

void ControlPlane::AgentChanged(const model::AgentName& agent) {
  woken_ = true;
  if (up()) reconciler_->MarkAgent(agent);
}

void ControlPlane::RouterChanged() {
  woken_ = true;
  if (up()) reconciler_->MarkRouters();
}

void ControlPlane::HearRouter(std::uint64_t served_version) {
  if (!up()) return;
  const bool same = !facts_.routers.empty() && facts_.routers.front().connected &&
                    facts_.routers.front().map_version == served_version;
  facts_.routers.assign(1, {"router-a", "kernel", served_version, "", true, reality_.schedule.Now()});
  if (!same) RouterChanged();
}

void ControlPlane::LoseRouter() {
  if (!facts_.routers.empty()) facts_.routers.front().connected = false;
}

void ControlPlane::Try(const model::AgentName& agent, const ports::Trial&, std::function<void(Status)> answered) {
  answered(sessions_.contains(agent.str()) ? Status() : Status(Unavailable("it is not connected")));
}

void ControlPlane::Publish(const model::EndpointMap& map) { published(map); }

std::vector<model::AgentName> ControlPlane::Silent(MonoTime since) const {
  std::vector<model::AgentName> silent;
  for (const auto& [name, agent] : facts_.agents) {
    if (agent.connected && agent.heard < since) silent.push_back(name);
  }
  return silent;
}

}  // namespace cacheplane::sim
