// Leases, as the agent has them, and as they are told to the guard.
#pragma once

#include "common/result.h"
#include "nodeagent/guard/guard_message.h"
#include "nodeagent/network/fence.h"

namespace cacheplane::guard {

Entry ToEntry(const network::SocketAddress& address, const network::Lease& lease);
// kInternal when an address is none.
Result<network::Leases> LeasesIn(const Packet& packet);

}  // namespace cacheplane::guard
