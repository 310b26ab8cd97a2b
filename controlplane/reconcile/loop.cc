#include "controlplane/reconcile/loop.h"

#include <algorithm>

namespace cacheplane::reconcile {
namespace {

constexpr std::chrono::hours kEventRetention{14 * 24};  // as ElastiCache keeps them
constexpr std::chrono::hours kRequestRetention{24};
// A part of the detection time of a silent host.
constexpr std::chrono::milliseconds kSilenceCheck{100};

}  // namespace

Loop::Loop(Ports ports, decide::Policy policy, std::chrono::milliseconds sweep)
    : ports_(ports), reconciler_(ports, policy), sweep_(sweep), next_sweep_(ports.clock.Mono()) {}

Loop::~Loop() { Stop(); }

void Loop::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Loop::Stop() {
  Signal([this] { stopping_ = true; });
  if (thread_.joinable()) thread_.join();
}

void Loop::ClusterChanged(const model::ClusterUid& cluster) {
  Signal([&] { clusters_.insert(cluster); });
}

void Loop::AssignmentsChanged(const model::ClusterUid& cluster) {
  Signal([&] { reassigned_.insert(cluster); });
}

void Loop::AgentChanged(const model::AgentName& agent) {
  Signal([&] { agents_.insert(agent); });
}

void Loop::RouterChanged() {
  Signal([&] { routers_ = true; });
}

void Loop::Signal(const std::function<void()>& change) {
  {
    const std::lock_guard lock(mutex_);
    change();
  }
  woken_.notify_one();
}

void Loop::Run() {
  std::optional<MonoTime> wake = ports_.clock.Mono();
  while (Collect(wake)) {
    if (ports_.clock.Mono() >= next_sweep_) Sweep();
    reconciler_.NoteAlive();
    reconciler_.MarkSilent();
    wake = reconciler_.Run();
    passes_ = reconciler_.passes();
  }
}

bool Loop::Signalled() const {
  return stopping_ || routers_ || !clusters_.empty() || !reassigned_.empty() || !agents_.empty();
}

bool Loop::Collect(std::optional<MonoTime> wake) {
  std::unique_lock lock(mutex_);
  const MonoTime until = std::min({wake.value_or(next_sweep_), next_sweep_, ports_.clock.Mono() + kSilenceCheck});
  woken_.wait_until(lock, until, [this] { return Signalled(); });
  for (const model::ClusterUid& cluster : std::exchange(clusters_, {})) reconciler_.MarkCluster(cluster);
  for (const model::ClusterUid& cluster : std::exchange(reassigned_, {})) reconciler_.MarkAssignments(cluster);
  for (const model::AgentName& agent : std::exchange(agents_, {})) reconciler_.MarkAgent(agent);
  if (std::exchange(routers_, false)) reconciler_.MarkRouters();
  return !stopping_;
}

void Loop::Sweep() {
  next_sweep_ = ports_.clock.Mono() + sweep_;
  reconciler_.MarkAll();
  const WallTime now = ports_.clock.Now();
  const Status status = ports_.store.Write([&](ports::Transaction& tx) -> Status {
    tx.journal().ForgetEventsBefore(now - kEventRetention);
    tx.journal().ForgetRequestsBefore(now - kRequestRetention);
    return {};
  });
  static_cast<void>(status);  // removing old rows violates no constraint
}

}  // namespace cacheplane::reconcile
