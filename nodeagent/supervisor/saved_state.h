// state.json: what the agent must still know of an incarnation after a crash at any instant, in the slots of
// common/slot_file.h, since clients wait for it. And process.json: which process it started.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/result.h"
#include "nodeagent/supervisor/proc.h"

namespace cacheplane::agent {

struct SavedState {
  std::uint64_t epoch = 0;  // highest carried out
  std::uint64_t boot = 0;   // highest used
  std::uint32_t uid = 0;
  std::uint64_t starts = 0;
  std::uint64_t renewal = 0;  // of the assignment for which the latest was started
  // 0: what is saved is not to be loaded. Else of the stop that saved it, until something newer can be written.
  std::uint64_t clean_stop_epoch = 0;
  std::uint64_t cut_epoch = 0;              // highest in which its clients' connections were closed
  std::uint64_t handover_failed_epoch = 0;  // highest that failed with the engine still open
  std::uint64_t admitted_epoch = 0;         // whose opener the process may admit; 0: none's
  // When the engine was told to save and end, as files are dated, in ms since 1970; 0: it was not, or it went on. A
  // file saved since is whole and of that stop if the process then ended by itself.
  std::int64_t save_requested_ms = 0;

  bool operator==(const SavedState&) const = default;
};

std::string ToJson(const SavedState& state);
std::string ToJson(const ProcessId& process);
// kInvalidArgument when it is not what ToJson writes.
Result<SavedState> ParseSavedState(std::string_view json);
Result<ProcessId> ParseProcessId(std::string_view json);

}  // namespace cacheplane::agent
