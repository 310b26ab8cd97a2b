#include "controlplane/gateway/http_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <thread>
#include <utility>

#include "common/log.h"
#include "controlplane/gateway/http_connection.h"

namespace cacheplane::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::chrono::milliseconds kAcceptRetry{100};

}  // namespace

std::string_view HttpRequest::Header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& h) { return h.first == name; });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

struct HttpServer::Impl {
  Impl(const Options& options, HttpHandler handler)
      : shared(std::make_shared<HttpShared>(options, std::move(handler))),
        acceptor(asio::make_strand(shared->io)),
        retry_timer(acceptor.get_executor()) {}

  Status Listen() {
    error_code error;
    const auto address = asio::ip::make_address(shared->options.address, error);
    if (error) return InvalidArgument(fmt::format("\"{}\" is not an IP address", shared->options.address));
    const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(shared->options.port));
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) return {};
    return Unavailable(
        fmt::format("cannot listen on {}:{}: {}", shared->options.address, shared->options.port, error.message()));
  }

  void Accept() {
    acceptor.async_accept(asio::make_strand(shared->io), [this](error_code error, tcp::socket socket) {
      if (!acceptor.is_open()) return;
      if (error) return AcceptLater(error);
      Welcome(std::move(socket));
      Accept();
    });
  }

  void Welcome(tcp::socket socket) {
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto connection = std::make_shared<HttpConnection>(shared, std::move(socket));
    if (shared->connections.Add(connection)) return connection->Start();
    connection->TurnAway();
  }

  // Out of descriptors, most likely: trying again at once would spin.
  void AcceptLater(error_code error) {
    log::Warn("cannot accept an HTTP connection: {}", error.message());
    retry_timer.expires_after(kAcceptRetry);
    retry_timer.async_wait([this](error_code cancelled) {
      if (!cancelled && acceptor.is_open()) Accept();
    });
  }

  void Stop() {
    asio::post(acceptor.get_executor(), [this] {
      error_code ignored;
      acceptor.close(ignored);
      retry_timer.cancel();
    });
    for (const auto& connection : shared->connections.Close()) connection->Close();
    for (std::thread& thread : threads) thread.join();
    threads.clear();
  }

  std::shared_ptr<HttpShared> shared;
  tcp::acceptor acceptor;  // used on its strand, like the timer, once the threads run
  asio::steady_timer retry_timer;
  std::vector<std::thread> threads;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() { Shutdown(); }

Result<std::unique_ptr<HttpServer>> HttpServer::Start(const Options& options, HttpHandler handler) {
  auto impl = std::make_unique<Impl>(options, std::move(handler));
  CP_RETURN_IF_ERROR(impl->Listen());
  impl->Accept();
  for (int i = 0; i < options.threads; ++i) {
    impl->threads.emplace_back([shared = impl->shared] { shared->io.run(); });
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

int HttpServer::port() const {
  error_code ignored;
  return impl_->acceptor.local_endpoint(ignored).port();
}

void HttpServer::Shutdown() { impl_->Stop(); }

}  // namespace cacheplane::gateway
