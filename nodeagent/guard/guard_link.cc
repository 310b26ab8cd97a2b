#include "nodeagent/guard/guard_link.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "nodeagent/guard/lease_entries.h"
#include "nodeagent/supervisor/spawn.h"

namespace cacheplane::guard {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// One that answers later than this might kill as late, and that is beyond a lease's margin.
constexpr milliseconds kAnswerWithin{200};
// The agent's loop stands still meanwhile; a start takes some milliseconds.
constexpr milliseconds kStartWithin{400};
constexpr milliseconds kGoneWithin{200};

Error Failure(const char* what) { return Unavailable(fmt::format("guard: {}: {}", what, std::strerror(errno))); }

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

fs::path DirectoryOf(const fs::path& home) { return home / "guard"; }

int OpenDirectory(const fs::path& home) { return open(DirectoryOf(home).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC); }

// A home's path may be longer than a socket's may; this one never is.
sockaddr_un AddressIn(int directory) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = fmt::format("/proc/self/fd/{}/socket", directory);
  std::copy(path.begin(), path.end(), address.sun_path);
  return address;
}

int MakeSocket() { return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0); }

bool ConnectTo(int socket, int directory) {
  const sockaddr_un address = AddressIn(directory);
  return connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

Result<int> BoundSocket(int directory) {
  Descriptor made(MakeSocket());
  if (made.get() < 0) return Failure("make a socket");
  unlinkat(directory, "socket", 0);
  const sockaddr_un address = AddressIn(directory);
  if (bind(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return Failure("bind");
  return made.Release();
}

bool HasEnded(pid_t child) { return waitpid(child, nullptr, WNOHANG) == child; }

void KillChild(pid_t child) {
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

bool WaitFor(int fd, short events, milliseconds limit) {
  pollfd polled{fd, events, 0};
  return poll(&polled, 1, static_cast<int>(limit.count())) > 0;
}

// Who listens there. The number is its own for as long as its end is open.
std::optional<ProcessId> ProcessAtEndOf(int connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || peer.pid <= 0) return std::nullopt;
  const auto stat = ReadProcessStat(peer.pid);
  char byte = 0;
  const bool closed = recv(connection, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
  if (!stat || closed) return std::nullopt;
  return ProcessId{peer.pid, stat->start_time};
}

}  // namespace

Result<std::unique_ptr<GuardLink>> GuardLink::Connect(const fs::path& home) {
  Descriptor made(MakeSocket());
  const Descriptor directory(OpenDirectory(home));
  if (made.get() < 0) return Failure("make a socket");
  if (directory.get() < 0 || !ConnectTo(made.get(), directory.get())) {
    return errno == ENOENT || errno == ECONNREFUSED ? NotFound("no guard runs") : Failure("connect");
  }
  const auto guard = ProcessAtEndOf(made.get());
  if (!guard) return NotFound("a guard has just ended");
  return std::unique_ptr<GuardLink>(new GuardLink(made.Release(), *guard, /*child=*/false));
}

Result<std::unique_ptr<GuardLink>> GuardLink::Start(const fs::path& home, const fs::path& program) {
  if (mkdir(DirectoryOf(home).c_str(), 0700) != 0 && errno != EEXIST) return Failure("make its directory");
  const Descriptor directory(OpenDirectory(home));
  if (directory.get() < 0) return Failure("open its directory");
  CP_ASSIGN_OR_RETURN(const int bound, BoundSocket(directory.get()));
  const auto child = agent::Spawn({program.string()}, bound, DirectoryOf(home) / "guard.log");
  close(bound);
  if (!child.ok()) return child.error();
  Descriptor made(MakeSocket());
  const auto end = steady_clock::now() + kStartWithin;
  // Bound is not listening: that is what the guard begins with.
  while (!ConnectTo(made.get(), directory.get())) {
    const Error error = Failure("connect");
    if (HasEnded(*child)) return Unavailable(fmt::format("guard: {} ends at once; see guard.log", program.string()));
    if (steady_clock::now() >= end) {
      KillChild(*child);
      return error;
    }
    std::this_thread::sleep_for(milliseconds(1));
  }
  const auto stat = ReadProcessStat(*child);
  const ProcessId guard{*child, stat ? stat->start_time : 0};
  return std::unique_ptr<GuardLink>(new GuardLink(made.Release(), guard, /*child=*/true));
}

GuardLink::GuardLink(int socket, const ProcessId& guard, bool child) : socket_(socket), guard_(guard), child_(child) {}

GuardLink::~GuardLink() { close(socket_); }

Status GuardLink::Ask() {
  const auto whole = static_cast<ssize_t>(packet_->size());
  if (send(socket_, packet_.get(), packet_->size(), MSG_NOSIGNAL | MSG_DONTWAIT) != whole) return Failure("ask");
  if (!WaitFor(socket_, POLLIN, kAnswerWithin)) return Unavailable("guard: no answer");
  const ssize_t size = recv(socket_, packet_.get(), sizeof *packet_, MSG_DONTWAIT);
  if (size <= 0) return Unavailable("guard: it has ended");
  if (!packet_->IsWhole(static_cast<std::size_t>(size))) return Unavailable("guard: it is of another version");
  if (packet_->error != 0) return FailedPrecondition(fmt::format("guard: refused: {}", std::strerror(packet_->error)));
  return {};
}

Result<network::Leases> GuardLink::Guarded() {
  packet_->word = Word::kList;
  packet_->count = 0;
  CP_RETURN_IF_ERROR(Ask());
  return LeasesIn(*packet_);
}

Status GuardLink::Guard(const network::Leases& leases) {
  if (leases.size() > kMostEntries) {
    return FailedPrecondition(
        fmt::format("guard: {} primaries; allowed: at most {} on a host", leases.size(), kMostEntries));
  }
  packet_->word = Word::kGuard;
  packet_->count = 0;
  for (const auto& [address, lease] : leases) packet_->entries[packet_->count++] = ToEntry(address, lease);
  return Ask();
}

Status GuardLink::Unguard(const network::SocketAddress& address) {
  packet_->word = Word::kUnguard;
  packet_->count = 1;
  packet_->entries[0] = ToEntry(address, {});
  return Ask();
}

void GuardLink::Kill() {
  if (const auto pidfd = OpenProcess(guard_); pidfd.ok()) {
    const Descriptor guard(*pidfd);
    if (KillProcess(guard.get())) WaitFor(guard.get(), POLLIN, kGoneWithin);
  }
  if (std::exchange(child_, false)) waitpid(guard_.pid, nullptr, 0);
}

}  // namespace cacheplane::guard
