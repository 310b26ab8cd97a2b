#include "nodeagent/supervisor/pauses.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <system_error>
#include <utility>

#include "common/file.h"
#include "common/log.h"
#include "common/process.h"
#include "nodeagent/supervisor/saved_state.h"

namespace cacheplane::agent {
namespace {

namespace fs = std::filesystem;

// False when it is not there any more.
bool Signal(const ProcessId& process, int signal) {
  const auto pidfd = OpenProcess(process);
  if (!pidfd.ok()) return false;
  const bool sent = SignalProcess(*pidfd, signal);
  close(*pidfd);
  return sent;
}

}  // namespace

Pauses::Pauses(EventLoop& loop, fs::path directory) : loop_(loop), directory_(std::move(directory)) {}

Pauses::~Pauses() {
  for (const auto& [pid, timer] : timers_) loop_.Cancel(timer);
}

fs::path Pauses::MarkOf(pid_t pid) const { return directory_ / std::to_string(pid); }

void Pauses::ContinueAll() {
  std::error_code error;
  for (auto entry = fs::directory_iterator(directory_, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const auto text = ReadFile(entry->path());
    const auto process = text.ok() ? ParseProcessId(*text) : Result<ProcessId>(text.error());
    // What cannot be read was being written: its process was not stopped yet.
    if (process.ok() && Signal(*process, SIGCONT)) log::Info("process {} goes on: its drill is over", process->pid);
  }
  fs::remove_all(directory_, error);
}

Status Pauses::Pause(const ProcessId& process, std::chrono::milliseconds duration) {
  if (timers_.contains(process.pid)) return FailedPrecondition("it is paused already");
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error) return Internal(fmt::format("make {}: {}", directory_.string(), error.message()));
  CP_RETURN_IF_ERROR(ReplaceFile(MarkOf(process.pid), ToJson(process)));
  if (!Signal(process, SIGSTOP)) {
    fs::remove(MarkOf(process.pid), error);
    return FailedPrecondition(fmt::format("process {} has ended", process.pid));
  }
  log::Warn("process {} is stopped for {} ms: a drill", process.pid, duration.count());
  timers_[process.pid] = loop_.At(loop_.now() + duration, [this, process] { Continue(process); });
  return {};
}

void Pauses::Continue(const ProcessId& process) {
  timers_.erase(process.pid);
  if (Signal(process, SIGCONT)) log::Info("process {} goes on: its drill is over", process.pid);
  std::error_code error;
  fs::remove(MarkOf(process.pid), error);
}

}  // namespace cacheplane::agent
