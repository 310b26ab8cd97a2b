// What whoever keeps leases is asked and told about engines that are open, or about to be. Wired in app/; empty
// functions ask nobody. All but `lead` are called on the loop's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/result.h"
#include "nodeagent/decide/assignment.h"

namespace cacheplane::agent {

struct OpenHooks {
  // Before an engine is opened by this agent, or may be opened by another one that hands over to it. An error delays
  // that: its message is reported, and the question is asked again a moment later.
  std::function<Status(const Assignment&)> may_open{};
  // It is not open any more: a replica now, or its process has ended. Follows a may_open or an engine found open.
  std::function<void(const std::string& incarnation)> closed{};
  // The successor is open: has those routers lead clients there, and returns when they do, or when waiting for it costs
  // more than it saves. Blocks, and is called on a thread that may.
  std::function<void(const std::vector<std::string>& routers, const Address& successor, std::uint64_t epoch)> lead{};
  // NodeFact.promised.
  std::function<bool(const std::string& incarnation)> promised{};
};

// An engine that is open as primary or assigned to be, also while it awaits a handover.
struct OpenPrimary {
  std::string incarnation{};
  std::uint64_t epoch = 0;  // in which it is open, or will be, or hands over
  Address listen{};
  std::string internal_password{};
  bool leased = false;  // takes writes only under a lease, also once it is deposed and not yet a replica
  bool alone = false;   // assigned as primary, and nobody else could be promoted: it needs no lease
  // It is, or will be, opened in that epoch, and nothing proves yet that the former primary takes no writes.
  bool unproven = false;
  std::vector<Peer> peers{};

  bool operator==(const OpenPrimary&) const = default;
};

}  // namespace cacheplane::agent
