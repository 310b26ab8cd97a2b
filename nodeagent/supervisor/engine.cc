#include "nodeagent/supervisor/engine.h"

#include <algorithm>
#include <utility>

#include "common/log.h"
#include "nodeagent/decide/decide_node.h"
#include "nodeagent/decide/probe_pace.h"

namespace cacheplane::agent {
namespace {

using std::chrono::milliseconds;

// A process that was never heard may be slow to start on a busy host.
constexpr milliseconds kStartingFor{10'000};
// Every millisecond until an awaited opening is seen is one in which nobody is told of it.
constexpr milliseconds kAwaitingInterval{1};
// All engines are looked at on the same multiples of this, so that the agent wakes once for all of them.
constexpr milliseconds kLookEvery{10};
// A question that is answered within this is no silence.
constexpr milliseconds kSilenceAfter{50};
// A kill for want of memory that is older than this is not counted as this engine's.
constexpr milliseconds kOomKillsEvery{5000};
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

Result<std::unique_ptr<Engine>> Engine::Attach(EventLoop& loop, Crowd& crowd, const ProcessId& process, Origin origin,
                                               Handlers handlers) {
  std::unique_ptr<Engine> engine(new Engine(loop, crowd, process, std::move(origin), std::move(handlers)));
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
  raw->Look();
  return engine;
}

Engine::Engine(EventLoop& loop, Crowd& crowd, const ProcessId& process, Origin origin, Handlers handlers)
    : loop_(loop),
      crowd_(crowd),
      place_(crowd),
      process_(process),
      origin_(std::move(origin)),
      handlers_(std::move(handlers)),
      gauge_(process.pid),
      attached_(loop.now()),
      last_change_(attached_) {}

Engine::~Engine() {
  loop_.Cancel(timer_);
  loop_.Cancel(look_timer_);
}

milliseconds Engine::Age() const {
  // Nobody knows how long an adopted one has run: long enough to count as well started.
  return origin_.child ? loop_.now() - attached_ : kLongLife;
}

ProcessState Engine::State() const {
  if (ending_) return ProcessState::kStopped;
  // One that was just started may be slow to listen; one that ran already is judged like any other.
  const bool may_be_slow = origin_.child && !answers_ && loop_.now() - attached_ < kStartingFor;
  if (!may_be_slow && Verdict() == Liveness::kHung) return ProcessState::kHung;
  if (!answers_ && loop_.now() - attached_ >= kStartingFor) return ProcessState::kHung;
  return !info_ || info_->loading ? ProcessState::kStarting : ProcessState::kRunning;
}

bool Engine::Frozen() const { return !ending_ && stopped_since_ && loop_.now() - *stopped_since_ >= kFrozenAfter; }

std::string Engine::Trouble() const {
  if (ending_) return "";
  if (Frozen()) return "the process is stopped, by a signal, a tracer or its control group";
  if (const std::string silent = Describe(Verdict(), SilenceNow()); !silent.empty()) return silent;
  return info_ ? "" : problem_;
}

void Engine::Send(std::vector<std::string> command, milliseconds timeout, Prober::OnDone done) {
  Hurry();
  prober_->Send(std::move(command), timeout, std::move(done));
}

void Engine::Run(std::function<void(EngineLink&)> work, std::function<void()> done) {
  if (ending_) return;
  Hurry();
  prober_->Run(std::move(work), [done = std::move(done)](const CommandResult&) { done(); });
}

void Engine::AwaitOpening(bool awaiting) {
  awaiting_ = awaiting;
  Hurry();
}

void Engine::Hurry() {
  if (ending_) return;
  last_change_ = loop_.now();
  SetPace();
}

void Engine::SetPace() {
  const auto since_change = loop_.now() - last_change_;
  place_.Take(since_change < kChangedOfLate);
  const bool awaits = awaiting_ && info_ && info_->role == "replica";
  prober_->SetInterval(awaits ? kAwaitingInterval : ProbeInterval(since_change, Settled(), crowd_.size()));
}

bool Engine::Settled() const {
  if (!info_ || info_->loading) return false;
  if (info_->role == "replica") return info_->link_up;
  return std::all_of(info_->replicas.begin(), info_->replicas.end(),
                     [](const engine::ReplicaLine& replica) { return replica.state == "online"; });
}

void Engine::OnProbe(const ProbeResult& result) {
  if (ending_) return;
  if (result.answered) {
    answers_ = true;
    silence_.Clear();
    group_frozen_ = false;
  }
  // A mere sign of life says nothing else.
  if (result.answered && !result.info && result.problem.empty()) return TellWhatOnlyTimeChanged();
  problem_ = result.problem;
  if (result.info) {
    if (!info_ || !SameSituation(*info_, *result.info)) Hurry();
    info_ = result.info;
  }
  NoteTold();
  handlers_.changed();
}

void Engine::OnEnding() {
  ending_ = true;
  ending_since_ = loop_.now();
  place_.Take(false);
  prober_.reset();
  handlers_.changed();
}

void Engine::Tick() {
  const MonoTime now = loop_.now();
  const bool threads_known = ending_ || watch_->WatchThreads();
  if (ending_ && now - ending_since_ >= kEndingFor) watch_->Kill();
  if (!ending_) SetPace();
  const bool young = now - last_change_ < milliseconds(6000);
  const milliseconds pause = !threads_known && young ? milliseconds(20) : milliseconds(young ? 100 : 500);
  timer_ = loop_.At(now + pause, [this] { Tick(); });
  if (now - oom_kills_at_ >= kOomKillsEvery && !ending_) {
    oom_kills_ = OomKills();
    oom_kills_at_ = now;
  }
  TellWhatOnlyTimeChanged();
}

void Engine::Look() {
  if (ending_) return;
  const MonoTime now = loop_.now();
  look_timer_ = loop_.At(now + kLookEvery - now.time_since_epoch() % kLookEvery, [this] { Look(); });
  LookWhetherStopped(now);
  LookAtSilence(now);
}

void Engine::LookWhetherStopped(MonoTime now) {
  if (!group_frozen_ && !gauge_.Stopped()) {
    stopped_since_.reset();
  } else if (!stopped_since_) {
    stopped_since_ = now;
  }
  if (Frozen() != told_frozen_) TellWhatOnlyTimeChanged();
}

void Engine::LookAtSilence(MonoTime now) {
  const milliseconds waiting = prober_->Unanswered();
  if (!silence_.Silent() && waiting < kSilenceAfter) return;
  if (silence_.Silent() && now - looked_at_ < kSilenceAfter) return;
  silence_.Add(silence_.Silent() ? now - looked_at_ : waiting, gauge_.Look());
  looked_at_ = now;
  group_frozen_ = gauge_.GroupFrozen();
  TellWhatOnlyTimeChanged();
}

Silence Engine::SilenceNow() const {
  Silence silence = silence_.silence();
  silence.loading = info_ && info_->loading;
  silence.saving = saving_;
  return silence;
}

bool Engine::NoteTold() {
  const ProcessState state = std::exchange(told_state_, State());
  const bool frozen = std::exchange(told_frozen_, Frozen());
  const std::string trouble = std::exchange(told_trouble_, Trouble());
  return state != told_state_ || frozen != told_frozen_ || trouble != told_trouble_;
}

void Engine::TellWhatOnlyTimeChanged() {
  if (!NoteTold()) return;
  log::Warn("process {}: {}", process_.pid, told_trouble_.empty() ? "well again" : told_trouble_);
  handlers_.changed();
}

}  // namespace cacheplane::agent
