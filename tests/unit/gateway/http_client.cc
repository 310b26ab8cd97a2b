#include "tests/unit/gateway/http_client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "common/check.h"
#include "common/text.h"

namespace cacheplane::test {
namespace {

constexpr std::chrono::seconds kPatience{5};

std::size_t ContentLength(const std::string& headers) {
  const std::string lower = ToLower(headers);
  const std::size_t at = lower.find("content-length: ");
  return at == std::string::npos ? 0 : std::strtoul(lower.c_str() + at + 16, nullptr, 10);
}

}  // namespace

RawClient::RawClient(const std::string& address, int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  CP_CHECK(inet_pton(AF_INET, address.c_str(), &to.sin_addr) == 1);
  CP_CHECK(connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
}

RawClient::~RawClient() { close(fd_); }

bool RawClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawClient::Fill(std::chrono::steady_clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  pollfd waiting{fd_, POLLIN, 0};
  if (left.count() < 0 || poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return false;
  char bytes[4096];
  const ssize_t got = recv(fd_, bytes, sizeof bytes, 0);
  ended_ = got <= 0;
  if (!ended_) pending_.append(bytes, static_cast<std::size_t>(got));
  return !ended_;
}

std::optional<RawResponse> RawClient::Read() {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  std::size_t end = 0;
  while ((end = pending_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill(until)) return std::nullopt;
  }
  RawResponse response;
  response.headers = pending_.substr(0, end + 2);
  response.status = std::atoi(response.headers.c_str() + 9);
  const std::size_t length = ContentLength(response.headers);
  while (pending_.size() < end + 4 + length) {
    if (!Fill(until)) return std::nullopt;
  }
  response.body = pending_.substr(end + 4, length);
  pending_.erase(0, end + 4 + length);
  return response;
}

bool RawClient::ClosedWithin(std::chrono::milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  while (Fill(until)) pending_.clear();
  return ended_;
}

std::string Post(const std::string& path, const std::string& body, const std::string& host) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                     path, host, body.size(), body);
}

std::string Get(const std::string& path, const std::string& host) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", path, host);
}

}  // namespace cacheplane::test
