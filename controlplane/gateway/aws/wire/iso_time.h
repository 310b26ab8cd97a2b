// Times as the AWS API writes them: ISO 8601, UTC.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/clock.h"

namespace cacheplane::gateway::aws {

// "2026-11-23T01:05:45.333Z"
std::string IsoTime(WallTime time);

// "2026-01-02T03:04:05Z", with or without a fraction of a second (cut after milliseconds), "+hh:mm" in place of the Z,
// the zone (then UTC) or the time of day. Nothing for any other text.
std::optional<WallTime> ParseIsoTime(std::string_view text);

}  // namespace cacheplane::gateway::aws
