// Keeps a shard whose primaries die one after the other from being failed over in a tight loop, which helps nobody and
// burns through the copies of its data.
#pragma once

#include <chrono>

#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// How long the next automatic failover still has to wait; zero or less: not at all. The first `flap_free` of a streak
// are free, then `flap_pause`, doubled each time up to `flap_longest`; a streak ends `flap_window` after its latest.
std::chrono::milliseconds FlapPause(const ClusterView& view, const Policy& policy);

// The number of the next one within its streak, from 1.
int NextInStreak(const ClusterView& view, const Policy& policy);

}  // namespace cacheplane::decide
