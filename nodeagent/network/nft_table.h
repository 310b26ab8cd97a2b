// Our nftables table as a value: what the kernel holds, or shall hold, element by element.
//
//   output, prerouting  (nat hooks: local clients, remote clients)
//     ip daddr . tcp dport  vmap @spreads            endpoint → goto spread_N, N being its number of targets
//   spread_N
//     dnat to  ip daddr . tcp dport . numgen random mod N  map @targets      endpoint and slot → target
//
// An endpoint is one element of `spreads` and N elements of `targets`; repointing a primary's endpoint changes one
// element. NAT hooks see the first packet of a connection only, so established connections never notice.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "nodeagent/network/endpoint_map.h"

namespace cacheplane::network {

struct Slot {
  SocketAddress endpoint;
  std::size_t number = 0;

  auto operator<=>(const Slot&) const = default;
};

struct NftTable {
  // False: missing, or not laid out as above; it is then built from nothing.
  bool usable = false;
  // Numbers N for which a chain spread_N is there.
  std::set<std::size_t> chains;
  std::map<SocketAddress, std::size_t> spreads;
  std::map<Slot, SocketAddress> targets;

  bool operator==(const NftTable&) const = default;
};

// The table that serves `endpoints`, none of which is without targets.
NftTable TableFor(const Endpoints& endpoints);

// Letters, digits and underscores, first a letter, at most 64; else kInvalidArgument.
Status CheckTableName(const std::string& name);

}  // namespace cacheplane::network
