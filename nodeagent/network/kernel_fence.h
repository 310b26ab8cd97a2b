// The fence in the kernel's packet filter: it holds whatever happens to this process.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "nodeagent/network/fence.h"

namespace cacheplane::network {

// kUnavailable without the right to change the kernel's tables; nothing is left behind then. The table (fence_batch.h)
// is made with the first address that is guarded; of one that is there its guarded addresses are taken over.
// `mark`: SO_MARK of connections that pass it.
// The kernel counts a lease from the instant its table is changed: whoever was held up around that has added to it, and
// takes it back at once. Guard then answers kUnavailable.
Result<std::unique_ptr<Fence>> KernelFence(const std::string& table, std::uint32_t mark);

// Removes the table, whether it is there or not: nobody is guarded any more.
Status RemoveKernelFence(const std::string& table);

}  // namespace cacheplane::network
