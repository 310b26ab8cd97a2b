// The judgement in a planned handover, and its limits. Pure; supervisor/handover.h carries it out.
//
//   former primary's agent                          candidate's agent
//   (waits until the candidate is ready)      ◄──   the epoch is durable there, and its engine admits an opener
//   sign in there as the opener                     of that epoch (cache-engine/drivers/acl.h)
//   pause writes, read the offset
//   wait until the candidate has that offset
//   former one: REPLICAOF nobody                    no instant with two primaries
//   candidate, as opener: REPLICAOF NO ONE    ──►   finds it open
//   routers lead there; former one: REPLICAOF candidate
//   close the clients' connections, unpause
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "nodeagent/decide/assignment.h"

namespace cacheplane::agent {

// A candidate has this long to be ready, with nobody paused: its disk may be slow to keep the epoch.
inline constexpr std::chrono::milliseconds kCandidateReadyWithin{5000};
// Writes wait for this long at most, should the agent die.
inline constexpr std::chrono::milliseconds kPauseBudget{500};
// A candidate that lacks the last bytes for longer than this is not what it seemed.
inline constexpr std::chrono::milliseconds kCatchUpWithin{200};
// Not demoted later than this after the pause began: well before it ends by itself.
inline constexpr std::chrono::milliseconds kDemoteWithin{350};
// More than this would take longer than a pause should.
inline constexpr std::int64_t kMostLagBytes = 1 << 20;
// The stream's keep-alive: what it adds to an offset is no write.
inline constexpr std::int64_t kKeepAliveBytes = 14;

// Of an engine that is to be opened.
struct CandidateView {
  bool replica = false;
  Address follows{};
  bool link_up = false;
  std::string history{};  // its replication id
  std::int64_t offset = 0;
  bool ready = false;  // its agent lets it be opened in this epoch
};

struct FormerView {
  Address own{};
  std::string history{};
  std::int64_t offset = 0;        // now
  std::int64_t first_offset = 0;  // at the beginning: a candidate that has it does receive the stream
};

// Why writes are not to be paused yet; "" when they may.
std::string WhyNotYet(const FormerView& former, const CandidateView& candidate);

// Bytes that an engine wrote in `history` up to `offset` and its successor does not have; -1 when that is not known.
// `former_end`: first offset of the successor's former history that is not its own.
std::int64_t DivergedBytes(std::string_view history, std::int64_t offset, std::string_view successors_former,
                           std::int64_t former_end);

}  // namespace cacheplane::agent
