// Where agents ask one another for promises: sealed datagrams (decide/promise_message.h) over UDP, since a question
// that is late is worth nothing and the next one comes soon. On the loop's thread.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include "common/result.h"
#include "nodeagent/decide/promise_message.h"
#include "nodeagent/supervisor/event_loop.h"

namespace cacheplane::agent {

class PromiseSocket {
 public:
  using Handler = std::function<void(const PromiseMessage&, const std::string& sender)>;

  // `token_file`: the join token, read anew for each datagram.
  PromiseSocket(EventLoop& loop, std::filesystem::path token_file) : loop_(loop), token_file_(std::move(token_file)) {}
  ~PromiseSocket() { Close(); }
  PromiseSocket(const PromiseSocket&) = delete;
  PromiseSocket& operator=(const PromiseSocket&) = delete;

  // Hears and speaks at `address` from now on, "ip:port", port 0 for any that is free. kInvalidArgument, kUnavailable
  // (in use, not an address of this host): it is bound to nothing then, and asks and answers nobody.
  Status Bind(const std::string& address);
  // "ip:port" with the port it has; "" while it has none.
  const std::string& address() const { return address_; }
  void OnMessage(Handler handler) { handler_ = std::move(handler); }
  // What cannot be sent is lost, as what is sent may be.
  void Send(const std::string& address, const PromiseMessage& message);

 private:
  void Close();
  void Receive();

  EventLoop& loop_;
  const std::filesystem::path token_file_;
  int fd_ = -1;
  std::string address_;
  Handler handler_;
  EventLoop::Id watch_ = 0;
};

}  // namespace cacheplane::agent
