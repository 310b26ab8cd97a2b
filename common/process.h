// Processes of this host, named so that no other one can be meant.
#pragma once

#include <sys/types.h>

#include <compare>
#include <cstdint>
#include <optional>

#include "common/result.h"

namespace cacheplane {

// A process for good: its number alone can be in use again.
struct ProcessId {
  pid_t pid = 0;
  std::uint64_t start_time = 0;  // clock ticks since boot, /proc/<pid>/stat field 22

  auto operator<=>(const ProcessId&) const = default;
};

struct ProcessStat {
  char state = '?';  // 'Z' and 'X' are no longer processes
  pid_t parent = 0;
  std::uint64_t start_time = 0;
};

// nullopt when there is none.
std::optional<ProcessStat> ReadProcessStat(pid_t pid);

// A pidfd of exactly that process, the caller's to close. kNotFound when it is not there any more, kUnavailable when
// that cannot be said, for want of descriptors.
Result<int> OpenProcess(const ProcessId& process);

// Through a pidfd. False, with errno, when it could not be sent.
bool SignalProcess(int pidfd, int signal);
bool KillProcess(int pidfd);  // SIGKILL

}  // namespace cacheplane
