#include "nodeagent/supervisor/engine.h"

#include <algorithm>
#include <utility>

#include "nodeagent/decide/decide_node.h"
#include "nodeagent/decide/probe_pace.h"

namespace cacheplane::agent {
namespace {

using std::chrono::milliseconds;

// A healthy engine can miss an answer for up to 2.2 s (measured: a large command, a fork).
constexpr milliseconds kHungAfter{3000};
// A process that was never heard may be slow to start on a busy host.
constexpr milliseconds kStartingFor{10'000};
// A crash handler that does not come to its end is ended.
constexpr milliseconds kEndingFor{2000};

bool SameReplica(const engine::ReplicaLine& a, const engine::ReplicaLine& b) {
  return a.address == b.address && a.port == b.port && a.state == b.state;
}

// Apart from the meters that always move.
bool SameSituation(const engine::EngineInfo& a, const engine::EngineInfo& b) {
  return a.role == b.role && a.loading == b.loading && a.link_up == b.link_up &&
         a.primary_address == b.primary_address && a.primary_port == b.primary_port &&
         a.replication_id == b.replication_id &&
         std::equal(a.replicas.begin(), a.replicas.end(), b.replicas.begin(), b.replicas.end(), SameReplica);
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::Attach(EventLoop& loop, const ProcessId& process, Origin origin,
                                               Handlers handlers) {
  std::unique_ptr<Engine> engine(new Engine(loop, process, std::move(origin), std::move(handlers)));
  Engine* raw = engine.get();
  CP_ASSIGN_OR_RETURN(raw->watch_, ExitWatch::Open(loop, process, raw->origin_.child,
                                                   {.ending = [raw] { raw->OnEnding(); },
                                                    .gone =
                                                        [raw](const ExitStatus& status) {
                                                          const auto gone = raw->handlers_.gone;
                                                          gone(status);
                                                        }}));
  raw->origin_.probe.pid = process.pid;
  raw->prober_ = std::make_unique<Prober>(loop.mailbox(), raw->origin_.probe,
                                          [raw](const ProbeResult& result) { raw->OnProbe(result); });
  raw->Tick();
  return engine;
}

Engine::Engine(EventLoop& loop, const ProcessId& process, Origin origin, Handlers handlers)
    : loop_(loop),
      process_(process),
      origin_(std::move(origin)),
      handlers_(std::move(handlers)),
      attached_(loop.now()),
      last_change_(attached_) {}

Engine::~Engine() { loop_.Cancel(timer_); }

milliseconds Engine::Age() const {
  // Nobody knows how long an adopted one has run: long enough to count as well started.
  return origin_.child ? loop_.now() - attached_ : kLongLife;
}

ProcessState Engine::State() const {
  if (ending_) return ProcessState::kStopped;
  const MonoTime now = loop_.now();
  if (!info_) return now - attached_ < kStartingFor ? ProcessState::kStarting : ProcessState::kHung;
  if (now - last_answer_ >= kHungAfter) return ProcessState::kHung;
  return info_->loading ? ProcessState::kStarting : ProcessState::kRunning;
}

void Engine::Send(std::vector<std::string> command, milliseconds timeout, Prober::OnDone done) {
  Hurry();
  prober_->Send(std::move(command), timeout, std::move(done));
}

void Engine::Hurry() {
  if (ending_) return;
  last_change_ = loop_.now();
  prober_->SetInterval(ProbeInterval(milliseconds(0), false));
}

bool Engine::Settled() const {
  if (!info_ || info_->loading) return false;
  if (info_->role == "replica") return info_->link_up;
  return std::all_of(info_->replicas.begin(), info_->replicas.end(),
                     [](const engine::ReplicaLine& replica) { return replica.state == "online"; });
}

void Engine::OnProbe(const ProbeResult& result) {
  if (ending_) return;
  if (result.answered) last_answer_ = loop_.now();
  problem_ = result.problem;
  if (result.info) {
    if (!info_ || !SameSituation(*info_, *result.info)) Hurry();
    info_ = result.info;
  }
  reported_ = State();
  handlers_.changed();
}

void Engine::OnEnding() {
  ending_ = true;
  ending_since_ = loop_.now();
  prober_.reset();
  handlers_.changed();
}

void Engine::Tick() {
  const MonoTime now = loop_.now();
  const bool threads_known = ending_ || watch_->WatchThreads();
  if (ending_ && now - ending_since_ >= kEndingFor) watch_->Kill();
  if (!ending_) prober_->SetInterval(ProbeInterval(now - last_change_, Settled()));
  const bool young = now - last_change_ < milliseconds(6000);
  const milliseconds pause = !threads_known && young ? milliseconds(20) : milliseconds(young ? 100 : 500);
  timer_ = loop_.At(now + pause, [this] { Tick(); });
  // Silence is an event that only a clock announces.
  if (const ProcessState state = State(); std::exchange(reported_, state) != state) handlers_.changed();
}

}  // namespace cacheplane::agent
