// Pure: the nftables transactions of a host that is cut off for a while.
//
//   input, output (filter hooks)
//     connections of this agent to its engines (their mark), engine to engine    accept
//     to or from an address in @engines                                          drop
//     near end in @tcp_sockets or @udp_sockets                                   drop
//
// Elements end by themselves. TCP and UDP are apart: a protocol within a set's key makes nft 1.0.6 crash when it lists
// that as JSON (measured). On output as well, since several agents may share a host: what one says to the other
// passes no other hook of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>

#include "nodeagent/network/endpoint_map.h"

namespace cacheplane::network {

enum class Transport { kTcp, kUdp };

// Near end of a connection, or of whoever receives datagrams.
struct OwnSocket {
  Transport transport = Transport::kTcp;
  SocketAddress address;

  auto operator<=>(const OwnSocket&) const = default;
};

struct CutTargets {
  std::set<std::string> engines;  // addresses, whatever the port
  std::set<OwnSocket> sockets;
};

// The table without elements, made anew: nothing is cut. `mark`: SO_MARK of connections that pass.
std::string CutLayout(const std::string& table, std::uint32_t mark);
std::string CutBatch(const std::string& table, const CutTargets& targets, std::chrono::milliseconds duration);

}  // namespace cacheplane::network
