// Pure: the nftables transactions of the kernel's fence.
//
//   input, output (filter hooks)
//     connections of this agent (their mark)                   accept
//     near end in @guarded and not in @leased                  drop, both ways, but for resets on their way out
//
// Both ways, since what an engine had read before its lease ended would else be acknowledged (measured: one command for
// every connection). Elements of @leased end by themselves. Adding one again does not refresh it, so that a renewal is
// add, delete, add in one transaction.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "nodeagent/network/endpoint_map.h"

namespace cacheplane::network {

// How long each address may still answer.
using TimesLeft = std::map<SocketAddress, std::chrono::milliseconds>;

// Makes the table or brings its rules up to date; elements stay. `mark`: SO_MARK of connections that pass.
std::string FenceLayout(const std::string& table, std::uint32_t mark);
std::string GuardBatch(const std::string& table, const TimesLeft& times);
std::string UnguardBatch(const std::string& table, const SocketAddress& address);

}  // namespace cacheplane::network
