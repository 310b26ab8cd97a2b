// How often an engine is asked. Pure.
#pragma once

#include <chrono>

namespace cacheplane::agent {

// An engine answers about 10 ms after its spawn, and a replica is online a few milliseconds after that: right after a
// change every millisecond is a user's waiting time. Later four questions a second find a hung engine soon enough;
// three of four are a PING (kWholeAnswerEvery). `settled`: its link, or those of all its replicas, are up. `crowd`: the
// engines of this host that changed of late; when a zone or a fleet changes they take the processors from each other,
// so that up to fifty of them together are asked a thousand times a second at most.
std::chrono::milliseconds ProbeInterval(std::chrono::milliseconds since_change, bool settled, int crowd);

// In which an engine counts as changed of late.
inline constexpr std::chrono::milliseconds kChangedOfLate{5000};

// A settled engine is asked for all that it can tell this often; between, whether it answers.
inline constexpr std::chrono::milliseconds kSettledInterval{250};
inline constexpr std::chrono::milliseconds kWholeAnswerEvery{1000};

}  // namespace cacheplane::agent
