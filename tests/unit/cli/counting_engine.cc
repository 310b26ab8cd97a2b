#include "tests/unit/cli/counting_engine.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/check.h"

namespace cacheplane::cli {

CountingEngine::CountingEngine() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in name = {};
  name.sin_family = AF_INET;
  CP_CHECK(inet_pton(AF_INET, address_.c_str(), &name.sin_addr) == 1);
  CP_CHECK(bind(listener_, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0);
  CP_CHECK(listen(listener_, 8) == 0);
  socklen_t size = sizeof name;
  CP_CHECK(getsockname(listener_, reinterpret_cast<sockaddr*>(&name), &size) == 0);
  port_ = ntohs(name.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

CountingEngine::~CountingEngine() {
  stopping_ = true;
  thread_.join();
  DropClient();
  close(listener_);
}

void CountingEngine::Fail(std::chrono::milliseconds down, std::int64_t forgotten) {
  down_until_ = std::chrono::steady_clock::now() + down;
  counter_ -= forgotten;
}

void CountingEngine::Serve() {
  while (!stopping_) {
    if (std::chrono::steady_clock::now() < down_until_.load()) DropClient();
    pollfd watched[] = {{listener_, POLLIN, 0}, {client_, POLLIN, 0}};
    poll(watched, client_ < 0 ? 1 : 2, 1);
    if ((watched[0].revents & POLLIN) != 0) {
      DropClient();
      client_ = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    } else if (client_ >= 0 && watched[1].revents != 0) {
      ServeClient();
    }
  }
}

// The client waits for each answer, so that what is there is one command.
void CountingEngine::ServeClient() {
  char bytes[512];
  const ssize_t size = read(client_, bytes, sizeof bytes);
  const bool down = std::chrono::steady_clock::now() < down_until_.load();
  if (size <= 0 || down) return DropClient();
  const std::string answer = AnswerTo(std::string(bytes, static_cast<std::size_t>(size)));
  [[maybe_unused]] const ssize_t sent = send(client_, answer.data(), answer.size(), MSG_NOSIGNAL);
}

std::string CountingEngine::AnswerTo(const std::string& command) {
  if (command.find("INCR") == std::string::npos) {
    if (command.find("DEL") != std::string::npos) removed_ = true;
    return ":1\r\n";
  }
  if (refusing_) return "-READONLY You can't write against a read only replica.\r\n";
  return ":" + std::to_string(++counter_) + "\r\n";
}

void CountingEngine::DropClient() {
  if (client_ >= 0) close(client_);
  client_ = -1;
}

}  // namespace cacheplane::cli
