// The agent's judgement on one node incarnation. Pure: the executor is supervisor/node.h.
//
//          assignment RUN                     HOLD                ERASE
//   none ──start──► alive ──open/follow──►    alive ─stop,save─►  alive ──kill──►
//     ▲               │                          │                   │
//     └──── gone ◄─ ending                    none: converged     none: erase the directory
//
// Rules (docs: Roles, epochs, fencing):
//  - An engine starts as a replica, of its primary or of nobody; only OpenAsPrimary makes it a primary.
//  - An assignment of a lower epoch than the highest carried out is refused, unless it erases: that is final for an
//    incarnation, so that no message of a later epoch can ask for anything else.
//  - A primary's process is started once per boot number. A process that lives when a boot number arrives, and one
//    that was started as a replica, use that number up as well: a node that was promoted and then died, or that died
//    just before its promotion arrived, must not come back empty in front of replicas that hold the data.
//    Boot 0 permits nothing; what runs goes on under it.
//  - Without a clean stop nothing saved is loaded: a cache that crashed must not bring old data back. It is set aside.
//    The control plane may name it in a permit once nothing newer is left: that process starts with it or not at all,
//    and one from before the permit is killed.
//  - A process that is condemned is killed before anything else, and saves nothing: it may hold writes that nobody may
//    see again.
//  - A primary that awaits a handover is opened by the former one's agent, and only while its engine admits an opener:
//    the epoch is durable here by then. Under any other assignment the opener is dismissed first, so that a command
//    that comes late opens nothing. A replica that hands over stays open until that has succeeded, or for good when it
//    failed in this epoch.
//  - Parameters that a running engine can take are set once nothing else is to be done; the others wait for its next
//    start. An engine that refuses one goes on.
//  - A clean stop counts until the node is opened as primary, or follows one: before that nothing can be written, so
//    that a start that fails may be repeated with the same data.
#pragma once

#include <chrono>

#include "common/clock.h"
#include "nodeagent/decide/assignment.h"
#include "nodeagent/decide/decision.h"
#include "nodeagent/decide/local_state.h"

namespace cacheplane::agent {

// A process that lived this long makes the next end a first one again.
inline constexpr std::chrono::milliseconds kLongLife{10'000};

// Time before the next start: 0, 50, 200, 500, 1000, 2000, then 5000 ms.
std::chrono::milliseconds RestartDelay(int quick_ends);

// How long a stop with save may take before the process is killed: a minute, and one second per 25 MiB.
std::chrono::milliseconds SaveDeadline(std::int64_t used_memory_bytes);

// Its `starts`-th process shall not live. Urgent: not even a command under way is waited for.
bool Condemned(const Assignment& assignment, std::uint64_t starts);

Decision DecideNode(const Assignment& assignment, const LocalState& state, MonoTime now);

}  // namespace cacheplane::agent
