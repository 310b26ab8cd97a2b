// The endpoint map: which engines stand behind which address. Values only; both data paths serve it as it is.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/result.h"

namespace cacheplane::network {

// An IPv4 address and a TCP port. Only ParseSocketAddress makes one from foreign text, so the address is always a
// dotted quad in its canonical form and may be put into a rule.
struct SocketAddress {
  std::string address;
  std::uint16_t port = 0;

  auto operator<=>(const SocketAddress&) const = default;
};

// kInvalidArgument unless `address` is a dotted quad and `port` is within 1..65535.
Result<SocketAddress> ParseSocketAddress(const std::string& address, std::int64_t port);

// "127.20.0.5:6379"
std::string ToText(const SocketAddress& address);

using Targets = std::vector<SocketAddress>;
using Endpoints = std::map<SocketAddress, Targets>;

// Where an endpoint leads as soon as the agent of the former primary says that it opened that target in that epoch: the
// control plane has planned it so, and its map that says it afterwards comes later.
struct ArmedSwitch {
  SocketAddress target;
  std::uint64_t epoch = 0;

  bool operator==(const ArmedSwitch&) const = default;
};

// Versions grow; the highest one ever served is kept on disk (map_file.h).
struct EndpointMap {
  std::uint64_t version = 0;
  Endpoints endpoints;
  std::map<SocketAddress, ArmedSwitch> armed{};  // by endpoint

  bool operator==(const EndpointMap&) const = default;
};

// What is served after `wanted` was offered, and how it differs from what was offered.
struct Succession {
  EndpointMap map;
  // Offered without targets: these keep the targets they had.
  std::vector<SocketAddress> kept;
  // Offered without targets and never had any: these are not served.
  std::vector<SocketAddress> left_out;

  bool operator==(const Succession&) const = default;
};

// An endpoint is never published empty, and a lower version never replaces a higher one (kFailedPrecondition). What was
// switched stays so while it is armed.
Result<Succession> Succeed(const EndpointMap& served, const EndpointMap& wanted);

// `map` with every endpoint that is armed for `wanted` leading there; nothing when none is.
std::optional<EndpointMap> Switched(const EndpointMap& map, const ArmedSwitch& wanted);

// Endpoints of `now` that `before` did not serve, or served with other targets.
std::vector<SocketAddress> Changed(const Endpoints& before, const Endpoints& now);

}  // namespace cacheplane::network
