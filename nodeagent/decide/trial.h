// Parameter values that a throw-away engine is started with, and what it says to them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cacheplane::agent {

struct Trial {
  std::uint64_t id = 0;  // of the session it came by
  std::string engine{};
  std::string engine_version{};  // full
  std::string family{};
  std::map<std::string, std::string> parameters{};
  std::int64_t node_memory_bytes = 0;

  bool operator==(const Trial&) const = default;
};

// Neither: the engine came up and answered.
struct Verdict {
  std::string refusal{};  // what it said when it did not
  std::string problem{};  // why none has tried them

  bool operator==(const Verdict&) const = default;
};

// How a process ended: one of the two.
struct TrialEnd {
  std::optional<int> signal{};
  std::optional<int> code{};
};

// Of an engine that ended before it answered. Engines exit with 0 or 1 or crash; every other code is of the launcher or
// of the image's loader, and SIGKILL and SIGTERM are of somebody else: no engine has judged then. `log`: the end of
// what it printed.
Verdict JudgeEnd(const TrialEnd& end, std::string_view log);

}  // namespace cacheplane::agent
