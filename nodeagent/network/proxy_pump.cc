#include "nodeagent/network/proxy_pump.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

namespace cacheplane::network {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// Bytes pass through here between one read and the write right after it; one per thread is enough.
std::array<char, 64 * 1024>& Scratch() {
  thread_local std::array<char, 64 * 1024> scratch;
  return scratch;
}

}  // namespace

void ProxyPump::Wait(std::shared_ptr<void> owner) {
  from_.async_wait(tcp::socket::wait_read, [this, owner = std::move(owner)](const error_code& problem) mutable {
    if (problem) return End(false);
    Move(std::move(owner));
  });
}

void ProxyPump::Move(std::shared_ptr<void> owner) {
  auto& scratch = Scratch();
  error_code problem;
  const std::size_t size = from_.read_some(asio::buffer(scratch), problem);
  if (problem == asio::error::would_block) return Wait(std::move(owner));
  if (problem == asio::error::eof) {
    error_code ignored;
    to_.shutdown(tcp::socket::shutdown_send, ignored);
    return End(true);
  }
  if (problem) return End(false);

  const std::size_t sent = to_.write_some(asio::buffer(scratch.data(), size), problem);
  if (problem && problem != asio::error::would_block) return End(false);
  if (sent == size) return Wait(std::move(owner));
  stuck_.assign(scratch.begin() + static_cast<std::ptrdiff_t>(sent),
                scratch.begin() + static_cast<std::ptrdiff_t>(size));
  Drain(std::move(owner));
}

void ProxyPump::Drain(std::shared_ptr<void> owner) {
  asio::async_write(to_, asio::buffer(stuck_),
                    [this, owner = std::move(owner)](const error_code& problem, std::size_t) mutable {
                      if (problem) return End(false);
                      stuck_ = {};
                      Wait(std::move(owner));
                    });
}

void ProxyPump::End(bool clean) {
  if (ended_) return;
  ended_ = true;
  on_ended_(clean);
}

}  // namespace cacheplane::network
