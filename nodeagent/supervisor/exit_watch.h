// Sees a process end, in two stages.
//
//   ending: one of its background threads is gone. A killed process first frees its memory (about 80 ms per GiB) and
//           only then is its end announced; its idle threads end at once (measured: 70 µs). They end for no other
//           reason than the process's end or its crash handler, and either way no command is executed any more.
//   gone:   memory, sockets and files are free, and a child is reaped. The next process can start.
//
// A thread's pidfd needs Linux 6.9 (PIDFD_THREAD). Without it both stages come together.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/result.h"
#include "nodeagent/supervisor/event_loop.h"
#include "nodeagent/supervisor/proc.h"

namespace cacheplane::agent {

// How it ended; nullopt values for a process that is not our child (it was adopted): the system tells only parents.
struct ExitStatus {
  std::optional<int> signal;
  std::optional<int> code;
};

// "signal 9", "exit status 1", "ended; not a child, so no status".
std::string Describe(const ExitStatus& status);

class ExitWatch {
 public:
  struct Handlers {
    std::function<void()> ending;                 // at most once
    std::function<void(const ExitStatus&)> gone;  // once; may destroy the watch
  };

  // kNotFound when that very process is not there any more.
  static Result<std::unique_ptr<ExitWatch>> Open(EventLoop& loop, const ProcessId& process, bool child,
                                                 Handlers handlers);
  ~ExitWatch();
  ExitWatch(const ExitWatch&) = delete;
  ExitWatch& operator=(const ExitWatch&) = delete;

  // Finds background threads to watch; false when they have no names yet: try again some 20 ms later.
  bool WatchThreads();
  // SIGKILL to exactly this process.
  void Kill() const;

 private:
  struct Watched {
    int fd = -1;
    EventLoop::Id watch = 0;
  };

  ExitWatch(EventLoop& loop, const ProcessId& process, bool child, Handlers handlers);
  void Add(int fd, Task task);
  void DropThreads();
  void OnThreadGone();
  void OnProcessGone();

  EventLoop& loop_;
  const ProcessId process_;
  const bool child_;
  Handlers handlers_;
  bool ending_ = false;
  bool threads_tried_ = false;
  std::vector<Watched> watched_;  // the first is the process itself
};

}  // namespace cacheplane::agent
