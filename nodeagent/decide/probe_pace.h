// How often an engine is asked. Pure.
#pragma once

#include <chrono>

namespace cacheplane::agent {

// An engine answers about 10 ms after its spawn, and a replica is online a few milliseconds after that: right after a
// change every millisecond is a user's waiting time, later one question a second is enough. `settled`: its link, or
// those of all its replicas, are up.
std::chrono::milliseconds ProbeInterval(std::chrono::milliseconds since_change, bool settled);

}  // namespace cacheplane::agent
