// "8.0.1" as numbers, to ask which features an engine has. Valkey branched off Redis 7.2 and counts on from 7.2, so one
// comparison serves both engines for everything that Redis had by 7.2.
#pragma once

#include <compare>
#include <string_view>

#include "common/result.h"

namespace cacheplane::engine {

struct Version {
  int major_number = 0;
  int minor_number = 0;

  auto operator<=>(const Version&) const = default;
};

// The first release with subcommands in ACL rules, channels, protected commands and a source address for replication.
inline constexpr Version kRedis7{7, 0};

// From "major.minor" or "major.minor.patch"; kInvalidArgument otherwise.
Result<Version> ParseVersion(std::string_view text);

}  // namespace cacheplane::engine
