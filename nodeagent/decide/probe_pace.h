// How often an engine is asked. Pure.
#pragma once

#include <chrono>

namespace cacheplane::agent {

// An engine answers about 10 ms after its spawn, and a replica is online a few milliseconds after that: right after a
// change every millisecond is a user's waiting time. Later four questions a second find a hung engine soon enough;
// three of four are a PING (kWholeAnswerEvery). `settled`: its link, or those of all its replicas, are up.
std::chrono::milliseconds ProbeInterval(std::chrono::milliseconds since_change, bool settled);

// A settled engine is asked for all that it can tell this often; between, whether it answers.
inline constexpr std::chrono::milliseconds kSettledInterval{250};
inline constexpr std::chrono::milliseconds kWholeAnswerEvery{1000};

}  // namespace cacheplane::agent
