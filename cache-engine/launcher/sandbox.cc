#include "cache-engine/launcher/sandbox.h"

#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string>

#include "cache-engine/launcher/system_error.h"
#include "common/precedence.h"

namespace cacheplane::launcher {
namespace {

// An engine has about eight threads and one saving child; more I/O threads can be asked for, up to 128.
constexpr rlim_t kMaxProcesses = 1024;

Status SetLimit(__rlimit_resource resource, rlim_t value, const char* name) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0) return SystemError(std::string("read the limit of ") + name);
  limit.rlim_max = std::min(value, limit.rlim_max);
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(resource, &limit) != 0) return SystemError(std::string("set the limit of ") + name);
  return {};
}

Status BecomeUser(std::uint32_t uid) {
  if (setgroups(0, nullptr) != 0) return SystemError("drop groups");
  if (setresgid(uid, uid, uid) != 0) return SystemError("change group");
  if (setresuid(uid, uid, uid) != 0) return SystemError("change user");
  return {};
}

}  // namespace

Status CheckUser(std::uint32_t uid) {
  if (geteuid() == 0 && uid == 0)
    return FailedPrecondition("engines do not run as root: the specification needs a uid");
  if (geteuid() != 0 && uid != 0 && uid != geteuid()) {
    return FailedPrecondition("only root can start an engine as user " + std::to_string(uid));
  }
  return {};
}

Status SetLimits(std::uint32_t uid, std::uint64_t max_open_files) {
  CP_RETURN_IF_ERROR(SetLimit(RLIMIT_NOFILE, max_open_files, "open files"));
  CP_RETURN_IF_ERROR(SetLimit(RLIMIT_CORE, 0, "core dumps"));
  if (geteuid() == 0 && uid != 0) return SetLimit(RLIMIT_NPROC, kMaxProcesses, "processes");
  return {};
}

void ResetInheritedState() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  // The ones that cannot be reset (SIGKILL, SIGSTOP, the C library's own) are never inherited otherwise.
  for (int signal = 1; signal < NSIG; ++signal) std::signal(signal, SIG_DFL);
  umask(077);
  // Fails when the agent has made this a group leader already, which is as good.
  setsid();
  GiveUpPrecedence();
}

Status DropPrivileges(std::uint32_t uid) {
  if (geteuid() == 0) CP_RETURN_IF_ERROR(BecomeUser(uid));
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return SystemError("clear ambient capabilities");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return SystemError("set no_new_privs");
  if (uid != 0 && (getuid() != uid || geteuid() != uid || getegid() != uid)) {
    return Internal("the engine's user was not taken");
  }
  return {};
}

}  // namespace cacheplane::launcher
