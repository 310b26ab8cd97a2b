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
#include "nodeagent/decide/local_state.h"
#include "nodeagent/supervisor/event_loop.h"
#include "nodeagent/supervisor/exit_watch.h"
#include "nodeagent/supervisor/prober.h"

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
  static Result<std::unique_ptr<Engine>> Attach(EventLoop& loop, const ProcessId& process, Origin origin,
                                                Handlers handlers);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  pid_t pid() const { return process_.pid; }
  const ProcessId& process() const { return process_; }
  const std::string& version() const { return origin_.version; }
  ProcessStage stage() const { return ending_ ? ProcessStage::kEnding : ProcessStage::kAlive; }
  // kStarting, kRunning, kHung; kStopped once it is ending.
  ProcessState State() const;
  // Adopted and without an answer yet: whoever watched it before knew more of it than this.
  bool Unasked() const { return !origin_.child && !info_ && State() == ProcessState::kStarting; }
  // Latest answer; none before the first.
  const std::optional<engine::EngineInfo>& info() const { return info_; }
  // Why the latest probe brought no info; "" when it did.
  const std::string& problem() const { return problem_; }
  std::chrono::milliseconds Age() const;

  void Send(std::vector<std::string> command, std::chrono::milliseconds timeout, Prober::OnDone done);
  // Something about it is about to change: look often.
  void Hurry();
  void Kill() const { watch_->Kill(); }

 private:
  Engine(EventLoop& loop, const ProcessId& process, Origin origin, Handlers handlers);
  void OnProbe(const ProbeResult& result);
  void OnEnding();
  void Tick();
  bool Settled() const;

  EventLoop& loop_;
  const ProcessId process_;
  Origin origin_;
  Handlers handlers_;
  std::unique_ptr<ExitWatch> watch_;
  std::unique_ptr<Prober> prober_;
  EventLoop::Id timer_ = 0;
  const MonoTime attached_;
  MonoTime last_change_;
  MonoTime last_answer_;
  MonoTime ending_since_;
  bool ending_ = false;
  std::optional<engine::EngineInfo> info_;
  std::string problem_;
  ProcessState reported_ = ProcessState::kStarting;
};

}  // namespace cacheplane::agent
