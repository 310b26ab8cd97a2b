// Datagrams between programs that have the join token: text, a space, and the seal, an HMAC-SHA256 of the text under
// that token.
#pragma once

#include <netinet/in.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "common/result.h"

namespace cacheplane::network {

inline constexpr std::size_t kLongestDatagram = 1024;

// All of the datagram.
std::string Seal(const std::string& text, const std::string& token);
// The text without its seal; nothing when that is wrong.
std::optional<std::string_view> Unseal(std::string_view datagram, const std::string& token);

// Nothing when the file cannot be read or is empty: nothing is sent or believed then.
std::optional<std::string> ReadToken(const std::filesystem::path& file);

// Of "10.0.0.7:7071", port 0 allowed; kInvalidArgument.
Result<sockaddr_in> ParseInetAddress(const std::string& text);
std::string ToText(const sockaddr_in& address);
std::string IpOf(const sockaddr_in& address);
inline sockaddr* Generic(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

// A datagram socket that does not block, bound to `own`, which then has the port that it got. kUnavailable.
Result<int> BindDatagrams(sockaddr_in& own);

// The address of this host from which `host_and_port` is reached; kUnavailable when there is none.
Result<std::string> AddressTowards(const std::string& host_and_port);

}  // namespace cacheplane::network
