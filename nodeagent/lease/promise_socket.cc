#include "nodeagent/lease/promise_socket.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <utility>

#include "common/log.h"
#include "nodeagent/network/sealed.h"

namespace cacheplane::agent {

using network::Generic;
using network::ToText;

Status PromiseSocket::Bind(const std::string& address) {
  Close();
  CP_ASSIGN_OR_RETURN(sockaddr_in own, network::ParseInetAddress(address));
  CP_ASSIGN_OR_RETURN(fd_, network::BindDatagrams(own));
  watch_ = loop_.Watch(fd_, [this] { Receive(); });
  address_ = ToText(own);
  return {};
}

void PromiseSocket::Close() {
  if (fd_ < 0) return;
  loop_.Unwatch(watch_);
  close(fd_);
  fd_ = -1;
  address_.clear();
}

void PromiseSocket::Send(const std::string& address, const PromiseMessage& message) {
  const auto token = network::ReadToken(token_file_);
  auto target = network::ParseInetAddress(address);
  if (fd_ < 0 || !token || !target.ok()) return;
  const std::string datagram = network::Seal(Encode(message), *token);
  (void)sendto(fd_, datagram.data(), datagram.size(), MSG_NOSIGNAL, Generic(*target), sizeof *target);
}

void PromiseSocket::Receive() {
  std::array<char, network::kLongestDatagram> buffer;
  sockaddr_in sender{};
  socklen_t size = sizeof sender;
  const ssize_t got = recvfrom(fd_, buffer.data(), buffer.size(), 0, Generic(sender), &size);
  const auto token = network::ReadToken(token_file_);
  if (got <= 0 || !token || !handler_) return;
  const auto text = network::Unseal({buffer.data(), static_cast<std::size_t>(got)}, *token);
  const auto message = text ? ParsePromiseMessage(*text) : Result<PromiseMessage>(InvalidArgument("not sealed by us"));
  if (!message.ok()) return log::Debug("datagram from {}: {}", ToText(sender), message.error().message);
  handler_(*message, ToText(sender));
}

}  // namespace cacheplane::agent
