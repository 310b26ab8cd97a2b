#include "nodeagent/network/proxy_listener.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "common/log.h"

namespace cacheplane::network {

using boost::asio::ip::tcp;

namespace {

constexpr int kBacklog = 4096;
// After a failed accept, such as for want of file descriptors.
constexpr std::chrono::milliseconds kAcceptPause{50};

}  // namespace

ProxyListener::ProxyListener(boost::asio::io_context& context, const SocketAddress& endpoint, const Targets& targets)
    : context_(context),
      endpoint_(endpoint),
      acceptor_(context),
      pause_(context),
      route_(std::make_shared<ProxyRoute>()) {
  route_->targets = targets;
}

ProxyListener::~ProxyListener() {
  for (const auto& connection : connections_) connection->Close();
}

Result<std::shared_ptr<ProxyListener>> ProxyListener::Open(boost::asio::io_context& context,
                                                           const SocketAddress& endpoint, const Targets& targets) {
  std::shared_ptr<ProxyListener> listener(new ProxyListener(context, endpoint, targets));
  CP_RETURN_IF_ERROR(listener->Listen());
  listener->Accept();
  return listener;
}

// The address may be in TIME_WAIT after a restart, hence reuse_address.
Status ProxyListener::Listen() {
  boost::system::error_code problem;
  const tcp::endpoint at = ToAsio(endpoint_);
  acceptor_.open(at.protocol(), problem);
  if (!problem) acceptor_.set_option(tcp::acceptor::reuse_address(true), problem);
  if (!problem) acceptor_.bind(at, problem);
  if (!problem) acceptor_.listen(kBacklog, problem);
  if (problem) return Unavailable(fmt::format("cannot listen on {}: {}", ToText(endpoint_), problem.message()));
  return {};
}

void ProxyListener::Accept() {
  acceptor_.async_accept([weak = weak_from_this()](const boost::system::error_code& problem, tcp::socket client) {
    const auto self = weak.lock();
    if (!self || problem == boost::asio::error::operation_aborted) return;
    if (problem) {
      if (!std::exchange(self->failing_, true))
        log::Warn("accept on {}: {}", ToText(self->endpoint_), problem.message());
      return self->AcceptLater();
    }
    self->failing_ = false;
    self->Take(std::move(client));
    self->Accept();
  });
}

void ProxyListener::AcceptLater() {
  pause_.expires_after(kAcceptPause);
  pause_.async_wait([weak = weak_from_this()](const boost::system::error_code& problem) {
    if (const auto self = weak.lock(); self && !problem) self->Accept();
  });
}

void ProxyListener::Take(tcp::socket client) {
  auto connection = std::make_shared<ProxyConnection>(context_, std::move(client), route_);
  connections_.insert(connection);
  connection->Start([weak = weak_from_this(), done = std::weak_ptr(connection)] {
    if (const auto self = weak.lock()) self->connections_.erase(done.lock());
  });
}

void ProxyListener::Retarget(const Targets& targets) {
  if (route_->targets == targets) return;
  route_->targets = targets;
  // Closing erases from connections_.
  const std::vector<std::shared_ptr<ProxyConnection>> connections(connections_.begin(), connections_.end());
  for (const auto& connection : connections) connection->CloseIfStray();
}

}  // namespace cacheplane::network
