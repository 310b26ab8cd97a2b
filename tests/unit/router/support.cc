#include "tests/unit/router/support.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "common/check.h"

namespace cacheplane::network {
namespace {

sockaddr_in ToSystem(const SocketAddress& address) {
  sockaddr_in system{};
  system.sin_family = AF_INET;
  system.sin_port = htons(address.port);
  inet_pton(AF_INET, address.address.c_str(), &system.sin_addr);
  return system;
}

std::string MoveIn() {
  if (unshare(CLONE_NEWNET) != 0) return fmt::format("unshare(CLONE_NEWNET): {}", std::strerror(errno));
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  ifreq loopback{};
  std::strcpy(loopback.ifr_name, "lo");
  loopback.ifr_flags = IFF_UP;
  const bool up = ioctl(fd, SIOCSIFFLAGS, &loopback) == 0;
  close(fd);
  return up ? "" : "the loopback device cannot be set up";
}

}  // namespace

SocketAddress At(int host, std::uint16_t port) { return {fmt::format("127.24.{}.{}", getpid() % 250, host), port}; }

const std::string& WhyNoPrivateNetwork() {
  static const std::string reason = MoveIn();
  return reason;
}

bool Eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

NamedEcho::NamedEcho(std::string name, const SocketAddress& at) : name_(std::move(name) + "\n") {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  const sockaddr_in address = ToSystem(at);
  CP_CHECK(bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
  CP_CHECK(listen(listener_, 1024) == 0);
  CP_CHECK(pipe(stop_) == 0);
  thread_ = std::thread([this] { Run(); });
}

NamedEcho::~NamedEcho() {
  close(stop_[1]);
  thread_.join();
  close(stop_[0]);
}

void NamedEcho::Run() {
  std::vector<pollfd> watched = {{stop_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
  std::vector<char> buffer(64 * 1024);
  while (poll(watched.data(), watched.size(), -1) > 0 && watched[0].revents == 0) {
    for (std::size_t i = watched.size() - 1; i >= 2; --i) {
      if (watched[i].revents == 0) continue;
      const ssize_t size = recv(watched[i].fd, buffer.data(), buffer.size(), 0);
      if (size > 0 && send(watched[i].fd, buffer.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) == size)
        continue;
      close(watched[i].fd);
      watched.erase(watched.begin() + static_cast<std::ptrdiff_t>(i));
      --connections_;
    }
    if (watched[1].revents == 0) continue;
    const int client = accept(listener_, nullptr, nullptr);
    if (client < 0) continue;
    ++connections_;
    send(client, name_.data(), name_.size(), MSG_NOSIGNAL);
    watched.push_back({client, POLLIN, 0});
  }
  for (std::size_t i = 1; i < watched.size(); ++i) close(watched[i].fd);
}

Client::Client(const SocketAddress& to) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{2, 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  const sockaddr_in address = ToSystem(to);
  connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

Client::Client(Client&& other) noexcept : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_) {}

Client::~Client() {
  if (fd_ >= 0) close(fd_);
}

std::string Client::Greeting() {
  std::string line;
  for (std::string next = Receive(1); !next.empty() && next != "\n"; next = Receive(1)) line += next;
  return line;
}

bool Client::Send(std::string_view bytes) {
  return send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

std::string Client::Receive(std::size_t size) {
  std::string bytes(size, '\0');
  const ssize_t received = recv(fd_, bytes.data(), size, MSG_WAITALL);
  bytes.resize(received > 0 ? static_cast<std::size_t>(received) : 0);
  return bytes;
}

std::string Client::Echo(std::string_view bytes) { return Send(bytes) ? Receive(bytes.size()) : ""; }

void Client::EndSending() { shutdown(fd_, SHUT_WR); }

bool Client::Ended() {
  char byte = 0;
  const ssize_t received = recv(fd_, &byte, 1, 0);
  return received == 0 || (received < 0 && errno == ECONNRESET);
}

std::map<std::string, int> Answers(const SocketAddress& endpoint, int connections) {
  std::map<std::string, int> answers;
  for (int i = 0; i < connections; ++i) ++answers[Client(endpoint).Greeting()];
  return answers;
}

}  // namespace cacheplane::network
