#include "nodeagent/network/probe.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>

namespace cacheplane::network {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

// Few enough to stay clear of any limit on open files.
constexpr std::size_t kGroup = 256;

// A socket on its way to being connected; -1 when that failed at once.
int StartConnect(const SocketAddress& address) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const linger reset{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(address.port);
  inet_pton(AF_INET, address.address.c_str(), &peer.sin_addr);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&peer), sizeof(peer)) == 0 || errno == EINPROGRESS) return fd;
  close(fd);
  return -1;
}

bool Connected(int fd) {
  int error = 0;
  socklen_t size = sizeof(error);
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

// Closes what has an answer (fd becomes -1, which poll ignores) and notes who accepted.
void Settle(std::vector<pollfd>& waiting, std::vector<bool>& accepted) {
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (waiting[i].fd < 0 || waiting[i].revents == 0) continue;
    accepted[i] = Connected(waiting[i].fd);
    close(waiting[i].fd);
    waiting[i].fd = -1;
  }
}

std::vector<bool> Ask(std::span<const SocketAddress> addresses, SteadyTime deadline) {
  std::vector<bool> accepted(addresses.size());
  std::vector<pollfd> waiting;
  for (const SocketAddress& address : addresses) waiting.push_back({StartConnect(address), POLLOUT, 0});
  const auto open = [](const pollfd& each) { return each.fd >= 0; };
  while (std::any_of(waiting.begin(), waiting.end(), open)) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    if (poll(waiting.data(), waiting.size(), static_cast<int>(left.count())) > 0) Settle(waiting, accepted);
  }
  for (const pollfd& each : waiting) {
    if (open(each)) close(each.fd);
  }
  return accepted;
}

}  // namespace

std::vector<SocketAddress> Silent(const std::vector<SocketAddress>& addresses, std::chrono::milliseconds deadline) {
  std::vector<SocketAddress> silent;
  for (std::size_t start = 0; start < addresses.size(); start += kGroup) {
    const auto group = std::span(addresses).subspan(start, std::min(kGroup, addresses.size() - start));
    const std::vector<bool> accepted = Ask(group, std::chrono::steady_clock::now() + deadline);
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (!accepted[i]) silent.push_back(group[i]);
    }
  }
  return silent;
}

}  // namespace cacheplane::network
