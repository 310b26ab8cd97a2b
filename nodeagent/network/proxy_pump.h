// One direction of a proxied connection. Internal to the proxy path (see proxy_listener.h).
//
// Reads only what the other side has taken: while a chunk is stuck, nothing more is read, so the sender feels the
// receiver's pace. The end of the stream is passed on as such, and the other direction goes on.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <vector>

namespace cacheplane::network {

class ProxyPump {
 public:
  // Both sockets are non-blocking and outlive the pump. `ended(clean)` is called once: clean means end of stream.
  ProxyPump(boost::asio::ip::tcp::socket& from, boost::asio::ip::tcp::socket& to, std::function<void(bool)> ended)
      : from_(from), to_(to), on_ended_(std::move(ended)) {}

  // `owner` keeps the sockets and this pump alive while something is under way.
  void Start(std::shared_ptr<void> owner) { Wait(std::move(owner)); }

  bool ended() const { return ended_; }

 private:
  // Waiting without a buffer keeps an idle connection at a few hundred bytes.
  void Wait(std::shared_ptr<void> owner);
  void Move(std::shared_ptr<void> owner);
  void Drain(std::shared_ptr<void> owner);
  void End(bool clean);

  boost::asio::ip::tcp::socket& from_;
  boost::asio::ip::tcp::socket& to_;
  std::function<void(bool)> on_ended_;
  std::vector<char> stuck_;
  bool ended_ = false;
};

}  // namespace cacheplane::network
