// Processes that are stopped on purpose for a while (drills). None stays stopped for want of an agent: each has a mark
// on disk from before it is stopped until it has been continued, and the home's next agent continues it at once.
//
//   <home>/paused/<pid>    the process (saved_state.h)
#pragma once

#include <chrono>
#include <filesystem>
#include <map>

#include "common/result.h"
#include "nodeagent/supervisor/event_loop.h"
#include "nodeagent/supervisor/proc.h"

namespace cacheplane::agent {

class Pauses {
 public:
  Pauses(EventLoop& loop, std::filesystem::path directory);
  ~Pauses();
  Pauses(const Pauses&) = delete;
  Pauses& operator=(const Pauses&) = delete;

  // Continues what an earlier agent stopped.
  void ContinueAll();
  // Stopped when it returns, and continued after `duration`. kFailedPrecondition when it is paused already or that very
  // process is not there any more.
  Status Pause(const ProcessId& process, std::chrono::milliseconds duration);

 private:
  void Continue(const ProcessId& process);
  std::filesystem::path MarkOf(pid_t pid) const;

  EventLoop& loop_;
  const std::filesystem::path directory_;
  std::map<pid_t, EventLoop::Id> timers_;
};

}  // namespace cacheplane::agent
