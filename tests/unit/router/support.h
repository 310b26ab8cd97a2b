// Real sockets for the router's tests: a network of the test's own where that is allowed, servers that say who they
// are, and clients with deadlines.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>

#include "nodeagent/network/endpoint_map.h"

namespace cacheplane::network {

// 127.24.<of this process>.<host>:<port>
SocketAddress At(int host, std::uint16_t port);

// Why this process has no network namespace of its own; empty when it has. Moves in on the first call, which must
// come before any thread is started.
const std::string& WhyNoPrivateNetwork();

// Polls until `condition` holds; false after five seconds.
bool Eventually(const std::function<bool()>& condition);

// Greets each connection with its name and a line feed, then sends back what it gets.
class NamedEcho {
 public:
  NamedEcho(std::string name, const SocketAddress& at);
  NamedEcho(const NamedEcho&) = delete;
  NamedEcho& operator=(const NamedEcho&) = delete;
  // Closes the listener and every connection.
  ~NamedEcho();

  int connections() const { return connections_; }

 private:
  void Run();

  const std::string name_;
  int listener_ = -1;
  int stop_[2] = {-1, -1};
  std::atomic<int> connections_ = 0;
  std::thread thread_;
};

// A connection with two-second deadlines.
class Client {
 public:
  explicit Client(const SocketAddress& to);
  Client(Client&& other) noexcept;
  Client& operator=(Client&&) = delete;
  ~Client();

  bool connected() const { return connected_; }
  // The server's name, "" when none came.
  std::string Greeting();
  bool Send(std::string_view bytes);
  // Exactly `size` bytes, fewer at the end of the stream or past the deadline.
  std::string Receive(std::size_t size);
  // What the server sends back.
  std::string Echo(std::string_view bytes);
  void EndSending();
  // The other side has ended or reset the connection; waits for it.
  bool Ended();
  int fd() const { return fd_; }

 private:
  int fd_;
  bool connected_ = false;
};

// Who answers behind the endpoint, over `connections` new connections; refusals count under "".
std::map<std::string, int> Answers(const SocketAddress& endpoint, int connections);

}  // namespace cacheplane::network
