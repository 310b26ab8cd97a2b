// One live engine process under watch: how it ends, and what it answers.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cache-engine/drivers/replication_info.h"
#include "common/result.h"
#include "nodeagent/decide/facts.h"
#include "nodeagent/decide/liveness.h"
#include "nodeagent/decide/local_state.h"
#include "nodeagent/supervisor/crowd.h"
#include "nodeagent/supervisor/event_loop.h"
#include "nodeagent/supervisor/exit_watch.h"
#include "nodeagent/supervisor/prober.h"
#include "nodeagent/supervisor/process_gauge.h"

namespace cacheplane::agent {

class Engine {
 public:
  struct Handlers {
    std::function<void()> changed;                // an answer, its absence, or the ending stage
    std::function<void(const ExitStatus&)> gone;  // may destroy the engine
  };
  struct Origin {
    bool child = false;     // false: adopted
    std::string version{};  // of the image it was started with; "" when unknown
    ProbeTarget probe{};    // its pid is filled in here
  };

  // kNotFound when that very process is not there any more.
  static Result<std::unique_ptr<Engine>> Attach(EventLoop& loop, Crowd& crowd, const ProcessId& process, Origin origin,
                                                Handlers handlers);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  pid_t pid() const { return process_.pid; }
  const ProcessId& process() const { return process_; }
  const std::string& version() const { return origin_.version; }
  const Address& address() const { return origin_.probe.address; }
  ProcessStage stage() const { return ending_ ? ProcessStage::kEnding : ProcessStage::kAlive; }
  // kStarting, kRunning, kHung; kStopped once it is ending.
  ProcessState State() const;
  // Adopted and without an answer yet: whoever watched it before knew more of it than this.
  bool Unasked() const { return !origin_.child && !info_ && !Frozen() && State() == ProcessState::kStarting; }
  // Latest answer; none before the first.
  const std::optional<engine::EngineInfo>& info() const { return info_; }
  // Stopped by a signal, a tracer or its control group, and not only for a moment.
  bool Frozen() const;
  // What keeps it from answering, in words; "" when nothing does.
  std::string Trouble() const;
  std::chrono::milliseconds Age() const;
  // The kernel killed some process for want of memory within the last seconds.
  bool OomKillsSeen() const { return OomKills() > oom_kills_; }

  void Send(std::vector<std::string> command, std::chrono::milliseconds timeout, Prober::OnDone done);
  // On the prober's thread, bounded in time by itself; nothing is asked meanwhile.
  void Run(std::function<void(EngineLink&)> work, std::function<void()> done);
  // Whether somebody else is about to open it: it is looked at as often as possible.
  void AwaitOpening(bool awaiting);
  // It saves before its end, and answers nobody meanwhile.
  void SetSaving(bool saving) { saving_ = saving; }
  // Something about it is about to change: look often.
  void Hurry();
  void Kill() const { watch_->Kill(); }

 private:
  Engine(EventLoop& loop, Crowd& crowd, const ProcessId& process, Origin origin, Handlers handlers);
  void OnProbe(const ProbeResult& result);
  void OnEnding();
  void Tick();
  void SetPace();
  bool Settled() const;
  void Look();
  void LookWhetherStopped(MonoTime now);
  void LookAtSilence(MonoTime now);
  Silence SilenceNow() const;
  Liveness Verdict() const { return Judge(SilenceNow()); }
  // Silence is an event that only a clock announces.
  void TellWhatOnlyTimeChanged();
  bool NoteTold();  // true: something is different

  EventLoop& loop_;
  const Crowd& crowd_;
  Crowd::Place place_;
  const ProcessId process_;
  Origin origin_;
  Handlers handlers_;
  std::unique_ptr<ExitWatch> watch_;
  std::unique_ptr<Prober> prober_;
  ProcessGauge gauge_;
  SilenceMeter silence_;
  EventLoop::Id timer_ = 0;
  EventLoop::Id look_timer_ = 0;
  const MonoTime attached_;
  MonoTime last_change_;
  MonoTime looked_at_;
  std::optional<MonoTime> stopped_since_;
  MonoTime ending_since_;
  bool ending_ = false;
  bool awaiting_ = false;
  bool saving_ = false;
  bool group_frozen_ = false;
  bool answers_ = false;  // it has answered at least once
  std::int64_t oom_kills_ = 0;
  MonoTime oom_kills_at_;
  std::optional<engine::EngineInfo> info_;
  std::string problem_;
  // What changes by time alone, as last told.
  ProcessState told_state_ = ProcessState::kStarting;
  bool told_frozen_ = false;
  std::string told_trouble_;
};

}  // namespace cacheplane::agent
