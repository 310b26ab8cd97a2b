// state.json: what the agent must still know of an incarnation after a crash at any instant.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/result.h"
#include "nodeagent/supervisor/proc.h"

namespace cacheplane::agent {

struct SavedState {
  // The process last started; pid 0: none, or one spawned just before a crash (it is found by its directory).
  ProcessId process{};
  std::uint64_t epoch = 0;  // highest carried out
  std::uint64_t boot = 0;   // highest used
  std::uint32_t uid = 0;
  std::uint64_t starts = 0;
  std::uint64_t clean_stop_epoch = 0;
  // The engine was told to save and end, and what an earlier process saved had been removed before: a saved file
  // found afterwards is whole and of that stop.
  bool save_requested = false;

  bool operator==(const SavedState&) const = default;
};

std::string ToJson(const SavedState& state);
// kInvalidArgument when it is not what ToJson writes.
Result<SavedState> ParseSavedState(std::string_view json);

}  // namespace cacheplane::agent
