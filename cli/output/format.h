// Quantities as people read them. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "common/clock.h"

namespace cacheplane::cli {

// "512 B", "1.5 GiB"
std::string FormatBytes(std::int64_t bytes);

// "0.4s", "12s", "3m20s", "2h05m", "3d4h"
std::string FormatDuration(std::chrono::milliseconds duration);

// "2026-11-23T10:00:05Z", UTC; "" for the beginning of time.
std::string FormatTime(WallTime time);

// The same with milliseconds, for progress lines and events.
std::string FormatTimeMillis(WallTime time);

}  // namespace cacheplane::cli
