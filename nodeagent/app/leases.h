// Makes what keeps this agent's leases, as its options and this host allow.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "nodeagent/app/options.h"
#include "nodeagent/lease/promise_socket.h"
#include "nodeagent/network/fence.h"
#include "nodeagent/supervisor/event_loop.h"
#include "nodeagent/supervisor/supervisor.h"

namespace cacheplane::agent {

// Of the kernel's table that fences the engines of that home: each home has its own.
std::string FenceTable(const std::filesystem::path& home);
// Of the one that cuts it off for a drill.
std::string CutTable(const std::filesystem::path& home);

// kUnavailable: what --fence asks for cannot be had; kFailedPrecondition: the kernel still fences what a guard would
// have to. `loop` must outlive the fence.
Result<std::unique_ptr<network::Fence>> MakeFence(const Options& options, EventLoop& loop);

// The guard that an agent of that home left behind; null when none runs.
std::unique_ptr<network::Fence> FindGuard(const Options& options, EventLoop& loop);

// Unguards whatever is not open, for those engines may live on. Returns those of them that had ended already.
std::set<network::SocketAddress> UnguardClosed(network::Fence& fence, const Supervisor& supervisor);

// Of a home in which nothing runs that they could guard or cut off.
void RemoveFences(const Options& options);

// Where peers reach this agent: as --peer-address says, else at this host's address towards the control plane, with a
// port that stays the same from one process of a home to the next, so that peers find it without the control plane's
// help. Does nothing when that is where it is bound. Errors as of PromiseSocket::Bind.
Status BindPromiseSocket(PromiseSocket& socket, const Options& options);

}  // namespace cacheplane::agent
