// Signatures of changes are good for one call.
//
// Who captures a signed request can send it again for as long as its time is accepted; the invocation id, by which
// retries are known, is often not signed, so that he may give it another. A signature says when it was made to the
// second, so that two equal calls of an SDK that does not sign the id have the same one when they are made within a
// second: the later one is refused so that SDKs sign it anew and try again.
//
// The memory does not outlive the process.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "common/clock.h"

namespace cacheplane::gateway::aws {

// Thread-safe.
class SeenSignatures {
 public:
  // More than 50 changes a second over the half hour for which a signature can be accepted; some 15 MB.
  static constexpr std::size_t kMost = 100'000;

  // A request may have been accepted just before its end and come here just after it.
  static constexpr std::chrono::minutes kKeptLonger{1};

  enum class Sight { kFirst, kAgain, kNoRoom };

  // Remembers the signature for as long as a request that has it is accepted. kNoRoom: it is not remembered, and what
  // it signs is not to be carried out: nobody could say the next time that it was.
  Sight See(const std::string& signature, WallTime accepted_until, WallTime now);

  std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::set<std::pair<WallTime, std::string>> seen_;  // a signature has its time in it: equal ones end together
};

}  // namespace cacheplane::gateway::aws
