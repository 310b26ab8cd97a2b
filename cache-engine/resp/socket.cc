#include "cache-engine/resp/socket.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <memory>
#include <system_error>
#include <utility>

namespace cacheplane::resp {
namespace {

constexpr std::size_t kChunkBytes = 16 * 1024;

Error SystemError(const std::string& what, int number) {
  return Unavailable(what + ": " + std::generic_category().message(number));
}

int MillisecondsLeft(Socket::Deadline deadline) {
  // Rounded up, so that a wait never ends early and then spins.
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, std::numeric_limits<int>::max()));
}

Result<std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>> ParseAddress(const std::string& address, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int status = getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (status != 0) return Unavailable(fmt::format("not an address: {}", gai_strerror(status)));
  return std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>(found, &freeaddrinfo);
}

}  // namespace

Result<Socket> Socket::Connect(const std::string& address, int port, Deadline deadline, std::uint32_t mark) {
  CP_ASSIGN_OR_RETURN(const auto target, ParseAddress(address, port));
  Socket socket(::socket(target->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.fd_ < 0) return SystemError("socket", errno);
  // Without it an unpipelined command can wait 40 ms for a delayed acknowledgement.
  const int on = 1;
  setsockopt(socket.fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (mark != 0) setsockopt(socket.fd_, SOL_SOCKET, SO_MARK, &mark, sizeof mark);
  if (connect(socket.fd_, target->ai_addr, target->ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return SystemError("connect", errno);
    CP_RETURN_IF_ERROR(socket.Wait(POLLOUT, deadline));
    int failed = 0;
    socklen_t size = sizeof failed;
    getsockopt(socket.fd_, SOL_SOCKET, SO_ERROR, &failed, &size);
    if (failed != 0) return SystemError("connect", failed);
  }
  return socket;
}

Socket::Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)), chunk_(std::move(other.chunk_)) {}

Socket::~Socket() {
  if (fd_ >= 0) close(fd_);
}

Status Socket::Wait(short events, Deadline deadline) const {
  for (;;) {
    pollfd waiting{.fd = fd_, .events = events, .revents = 0};
    const int ready = poll(&waiting, 1, MillisecondsLeft(deadline));
    if (ready > 0) return {};  // an error on the socket is ready too: the call that follows says which
    if (ready == 0) return Error{ErrorCode::kDeadlineExceeded, "the engine did not answer in time"};
    if (errno != EINTR) return SystemError("poll", errno);
  }
}

Status Socket::Write(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      CP_RETURN_IF_ERROR(Wait(POLLOUT, deadline));
    } else if (errno != EINTR) {
      return SystemError("send", errno);
    }
  }
  return {};
}

Result<std::string_view> Socket::Read(Deadline deadline) {
  chunk_.resize(kChunkBytes);
  for (;;) {
    CP_RETURN_IF_ERROR(Wait(POLLIN, deadline));
    const ssize_t received = recv(fd_, chunk_.data(), chunk_.size(), 0);
    if (received > 0) return std::string_view(chunk_.data(), static_cast<std::size_t>(received));
    if (received == 0) return Unavailable("the engine closed the connection");
    if (errno != EAGAIN && errno != EINTR) return SystemError("recv", errno);
  }
}

}  // namespace cacheplane::resp
