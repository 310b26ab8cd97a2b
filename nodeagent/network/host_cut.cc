#include "nodeagent/network/host_cut.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "common/text.h"
#include "nodeagent/network/nft_batch.h"
#include "nodeagent/network/nft_table.h"

namespace cacheplane::network {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

bool HasElements(const std::string& listing) {
  const Json document = Json::parse(listing, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return false;
  for (const Json& object : document.value("nftables", Json::array())) {
    const auto set = object.find("set");
    if (set != object.end() && !set->value("elem", Json::array()).empty()) return true;
  }
  return false;
}

using NameOfEnd = int (*)(int, sockaddr*, socklen_t*);

// nullopt: there is none, since nobody is connected.
std::optional<sockaddr_storage> EndOf(int fd, NameOfEnd name_of_end) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (name_of_end(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return std::nullopt;
  return storage;
}

// gRPC's sockets speak IPv6 and have IPv4 addresses mapped into it.
std::optional<SocketAddress> InIpv4(const sockaddr_storage& storage) {
  in_addr ip{};
  in_port_t port = 0;
  if (storage.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(storage);
    ip = four.sin_addr;
    port = four.sin_port;
  } else if (storage.ss_family == AF_INET6) {
    const auto& six = reinterpret_cast<const sockaddr_in6&>(storage);
    if (!IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)) return std::nullopt;
    std::memcpy(&ip, &six.sin6_addr.s6_addr[12], sizeof ip);
    port = six.sin6_port;
  } else {
    return std::nullopt;
  }
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, &ip, text.data(), text.size());
  return SocketAddress{text.data(), ntohs(port)};
}

bool IsTcp(int fd) {
  int protocol = 0;
  socklen_t size = sizeof protocol;
  return getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) == 0 && protocol == IPPROTO_TCP;
}

}  // namespace

Status HostCut::Prepare() {
  CP_RETURN_IF_ERROR(CheckTableName(table_));
  if (UnderWay()) return FailedPrecondition("it is cut off already");
  const auto made = nft_.Run(CutLayout(table_, mark_));
  if (made.ok()) return {};
  return FailedPrecondition(
      fmt::format("the host cannot be cut off without the kernel's packet filter: {}", made.error().message));
}

Status HostCut::Begin(const CutTargets& targets, std::chrono::milliseconds duration) {
  const auto cut = nft_.Run(CutBatch(table_, targets, duration));
  return cut.ok() ? Status() : Status(cut.error());
}

bool HostCut::UnderWay() {
  for (const char* set : {"engines", "tcp_sockets", "udp_sockets"}) {
    const auto listing = nft_.Run(fmt::format("list set ip {} {}", table_, set));
    if (listing.ok() && HasElements(*listing)) return true;
  }
  return false;
}

Status HostCut::Remove() {
  const auto removed = nft_.Run(RemovalOf(table_));
  return removed.ok() ? Status() : Status(removed.error());
}

Result<std::set<OwnSocket>> OwnConnections(const std::set<std::string>& engines) {
  std::set<OwnSocket> found;
  std::error_code error;
  for (auto entry = fs::directory_iterator("/proc/self/fd", error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const auto fd = ParseInt(entry->path().filename().string());
    if (!fd || !IsTcp(static_cast<int>(*fd))) continue;
    const auto far_end = EndOf(static_cast<int>(*fd), getpeername);
    const auto near_end = EndOf(static_cast<int>(*fd), getsockname);
    if (!far_end || !near_end) continue;
    const auto far = InIpv4(*far_end);
    const auto near = InIpv4(*near_end);
    if (!far || !near) return FailedPrecondition("a connection over IPv6, as to the control plane, cannot be cut");
    if (!engines.contains(far->address)) found.insert({Transport::kTcp, *near});
  }
  return found;
}

}  // namespace cacheplane::network
