// What is on this host of one node incarnation: the view that a decision is made from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "nodeagent/decide/assignment.h"

namespace cacheplane::agent {

// kEnding: executes nothing any more, but its memory, sockets and files are not all freed (about 80 ms per GiB).
enum class ProcessStage { kNone, kAlive, kEnding };

// A stop with data saved: kSaving while the engine works on it, kSaveFailed when it refused.
enum class StopStage { kNone, kSaving, kSaveFailed };

// The live process's latest answer.
struct EngineView {
  bool loading = false;
  Role role = Role::kReplica;
  Address primary{};  // a replica's; its own address and port 1 when it follows nobody
  std::int64_t used_memory_bytes = 0;

  bool operator==(const EngineView&) const = default;
};

struct LocalState {
  bool directory = false;  // the incarnation's directory exists
  ProcessStage process = ProcessStage::kNone;
  std::optional<EngineView> engine{};  // nullopt: no answer yet

  // Durable (state.json).
  std::uint64_t epoch = 0;             // highest carried out
  std::uint64_t boot = 0;              // highest used
  std::uint64_t clean_stop_epoch = 0;  // 0: did not stop cleanly
  std::uint64_t starts = 0;            // of which the live process is the latest
  std::uint64_t renewal = 0;           // of the assignment for which the latest was started
  std::uint64_t handover_failed_epoch = 0;
  std::uint64_t cut_epoch = 0;       // highest in which its clients' connections were closed
  std::uint64_t admitted_epoch = 0;  // whose opener the live process may admit; 0: none's

  std::vector<Setting> settings{};  // in which the live process differs from the assignment, as far as it can be told

  std::uint64_t accepting_epoch = 0;  // whose opener it does admit, as far as this agent knows; 0: none's

  std::string saved{};  // the newest saved data (SavedData::id); empty: none

  StopStage stop = StopStage::kNone;
  MonoTime stop_since{};  // first request of the stop under way
  MonoTime stop_retry{};  // when a failed save may be tried again

  int quick_ends = 0;   // processes in a row that ended before kLongLife
  MonoTime last_end{};  // when the last process ended

  bool synced = false;                         // the live process was seen open, or in sync
  std::optional<MonoTime> donor_idle_since{};  // the live process follows its donor, and gets nothing since then

  bool sibling_alive = false;  // another incarnation of the same node has a process

  bool operator==(const LocalState&) const = default;
};

}  // namespace cacheplane::agent
