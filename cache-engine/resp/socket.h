// A TCP connection whose every wait has a deadline. Only the client uses it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/result.h"

namespace cacheplane::resp {

class Socket {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  // `address` is an IPv4 or IPv6 address, never a name: looking one up could outlast the deadline.
  // kUnavailable with the reason, kDeadlineExceeded. See Client::Connect for `mark`.
  static Result<Socket> Connect(const std::string& address, int port, Deadline deadline, std::uint32_t mark);

  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) = delete;
  ~Socket();

  // All of it, or kUnavailable or kDeadlineExceeded.
  Status Write(std::string_view bytes, Deadline deadline);

  // What is there, at least one byte, valid until the next call; kUnavailable when the other side has closed.
  Result<std::string_view> Read(Deadline deadline);

 private:
  explicit Socket(int fd) : fd_(fd) {}
  Status Wait(short events, Deadline deadline) const;

  int fd_;
  std::string chunk_;
};

}  // namespace cacheplane::resp
