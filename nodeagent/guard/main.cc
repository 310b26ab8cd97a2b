// cacheplane-guard: kills engines whose lease has ended; see nodeagent/guard/README.md. Started by cacheplane-agent,
// with a bound socket as standard input.
#include <malloc.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "common/log.h"
#include "nodeagent/guard/guard_server.h"

namespace {

using cacheplane::log::Info;

// More than the table ever takes.
constexpr std::size_t kHeap = 1 << 20;

// Its memory is never on a disk, not even what it allocates later: that comes from a heap that is there already.
// (MCL_FUTURE would make allocations fail at a limit.)
void LockMemory() {
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  { const std::vector<char> touched(kHeap, 1); }
  if (mlockall(MCL_CURRENT) != 0) Info("memory is not locked: {}", std::strerror(errno));
}

// Each is a help on a busy host, and none is needed.
void RaiseImportance() {
  const sched_param lowest{.sched_priority = 1};
  if (sched_setscheduler(0, SCHED_FIFO, &lowest) != 0 && setpriority(PRIO_PROCESS, 0, -20) != 0) {
    Info("runs with the priority of any process: {}", std::strerror(errno));
  }
  // The last to be killed for want of memory.
  std::ofstream("/proc/self/oom_score_adj") << "-1000";
}

void RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main() {
  cacheplane::log::Init("cacheplane-guard", cacheplane::log::Level::kInfo);
  // Whoever listens is whose number the agent finds at its end of a connection.
  if (listen(STDIN_FILENO, SOMAXCONN) != 0) {
    cacheplane::log::Error("standard input is no socket to listen on ({}): cacheplane-agent starts this program",
                           std::strerror(errno));
    return 2;
  }
  if (chdir("/") != 0) Info("stays in its directory: {}", std::strerror(errno));
  RaiseFileLimit();
  RaiseImportance();
  LockMemory();
  cacheplane::guard::GuardServer(STDIN_FILENO).Run();
  Info("guards nothing, and no agent is there: ends");
  return 0;
}
