// One client's connection through the proxy. Internal to the proxy path (see proxy_listener.h).
//
//   dialling ──connected──► forwarding ──both directions ended, error, target left──► closed
//      │ ▲ refused: next target, a pause after each round
//      └─┴── kHold after the accept ──► closed
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "nodeagent/network/endpoint_map.h"
#include "nodeagent/network/proxy_pump.h"

namespace cacheplane::network {

// What an endpoint's connections share.
struct ProxyRoute {
  Targets targets;
  // Counts dials: connections take the targets in turn.
  std::size_t turn = 0;
  // Connections that have no target yet.
  std::size_t held = 0;
};

boost::asio::ip::tcp::endpoint ToAsio(const SocketAddress& address);

class ProxyConnection : public std::enable_shared_from_this<ProxyConnection> {
 public:
  ProxyConnection(boost::asio::io_context& context, boost::asio::ip::tcp::socket client,
                  std::shared_ptr<ProxyRoute> route);

  // `done` is called once, when the connection is closed.
  void Start(std::function<void()> done);
  // Closes it if it is connected to something that is no target any more.
  void CloseIfStray();
  void Close();

 private:
  void Dial();
  void DialAfterPause();
  void OnDialled(const boost::system::error_code& problem);
  void NextTarget();
  void Forward();
  void OnPumpEnded(bool clean);
  bool IsTarget(const SocketAddress& address) const;

  boost::asio::ip::tcp::socket client_;
  boost::asio::ip::tcp::socket engine_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<ProxyRoute> route_;
  std::function<void()> done_;
  std::chrono::steady_clock::time_point hold_until_;
  SocketAddress target_;
  std::size_t tried_ = 0;
  bool held_ = false;
  bool closed_ = false;
  std::optional<ProxyPump> upstream_;
  std::optional<ProxyPump> downstream_;
};

}  // namespace cacheplane::network
