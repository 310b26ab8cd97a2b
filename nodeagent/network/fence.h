// What keeps an engine from acknowledging writes without a lease, even when everything that could look after it is
// frozen or gone. An address that is guarded answers nobody but this agent, except until the end of its lease.
//
//   kernel  the packet filter drops what comes in and goes out (kernel_fence.h); under a new lease it answers again
//   guard   a process of its own kills the engine (guard/guard_fence.h); another engine at that address is not meant
//   none    nothing does
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "common/clock.h"
#include "common/process.h"
#include "common/result.h"
#include "nodeagent/network/endpoint_map.h"

namespace cacheplane::network {

struct Lease {
  BootTime end{};       // one that is over closes the address at once
  ProcessId process{};  // which listens there
};
using Leases = std::map<SocketAddress, Lease>;

class Fence {
 public:
  virtual ~Fence() = default;

  // "kernel", "guard" or "none", as it is reported.
  virtual std::string kind() const = 0;
  // An end is for good: it takes the process as well, so that no new lease can follow.
  virtual bool kills() const { return false; }
  // Those that are guarded, by an earlier process of this agent too.
  virtual const std::set<SocketAddress>& guarded() const = 0;
  // In force when it returns. Idempotent; a lease replaces an earlier one of that address. All of them or, with an
  // error, perhaps none.
  virtual Status Guard(const Leases& leases) = 0;
  // Open for everybody from now on. Connections that are there first lose what they did not send, when `reset`: what an
  // engine answered behind the fence must never reach a client.
  virtual Status Unguard(const SocketAddress& address, bool reset) = 0;
};

// Guards nothing: for hosts where this agent may not change the kernel's tables.
std::unique_ptr<Fence> NoFence();

}  // namespace cacheplane::network
