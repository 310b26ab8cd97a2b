// Makes what keeps this agent's leases, as its options and this host allow.
#pragma once

#include <memory>
#include <string>

#include "nodeagent/app/options.h"
#include "nodeagent/lease/promise_socket.h"
#include "nodeagent/network/fence.h"
#include "nodeagent/supervisor/event_loop.h"

namespace cacheplane::agent {

// Of the kernel's table that fences the engines of that home: each home has its own.
std::string FenceTable(const std::filesystem::path& home);
// Of the one that cuts it off for a drill.
std::string CutTable(const std::filesystem::path& home);

// kUnavailable: --fence kernel was asked for and cannot be had.
Result<std::unique_ptr<network::Fence>> MakeFence(const Options& options);

// Where peers reach this agent: as --peer-address says, else at this host's address towards the control plane, with a
// port that stays the same from one process of a home to the next, so that peers find it without the control plane's
// help. Does nothing when that is where it is bound. Errors as of PromiseSocket::Bind.
Status BindPromiseSocket(PromiseSocket& socket, const Options& options);

}  // namespace cacheplane::agent
