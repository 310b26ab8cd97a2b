#include "tests/unit/resp/scripted_engine.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "common/check.h"

namespace cacheplane::resp {

ScriptedEngine::ScriptedEngine(std::vector<std::string> replies, std::function<void(std::size_t)> before) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  CP_CHECK(inet_pton(AF_INET, address_.c_str(), &place.sin_addr) == 1);
  CP_CHECK(bind(listener_, reinterpret_cast<sockaddr*>(&place), sizeof place) == 0);
  socklen_t size = sizeof place;
  CP_CHECK(getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &size) == 0);
  port_ = ntohs(place.sin_port);
  CP_CHECK(listen(listener_, 1) == 0);
  thread_ = std::thread([this, replies = std::move(replies), before = std::move(before)] { Serve(replies, before); });
}

ScriptedEngine::~ScriptedEngine() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

int ScriptedEngine::AwaitCommand(std::vector<int>& peers) const {
  for (;;) {
    std::vector<pollfd> waiting{{.fd = listener_, .events = POLLIN, .revents = 0}};
    for (const int peer : peers) waiting.push_back({.fd = peer, .events = POLLIN, .revents = 0});
    if (poll(waiting.data(), waiting.size(), -1) < 0) return -1;
    for (std::size_t i = 1; i < waiting.size(); ++i) {
      char command[4096];
      if (waiting[i].revents == 0) continue;
      return recv(waiting[i].fd, command, sizeof command, 0) <= 0 ? -1 : waiting[i].fd;
    }
    const int peer = accept(listener_, nullptr, nullptr);
    if (peer < 0) return -1;
    peers.push_back(peer);
  }
}

void ScriptedEngine::Serve(const std::vector<std::string>& replies, const std::function<void(std::size_t)>& before) {
  std::vector<int> peers;
  for (std::size_t number = 0; number < replies.size(); ++number) {
    const std::string& reply = replies[number];
    const int peer = AwaitCommand(peers);
    if (peer < 0) break;
    if (before) before(number);
    if (send(peer, reply.data(), reply.size(), MSG_NOSIGNAL) < 0) break;
  }
  // An empty last reply means silence: hold the connections, read nothing more, until the destructor shuts the
  // listener.
  pollfd stopped{.fd = listener_, .events = 0, .revents = 0};
  if (!replies.empty() && replies.back().empty()) poll(&stopped, 1, -1);
  for (const int peer : peers) close(peer);
}

}  // namespace cacheplane::resp
