// What an agent knows of its leases: permission for an engine to take writes until some instant. Pure; lease/ asks,
// answers and enforces.
//
// A lease comes from the control plane, or, while that is not heard, from the agents of all other nodes of the shard,
// each of which promises not to open its node before that time is over. Either way its end counts from the instant in
// which the request was sent, so that a slow answer can only shorten it.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/clock.h"
#include "nodeagent/decide/assignment.h"

namespace cacheplane::agent {

// What peers promise for. The control plane says for how long it grants.
inline constexpr std::chrono::milliseconds kPromiseDuration{1000};
// A promise binds for longer than it is good for, by what clocks drift and a kernel's timer may be late.
inline constexpr std::chrono::milliseconds kPromiseMargin{100};
// Requests in a lease duration: three may be lost.
inline constexpr std::chrono::milliseconds kAskEvery{250};
// The control plane's latest grant is older than this: it is not heard, and the peers are asked.
inline constexpr std::chrono::milliseconds kGrantMissed{300};
// SO_MARK of an agent's own connections to its engines, which pass the fence.
inline constexpr std::uint32_t kAgentMark = 0x63706c61;
// An engine is not opened for less.
inline constexpr std::chrono::milliseconds kWorthOpening{50};

struct LeasedNode {
  std::string incarnation{};
  std::uint64_t epoch = 0;

  auto operator<=>(const LeasedNode&) const = default;
};

struct LeaseGrant {
  std::uint64_t sequence = 0;  // of the request that it answers
  std::vector<LeasedNode> nodes{};
  std::chrono::milliseconds duration{0};

  bool operator==(const LeaseGrant&) const = default;
};

// The leases of this agent, by node and epoch: one of another epoch means nothing.
class LeaseLedger {
 public:
  // A request to the control plane is sent now; returns its sequence.
  std::uint64_t Ask(BootTime now);
  // Nothing when the request is not known (any more).
  void Take(const LeaseGrant& grant);
  // When the latest granted request was sent; the epoch of the clock when none was.
  BootTime LastGranted() const { return last_granted_; }

  // A round of questions to `peers` is sent now; an earlier one of that node is given up. Returns its number.
  std::uint64_t AskPeers(const LeasedNode& node, const std::vector<std::string>& peers, BootTime now);
  // The peer has promised. True when it was the last of its round, and the lease is good for kPromiseDuration.
  bool Promised(std::uint64_t round, const std::string& peer);

  // The epoch of the clock when there is none.
  BootTime EndOf(const LeasedNode& node) const;
  void Forget(const std::string& incarnation);

 private:
  struct Lease {
    std::uint64_t epoch = 0;
    BootTime end{};
  };
  struct Round {
    LeasedNode node{};
    BootTime sent{};
    std::set<std::string> missing{};
  };
  void Extend(const LeasedNode& node, BootTime end);

  std::uint64_t last_sequence_ = 0;
  std::deque<std::pair<std::uint64_t, BootTime>> sent_;  // the latest requests
  BootTime last_granted_{};
  std::map<std::string, Lease> leases_;
  std::uint64_t last_round_ = 0;
  std::map<std::uint64_t, Round> rounds_;
};

// The epoch in which the node may be promised not to be opened: none once its agent may open it itself. The former
// primary may be cut off and know that epoch too: it is the one in which it handed over, or in which it is a replica
// that has not answered yet.
std::optional<std::uint64_t> PromisingEpoch(const Assignment& assignment);

// What this agent has promised to others: until when each of its nodes is not opened without proof that the former
// primary cannot take writes. An agent that starts does not know what it promised before, so that everything is shut
// for as long as a promise binds.
class PromiseLedger {
 public:
  explicit PromiseLedger(BootTime started) : started_(started) {}

  // `own_epoch` is that of the asked node's assignment. False: the asker may be deposed, or knows less than we do.
  bool Promise(const std::string& incarnation, std::uint64_t own_epoch, std::uint64_t askers_epoch, BootTime now);
  // Until then it is not opened without proof.
  BootTime ShutUntil(const std::string& incarnation) const;
  // It has promised, and that promise still binds: somebody else's engine takes writes.
  bool Binds(const std::string& incarnation, BootTime now) const;
  void Forget(const std::string& incarnation) { promises_.erase(incarnation); }

 private:
  BootTime started_;
  std::map<std::string, BootTime> promises_;  // until when each binds
};

// A primary that takes writes only under a lease, and its fence.
struct FencedPrimary {
  bool may_be_open = false;  // as far as is known
  bool unproven = false;     // nothing proves that the former primary takes no writes
  BootTime shut_until{};     // promised not to be opened
  BootTime lease_end{};
  bool guarded = false;
  BootTime guarded_until{};
};

// Until when it may answer from now on; nothing: what is in force stays. One that is open since an earlier epoch would
// take writes by the lease alone, without being opened: while it is shut and unproven, no lease of it counts.
std::optional<BootTime> DecideGuard(const FencedPrimary& primary, BootTime now);

}  // namespace cacheplane::agent
