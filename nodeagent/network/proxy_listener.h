// One endpoint of the proxy: its listening socket and its connections. Internal to the proxy path: everything here
// runs on its one thread, and only its files include this header (it needs Boost.Asio).
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <set>

#include "nodeagent/network/endpoint_map.h"
#include "nodeagent/network/proxy_connection.h"

namespace cacheplane::network {

class ProxyListener : public std::enable_shared_from_this<ProxyListener> {
 public:
  // kUnavailable when the address cannot be listened on.
  static Result<std::shared_ptr<ProxyListener>> Open(boost::asio::io_context& context, const SocketAddress& endpoint,
                                                     const Targets& targets);
  // Stops listening and closes the connections, once the owner lets go of the shared pointer.
  ~ProxyListener();

  // Closes connections to targets that are gone; new connections go to the new ones.
  void Retarget(const Targets& targets);

 private:
  ProxyListener(boost::asio::io_context& context, const SocketAddress& endpoint, const Targets& targets);

  Status Listen();
  // Handlers hold weak references: the listener lives as long as the map names its endpoint.
  void Accept();
  void AcceptLater();
  void Take(boost::asio::ip::tcp::socket client);

  boost::asio::io_context& context_;
  const SocketAddress endpoint_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  bool failing_ = false;
  std::shared_ptr<ProxyRoute> route_;
  std::set<std::shared_ptr<ProxyConnection>> connections_;
};

}  // namespace cacheplane::network
