#include "common/process.h"

#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include "common/file.h"
#include "common/text.h"

namespace cacheplane {

std::optional<ProcessStat> ReadProcessStat(pid_t pid) {
  const auto text = ReadFile(fmt::format("/proc/{}/stat", pid));
  if (!text.ok()) return std::nullopt;
  // The second field is the command's name in parentheses, and may hold anything.
  const std::size_t name_end = text->rfind(") ");
  if (name_end == std::string::npos) return std::nullopt;
  const auto fields = Split(text->substr(name_end + 2), ' ');
  if (fields.size() < 20 || fields[0].size() != 1) return std::nullopt;
  const auto parent = ParseInt(fields[1]);
  const auto start_time = ParseInt(fields[19]);
  if (!parent || !start_time) return std::nullopt;
  return ProcessStat{fields[0][0], static_cast<pid_t>(*parent), static_cast<std::uint64_t>(*start_time)};
}

Result<int> OpenProcess(const ProcessId& process) {
  const int fd = static_cast<int>(syscall(SYS_pidfd_open, process.pid, 0));
  if (fd < 0 && errno == ESRCH) return NotFound(fmt::format("no process {}", process.pid));
  if (fd < 0) return Unavailable(fmt::format("open process {}: {}", process.pid, std::strerror(errno)));
  // Looked at after the descriptor is open: from here on the number cannot pass to another process unnoticed.
  const auto stat = ReadProcessStat(process.pid);
  if (stat && stat->start_time == process.start_time) return fd;
  const bool there = !stat && (SignalProcess(fd, 0) || errno != ESRCH);
  close(fd);
  if (there) return Unavailable(fmt::format("/proc/{}/stat cannot be read", process.pid));
  return NotFound(fmt::format("process {} is another one", process.pid));
}

bool SignalProcess(int pidfd, int signal) { return syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0) == 0; }

bool KillProcess(int pidfd) { return SignalProcess(pidfd, SIGKILL); }

}  // namespace cacheplane
