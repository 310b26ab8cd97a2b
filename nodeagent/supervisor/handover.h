// Carries out a planned handover on a thread that may block (decide/handover.h has its picture and its limits).
//
// Whatever goes wrong before the demotion leaves the engine as it was. After it the engine is never opened again from
// here, not even when the candidate cannot be opened: somebody else may have opened it. A candidate that lacks writes
// then, because a script went on or this thread stood still until the pause had ended, is not opened: the control plane
// compares.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/result.h"
#include "nodeagent/decide/assignment.h"
#include "nodeagent/supervisor/engine_link.h"

namespace cacheplane::agent {

// How writes are kept away. Engines before 6.2 cannot pause writes alone: they refuse them, for want of replicas.
struct WritePause {
  bool by_command = true;
  // What a refusal is taken back with: the configured min-replicas-to-write and min-replicas-max-lag.
  std::string min_replicas = "0";
  std::string max_lag = "10";
};

struct HandoverPlan {
  Address candidate{};
  std::uint64_t epoch = 0;
  WritePause pause{};
  // Has clients that dial anew led to the candidate; called once it is open, before those that are here are sent away.
  std::function<void()> lead = [] {};
  // Set when nobody wants it any more; heeded until the demotion.
  std::shared_ptr<std::atomic<bool>> called_off = std::make_shared<std::atomic<bool>>(false);
};

struct HandoverReport {
  enum class End { kKept, kDone, kUnknown };
  End end = End::kKept;      // kUnknown: it may be a replica by now, and the candidate open or not
  std::string problem{};     // why not kDone
  bool complete = false;     // the candidate was seen to have everything after the demotion
  std::int64_t gap_us = 0;   // kDone: from the pause to the opening
  bool all_restored = true;  // false: a refusal of writes or a hurried timer may still be in force
};

HandoverReport CarryOutHandover(EngineLink& own, const HandoverPlan& plan);

// How far an engine had come in its own history when it was demoted without a handover.
struct LastWord {
  std::string history{};
  std::int64_t offset = 0;
};
Result<LastWord> DemoteAndNote(EngineLink& own, const Address& primary);

// Ends the connections of all clients. One that stays with a demoted primary reads old data and is refused its writes,
// for as long as it lives.
Status CloseClients(EngineLink& engine);

// Ends a refusal of writes. Nothing when there is none.
Status TakeBackRefusal(EngineLink& engine, const WritePause& pause);
// All that an earlier handover of an engine before 6.2 may have left behind.
Status TakeBackLeftovers(EngineLink& engine, const WritePause& pause);

}  // namespace cacheplane::agent
