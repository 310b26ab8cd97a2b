// Where clients are led (planned).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controlplane/model/ids.h"

namespace cacheplane::model {

struct Address {
  std::string ip;
  int port = 0;

  auto operator<=>(const Address&) const = default;
};

enum class EndpointKind { kPrimary, kReader };

// Where an endpoint leads as soon as an agent tells the router that it opened that target in that epoch.
struct ArmedSwitch {
  Address target;
  Epoch epoch;

  bool operator==(const ArmedSwitch&) const = default;
};

struct Endpoint {
  ClusterUid cluster;
  EndpointKind kind = EndpointKind::kPrimary;
  std::string subnet;
  Address address;
  // Version of the endpoint map in which it last changed; 0 while it was never published.
  std::uint64_t version = 0;
  std::vector<Address> targets;  // sorted; empty while never published
  // While a handover is under way (docs/adr/0012).
  std::optional<ArmedSwitch> armed{};

  bool operator==(const Endpoint&) const = default;
};

std::string_view EndpointKindName(EndpointKind kind);  // "primary", "reader"

}  // namespace cacheplane::model

template <>
struct fmt::formatter<cacheplane::model::Address> : fmt::formatter<std::string> {
  template <typename Context>
  auto format(const cacheplane::model::Address& address, Context& context) const {
    return fmt::formatter<std::string>::format(fmt::format("{}:{}", address.ip, address.port), context);
  }
};
