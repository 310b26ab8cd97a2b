#include "nodeagent/guard/guard_table.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "common/log.h"

namespace cacheplane::guard {
namespace {

ProcessId ProcessOf(const Entry& entry) { return {static_cast<pid_t>(entry.pid), entry.start_time}; }

BootTime EndOf(const Entry& entry) { return BootTime(std::chrono::milliseconds(entry.end)); }

// 0, or why this process may not kill that one.
int MayKill(int pidfd) {
  const bool may = syscall(SYS_pidfd_send_signal, pidfd, 0, nullptr, 0) == 0;
  return may || errno == ESRCH ? 0 : errno;
}

}  // namespace

GuardTable::~GuardTable() {
  for (const auto& [process, guarded] : guarded_) close(guarded.pidfd);
}

int GuardTable::Guard(const Entry& entry) {
  const ProcessId process = ProcessOf(entry);
  if (const auto known = guarded_.find(process); known != guarded_.end()) {
    known->second.entry = entry;
    return 0;
  }
  if (guarded_.size() >= kMostEntries) return ENOSPC;
  const auto pidfd = OpenProcess(process);
  if (!pidfd.ok()) return pidfd.error().code == ErrorCode::kNotFound ? 0 : EMFILE;
  if (const int error = MayKill(*pidfd); error != 0) {
    close(*pidfd);
    return error;
  }
  guarded_[process] = {entry, *pidfd};
  return 0;
}

void GuardTable::Unguard(const Entry& entry) {
  std::erase_if(guarded_, [&](const auto& known) {
    const bool meant = known.second.entry.address == entry.address;
    if (meant) close(known.second.pidfd);
    return meant;
  });
}

void GuardTable::ListInto(Packet& answer) const {
  answer.count = 0;
  for (const auto& [process, guarded] : guarded_) answer.entries[answer.count++] = guarded.entry;
}

std::optional<BootTime> GuardTable::NextEnd() const {
  std::optional<BootTime> next;
  for (const auto& [process, guarded] : guarded_) {
    const BootTime end = EndOf(guarded.entry);
    next = next ? std::min(*next, end) : end;
  }
  return next;
}

void GuardTable::KillEnded(BootTime now) {
  std::vector<Entry> killed;
  std::erase_if(guarded_, [&](const auto& known) {
    const Guarded& guarded = known.second;
    if (EndOf(guarded.entry) > now) return false;
    if (KillProcess(guarded.pidfd)) killed.push_back(guarded.entry);
    close(guarded.pidfd);
    return true;
  });
  // After all of them: what a line costs is the disk's affair.
  for (const Entry& entry : killed) {
    log::Warn("the lease of {} has ended: process {} killed", entry.address.data(), entry.pid);
  }
}

void GuardTable::AddTo(std::vector<pollfd>& polled) const {
  for (const auto& [process, guarded] : guarded_) polled.push_back({guarded.pidfd, POLLIN, 0});
}

void GuardTable::Forget(const std::vector<pollfd>& polled) {
  std::erase_if(guarded_, [&](const auto& known) {
    const int pidfd = known.second.pidfd;
    const bool gone = std::any_of(polled.begin(), polled.end(),
                                  [&](const pollfd& seen) { return seen.fd == pidfd && seen.revents != 0; });
    if (gone) close(pidfd);
    return gone;
  });
}

}  // namespace cacheplane::guard
