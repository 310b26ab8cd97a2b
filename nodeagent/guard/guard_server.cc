#include "nodeagent/guard/guard_server.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "common/check.h"
#include "common/log.h"

namespace cacheplane::guard {
namespace {

// More than one only while an agent takes over from one that was just killed.
constexpr std::size_t kMostConnections = 8;

bool IsOwn(int connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == geteuid() || peer.uid == 0;
}

}  // namespace

GuardServer::GuardServer(int listener)
    : listener_(listener), timer_(timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK)) {
  CP_CHECK(timer_ >= 0);
  CP_CHECK(fcntl(listener_, F_SETFL, O_NONBLOCK) == 0);
}

GuardServer::~GuardServer() {
  for (const int connection : connections_) close(connection);
  close(timer_);
}

void GuardServer::Run() {
  while (Wait()) {
    // First: a descriptor that is closed below may come back as somebody else's.
    table_.Forget(polled_);
    Accept();
    // What was asked before an end counts, however late this process runs: a renewed lease has not ended.
    std::erase_if(connections_, [this](int connection) {
      const bool done = !Serve(connection);
      if (done) close(connection);
      return done;
    });
    table_.KillEnded(BootClock::now());
  }
}

bool GuardServer::Wait() {
  ArmTimer();
  polled_ = {{listener_, POLLIN, 0}, {timer_, POLLIN, 0}};
  for (const int connection : connections_) polled_.push_back({connection, POLLIN, 0});
  table_.AddTo(polled_);
  const bool idle = connections_.empty() && table_.empty();
  const int ready = poll(polled_.data(), polled_.size(), idle ? static_cast<int>(kIdleFor.count()) : -1);
  if (polled_[1].revents != 0) {
    std::uint64_t expirations = 0;
    [[maybe_unused]] const ssize_t ignored = read(timer_, &expirations, sizeof expirations);
  }
  return ready != 0 || !idle;
}

void GuardServer::ArmTimer() {
  itimerspec when{};
  if (const auto end = table_.NextEnd()) {
    // An instant in the past is due at once, but 0 would disarm the timer.
    const std::int64_t millis = std::max<std::int64_t>(end->time_since_epoch().count(), 1);
    when.it_value = {.tv_sec = millis / 1000, .tv_nsec = millis % 1000 * 1'000'000};
  }
  CP_CHECK(timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr) == 0);
}

void GuardServer::Accept() {
  for (;;) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (connection < 0) return;
    if (IsOwn(connection) && connections_.size() < kMostConnections) {
      connections_.push_back(connection);
    } else {
      log::Warn("a connection is refused: of another user, or one too many");
      close(connection);
    }
  }
}

bool GuardServer::Serve(int connection) {
  for (;;) {
    Packet& packet = *packet_;
    const ssize_t size = recv(connection, &packet, sizeof packet, 0);
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    if (size == 0) return false;
    if (packet.IsWhole(static_cast<std::size_t>(size))) {
      Carry(packet);
    } else {
      packet = {.word = packet.word, .error = EPROTO};
    }
    const auto whole = static_cast<ssize_t>(packet.size());
    if (send(connection, &packet, packet.size(), MSG_NOSIGNAL) != whole) return false;
  }
}

void GuardServer::Carry(Packet& packet) {
  packet.error = 0;
  switch (packet.word) {
    case Word::kList: return table_.ListInto(packet);
    case Word::kGuard:
      for (std::size_t i = 0; i < packet.count; ++i) {
        if (const int error = table_.Guard(packet.entries[i]); error != 0) packet.error = error;
      }
      table_.KillEnded(BootClock::now());
      break;
    case Word::kUnguard:
      for (std::size_t i = 0; i < packet.count; ++i) table_.Unguard(packet.entries[i]);
      break;
    default: packet.error = EPROTO;
  }
  packet.count = 0;
}

}  // namespace cacheplane::guard
