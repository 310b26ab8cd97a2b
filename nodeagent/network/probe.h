// Asks whether anybody accepts TCP connections at an address.
#pragma once

#include <chrono>
#include <vector>

#include "nodeagent/network/endpoint_map.h"

namespace cacheplane::network {

// Those of `addresses` that accepted no connection within the deadline, in their order. All are asked at once, in
// groups of some hundred; the deadline is for each group. Connections are reset, so that none lingers.
std::vector<SocketAddress> Silent(const std::vector<SocketAddress>& addresses, std::chrono::milliseconds deadline);

}  // namespace cacheplane::network
