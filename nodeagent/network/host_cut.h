// Cuts this agent and its engines off from everybody else for a while, in the kernel's packet filter: it ends in time
// whatever happens to this process.
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "common/result.h"
#include "nodeagent/network/cut_batch.h"
#include "nodeagent/network/nft.h"

namespace cacheplane::network {

class HostCut {
 public:
  // `mark`: SO_MARK of the agent's own connections to its engines, which pass.
  HostCut(std::string table, std::uint32_t mark) : table_(std::move(table)), mark_(mark) {}

  // Lays out the table (cut_batch.h); nothing is cut yet. kFailedPrecondition while a cut is under way, and without the
  // right or the kernel for it.
  Status Prepare();
  // After Prepare. In force when it returns, for `duration`.
  Status Begin(const CutTargets& targets, std::chrono::milliseconds duration);
  // Of an earlier process, too. False without the right to know.
  bool UnderWay();
  // Ends it, and removes the table, whether it is there or not.
  Status Remove();

 private:
  const std::string table_;
  const std::uint32_t mark_;
  Nft nft_;
};

// Near ends of this process's TCP connections, but for those to the addresses of `engines`. kFailedPrecondition when
// there is one over IPv6, which the table does not cut.
Result<std::set<OwnSocket>> OwnConnections(const std::set<std::string>& engines);

}  // namespace cacheplane::network
