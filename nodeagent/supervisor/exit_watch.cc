#include "nodeagent/supervisor/exit_watch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace cacheplane::agent {
namespace {

// <linux/pidfd.h> of Debian 12 is older than the flag: PIDFD_THREAD is O_EXCL.
constexpr unsigned kPidfdThread = O_EXCL;
// Two, in case one of them ends with the engine's own reconfiguration of its jobs.
constexpr std::size_t kThreads = 2;

int OpenThread(pid_t thread) { return static_cast<int>(syscall(SYS_pidfd_open, thread, kPidfdThread)); }

ExitStatus Reap(int pidfd) {
  siginfo_t info{};
  ExitStatus status;
  if (waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED | WNOHANG) != 0 || info.si_pid == 0) return status;
  (info.si_code == CLD_EXITED ? status.code : status.signal) = info.si_status;
  return status;
}

}  // namespace

std::string Describe(const ExitStatus& status) {
  if (status.signal) return fmt::format("signal {}", *status.signal);
  if (status.code) return fmt::format("exit status {}", *status.code);
  return "ended; adopted processes leave no status";
}

Result<std::unique_ptr<ExitWatch>> ExitWatch::Open(EventLoop& loop, const ProcessId& process, bool child,
                                                   Handlers handlers) {
  CP_ASSIGN_OR_RETURN(const int fd, OpenProcess(process));
  std::unique_ptr<ExitWatch> watch(new ExitWatch(loop, process, child, std::move(handlers)));
  watch->Add(fd, [raw = watch.get()] { raw->OnProcessGone(); });
  return watch;
}

ExitWatch::ExitWatch(EventLoop& loop, const ProcessId& process, bool child, Handlers handlers)
    : loop_(loop), process_(process), child_(child), handlers_(std::move(handlers)) {}

ExitWatch::~ExitWatch() {
  for (const Watched& watched : watched_) {
    loop_.Unwatch(watched.watch);
    close(watched.fd);
  }
}

void ExitWatch::Add(int fd, Task task) { watched_.push_back({fd, loop_.Watch(fd, std::move(task))}); }

bool ExitWatch::WatchThreads() {
  if (threads_tried_) return true;
  for (const pid_t thread : BackgroundThreads(process_.pid)) {
    if (watched_.size() > kThreads) break;
    threads_tried_ = true;
    const int fd = OpenThread(thread);
    if (fd >= 0) Add(fd, [this] { OnThreadGone(); });
  }
  return threads_tried_;
}

void ExitWatch::Kill() const { KillProcess(watched_.front().fd); }

void ExitWatch::DropThreads() {
  for (; watched_.size() > 1; watched_.pop_back()) {
    loop_.Unwatch(watched_.back().watch);
    close(watched_.back().fd);
  }
}

void ExitWatch::OnThreadGone() {
  DropThreads();
  if (std::exchange(ending_, true)) return;
  handlers_.ending();
}

void ExitWatch::OnProcessGone() {
  const ExitStatus status = child_ ? Reap(watched_.front().fd) : ExitStatus{};
  loop_.Unwatch(watched_.front().watch);
  const auto gone = handlers_.gone;  // the handler may destroy this object
  gone(status);
}

}  // namespace cacheplane::agent
