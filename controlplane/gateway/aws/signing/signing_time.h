// Times as signatures have them. Pure; UTC, whole seconds.
#pragma once

#include <optional>
#include <string>

#include "common/clock.h"

namespace cacheplane::gateway::aws {

// "20150830T123600Z", or as HTTP's Date header has it: "Sun, 30 Aug 2015 12:36:00 GMT". Nothing for any other text and
// for a day that no calendar has.
std::optional<WallTime> ParseSigningTime(const std::string& text);

// "20150830T123600Z"
std::string FormatSigningTime(WallTime time);

}  // namespace cacheplane::gateway::aws
