#include "nodeagent/network/endpoint_map.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <utility>

namespace cacheplane::network {

Result<SocketAddress> ParseSocketAddress(const std::string& address, std::int64_t port) {
  in_addr binary{};
  if (inet_pton(AF_INET, address.c_str(), &binary) != 1) {
    return InvalidArgument(fmt::format("\"{}\" is no IPv4 address", address));
  }
  if (port < 1 || port > 65535) return InvalidArgument(fmt::format("{} is no TCP port", port));
  std::array<char, INET_ADDRSTRLEN> canonical{};
  inet_ntop(AF_INET, &binary, canonical.data(), canonical.size());
  return SocketAddress{canonical.data(), static_cast<std::uint16_t>(port)};
}

std::string ToText(const SocketAddress& address) { return fmt::format("{}:{}", address.address, address.port); }

namespace {

bool IsSwitched(const EndpointMap& map, const SocketAddress& endpoint, const ArmedSwitch& wanted) {
  const auto armed = map.armed.find(endpoint);
  const auto targets = map.endpoints.find(endpoint);
  return armed != map.armed.end() && armed->second == wanted && targets != map.endpoints.end() &&
         targets->second == Targets{wanted.target};
}

}  // namespace

Result<Succession> Succeed(const EndpointMap& served, const EndpointMap& wanted) {
  if (wanted.version < served.version) {
    return FailedPrecondition(
        fmt::format("refused map version {}: version {} is newer", wanted.version, served.version));
  }
  Succession next{.map = wanted, .kept = {}, .left_out = {}};
  for (const auto& [endpoint, armed] : wanted.armed) {
    if (IsSwitched(served, endpoint, armed)) next.map.endpoints[endpoint] = {armed.target};
  }
  for (const auto& [endpoint, targets] : wanted.endpoints) {
    if (!targets.empty()) continue;
    const auto last = served.endpoints.find(endpoint);
    if (last == served.endpoints.end()) {
      next.left_out.push_back(endpoint);
      next.map.endpoints.erase(endpoint);
    } else {
      next.kept.push_back(endpoint);
      next.map.endpoints[endpoint] = last->second;
    }
  }
  return next;
}

std::optional<EndpointMap> Switched(const EndpointMap& map, const ArmedSwitch& wanted) {
  EndpointMap next = map;
  bool any = false;
  for (const auto& [endpoint, armed] : map.armed) {
    if (armed != wanted) continue;
    next.endpoints[endpoint] = {armed.target};
    any = true;
  }
  return any ? std::optional(std::move(next)) : std::nullopt;
}

std::vector<SocketAddress> Changed(const Endpoints& before, const Endpoints& now) {
  std::vector<SocketAddress> changed;
  for (const auto& [endpoint, targets] : now) {
    const auto old = before.find(endpoint);
    if (old == before.end() || old->second != targets) changed.push_back(endpoint);
  }
  return changed;
}

}  // namespace cacheplane::network
