#include "nodeagent/network/sealed.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "common/file.h"
#include "common/text.h"

namespace cacheplane::network {
namespace {

Error Failure(const std::string& what) { return Unavailable(fmt::format("{}: {}", what, std::strerror(errno))); }

std::string SealOf(std::string_view text, const std::string& token) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), token.data(), static_cast<int>(token.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest.data(), &size);
  std::string seal;
  for (unsigned int i = 0; i < size; ++i) seal += fmt::format("{:02x}", digest[i]);
  return seal;
}

}  // namespace

std::string Seal(const std::string& text, const std::string& token) { return text + " " + SealOf(text, token); }

std::optional<std::string_view> Unseal(std::string_view datagram, const std::string& token) {
  const std::size_t space = datagram.rfind(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view text = datagram.substr(0, space);
  const std::string_view seal = datagram.substr(space + 1);
  const std::string wanted = SealOf(text, token);
  if (seal.size() != wanted.size() || CRYPTO_memcmp(seal.data(), wanted.data(), wanted.size()) != 0) {
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> ReadToken(const std::filesystem::path& file) {
  const auto text = ReadFile(file);
  if (!text.ok() || Trim(*text).empty()) return std::nullopt;
  return std::string(Trim(*text));
}

Result<sockaddr_in> ParseInetAddress(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const auto port = colon == std::string::npos ? std::nullopt : ParseInt(text.substr(colon + 1));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  const bool good =
      port && *port >= 0 && *port <= 65535 && inet_pton(AF_INET, text.substr(0, colon).c_str(), &address.sin_addr) == 1;
  if (!good) return InvalidArgument(fmt::format("\"{}\" is no address; allowed: \"10.0.0.7:7071\"", text));
  address.sin_port = htons(static_cast<std::uint16_t>(*port));
  return address;
}

std::string IpOf(const sockaddr_in& address) {
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
  return text.data();
}

std::string ToText(const sockaddr_in& address) { return fmt::format("{}:{}", IpOf(address), ntohs(address.sin_port)); }

Result<int> BindDatagrams(sockaddr_in& own) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return Failure("socket");
  socklen_t size = sizeof own;
  if (bind(fd, Generic(own), size) == 0 && getsockname(fd, Generic(own), &size) == 0) return fd;
  const Error error = Failure(ToText(own));
  close(fd);
  return error;
}

Result<std::string> AddressTowards(const std::string& host_and_port) {
  const std::size_t colon = host_and_port.rfind(':');
  if (colon == std::string::npos) return InvalidArgument(fmt::format("\"{}\" has no port", host_and_port));
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  const int failed =
      getaddrinfo(host_and_port.substr(0, colon).c_str(), host_and_port.substr(colon + 1).c_str(), &hints, &found);
  if (failed != 0) return Unavailable(fmt::format("{}: {}", host_and_port, gai_strerror(failed)));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in own{};
  socklen_t size = sizeof own;
  const bool reached =
      fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) == 0 && getsockname(fd, Generic(own), &size) == 0;
  const Error error = Failure(host_and_port);
  if (fd >= 0) close(fd);
  if (!reached) return error;
  return IpOf(own);
}

}  // namespace cacheplane::network
