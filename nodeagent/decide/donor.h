// The judgement on a donor: the replica that a node that joined copies from, before it turns to its primary
// (docs/adr/0023). Pure; supervisor/node_donor.cc carries it out.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "common/clock.h"

namespace cacheplane::agent {

// A donor that gives nothing for so long is left.
inline constexpr std::chrono::milliseconds kDonorWithin{3000};
// One that is not caught up with in this time is left all the same: the primary sends what is missing, or everything.
inline constexpr std::chrono::milliseconds kNearWithin{10'000};
// A quarter of the shortest usual backlog.
inline constexpr std::int64_t kNearBytes = 256 << 10;

// How far an engine is in which history.
struct Progress {
  std::string history{};
  std::int64_t offset = 0;
};

// What `own` lacks of what `donor` has is in the primary's backlog, as far as one can tell.
bool IsNear(const Progress& own, const Progress& donor);

// A replica that is in sync with its donor since `synced_since` turns to its primary.
bool LeavesDonor(bool near, MonoTime synced_since, MonoTime now);

// A replica has got nothing from its donor since then, if it follows one.
bool DonorFails(std::optional<MonoTime> idle_since, MonoTime now);

}  // namespace cacheplane::agent
