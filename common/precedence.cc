#include "common/precedence.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "common/log.h"

namespace cacheplane {
namespace {

constexpr int kPrecedence = -10;  // about nine times the share of CPUs of a usual process

}  // namespace

void TakePrecedence() {
  if (setpriority(PRIO_PROCESS, 0, kPrecedence) != 0) {
    log::Info("runs with the priority of any process: {}", std::strerror(errno));
    return;
  }
  // Where every session is a group of its own, priorities count inside it only; the group has one too. A session that
  // somebody else leads has others in it.
  if (getsid(0) != getpid()) return;
  std::ofstream("/proc/self/autogroup") << kPrecedence;
}

void GiveUpPrecedence() { setpriority(PRIO_PROCESS, 0, 0); }

}  // namespace cacheplane
