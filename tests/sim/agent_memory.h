// What an agent's process remembers of one incarnation, and nothing on disk does.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "common/clock.h"
#include "nodeagent/decide/local_state.h"

namespace cacheplane::sim {

// A planned handover under way (nodeagent/supervisor/handover.h).
struct Handover {
  enum class Stage { kAwaitReady, kPause, kAwaitOffset, kDemote, kAwaitStragglers, kOpen, kEnd };
  enum class End { kKept, kDone, kUnknown };

  Stage stage = Stage::kAwaitReady;
  agent::Address candidate{};
  std::uint64_t epoch = 0;
  std::uint64_t start = 0;
  std::int64_t began = 0;
  std::int64_t paused = -1;
  std::int64_t first_offset = -1;
  std::int64_t offset = 0;
  std::int64_t demoted = -1;
  bool complete = false;
  bool open = false;
  bool called_off = false;
  bool opened = false;
};

// What it remembers of one incarnation.
struct NodeMemory {
  std::uint64_t process = 0;  // the start that it watches; 0: none
  std::optional<agent::EngineView> info;
  std::int64_t unanswered_since = -1;
  std::uint64_t command = 0;  // the number of the one under way; 0: none
  bool may_be_open = false;
  bool synced = false;                       // the process was seen open, or in sync
  std::optional<MonoTime> donor_idle_since;  // it follows its donor, and gets nothing
  std::uint64_t accepting_epoch = 0;
  std::shared_ptr<Handover> handover;
  std::string handover_problem;
  std::int64_t handover_us = 0;
  std::uint64_t handed_over = 0;
  std::string exit_reason;
  std::string failure;
  std::optional<std::string> blocked;
  std::string last_history;
  std::int64_t last_offset = 0;
  std::int64_t pause_until = 0;
  int quick_ends = 0;
  std::int64_t started = 0;
  std::optional<std::string> timeout;  // the engine's parameter; nullopt: not known, it was adopted
  MonoTime last_end;
};

}  // namespace cacheplane::sim
