// A fault on purpose, as the control plane orders it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cacheplane::agent {

struct Drill {
  enum class Kind { kUnknown, kPauseNode, kCutHost };

  std::uint64_t id = 0;  // of the session it came by
  Kind kind = Kind::kUnknown;
  std::string incarnation{};  // of kPauseNode
  std::chrono::milliseconds duration{0};

  bool operator==(const Drill&) const = default;
};

}  // namespace cacheplane::agent
