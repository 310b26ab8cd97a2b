#include "nodeagent/network/proxy_connection.h"

#include <netinet/tcp.h>

#include <algorithm>
#include <boost/asio/ip/address_v4.hpp>
#include <chrono>
#include <utility>

namespace cacheplane::network {

using boost::asio::ip::tcp;
using std::chrono::milliseconds;

namespace {

// How long a new connection waits for a target; longer than any failover by an exit that was seen.
constexpr milliseconds kHold{5000};
// A target that neither accepts nor refuses.
constexpr milliseconds kDialTimeout{1000};
// Between rounds over the targets.
constexpr milliseconds kDialPause{10};
// Bounds the memory and descriptors of waiting clients; those beyond it are turned away at once.
constexpr std::size_t kMostHeld = 2048;

// Keepalive finds a peer whose host vanished in about a minute; NODELAY since requests are small and waited for.
void SetOptions(tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(boost::asio::socket_base::keep_alive(true), ignored);
  const auto set = [&](int option, int seconds) {
    setsockopt(socket.native_handle(), IPPROTO_TCP, option, &seconds, sizeof(seconds));
  };
  set(TCP_KEEPIDLE, 30);
  set(TCP_KEEPINTVL, 10);
  set(TCP_KEEPCNT, 3);
  socket.non_blocking(true, ignored);
}

}  // namespace

tcp::endpoint ToAsio(const SocketAddress& address) {
  return {boost::asio::ip::make_address_v4(address.address), address.port};
}

ProxyConnection::ProxyConnection(boost::asio::io_context& context, tcp::socket client,
                                 std::shared_ptr<ProxyRoute> route)
    : client_(std::move(client)), engine_(context), timer_(context), route_(std::move(route)) {}

void ProxyConnection::Start(std::function<void()> done) {
  done_ = std::move(done);
  if (route_->held >= kMostHeld) return Close();
  held_ = true;
  ++route_->held;
  SetOptions(client_);
  hold_until_ = std::chrono::steady_clock::now() + kHold;
  Dial();
}

bool ProxyConnection::IsTarget(const SocketAddress& address) const {
  return std::find(route_->targets.begin(), route_->targets.end(), address) != route_->targets.end();
}

void ProxyConnection::Dial() {
  target_ = route_->targets[route_->turn++ % route_->targets.size()];
  timer_.expires_after(kDialTimeout);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    boost::system::error_code ignored;
    if (!cancelled && self->held_) self->engine_.close(ignored);
  });
  engine_.async_connect(ToAsio(target_), [self = shared_from_this()](const boost::system::error_code& problem) {
    self->OnDialled(problem);
  });
}

void ProxyConnection::OnDialled(const boost::system::error_code& problem) {
  if (closed_) return;
  timer_.cancel();
  if (problem || !engine_.is_open() || !IsTarget(target_)) return NextTarget();
  Forward();
}

void ProxyConnection::NextTarget() {
  boost::system::error_code ignored;
  engine_.close(ignored);
  if (std::chrono::steady_clock::now() >= hold_until_) return Close();
  ++tried_;
  if (tried_ % route_->targets.size() != 0) return Dial();
  DialAfterPause();
}

void ProxyConnection::DialAfterPause() {
  timer_.expires_after(kDialPause);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    if (!cancelled && !self->closed_) self->Dial();
  });
}

void ProxyConnection::Forward() {
  held_ = false;
  --route_->held;
  SetOptions(engine_);
  const auto ended = [this](bool clean) { OnPumpEnded(clean); };
  upstream_.emplace(client_, engine_, ended);
  downstream_.emplace(engine_, client_, ended);
  upstream_->Start(shared_from_this());
  downstream_->Start(shared_from_this());
}

void ProxyConnection::OnPumpEnded(bool clean) {
  if (!clean || (upstream_->ended() && downstream_->ended())) Close();
}

void ProxyConnection::CloseIfStray() {
  if (!held_ && !IsTarget(target_)) Close();
}

void ProxyConnection::Close() {
  if (std::exchange(closed_, true)) return;
  if (std::exchange(held_, false)) --route_->held;
  boost::system::error_code ignored;
  timer_.cancel();
  client_.close(ignored);
  engine_.close(ignored);
  if (const auto done = std::exchange(done_, nullptr)) done();
}

}  // namespace cacheplane::network
