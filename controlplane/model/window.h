// Weekly maintenance windows and daily snapshot windows, in UTC.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "common/clock.h"

namespace cacheplane::model {

inline constexpr int kMinutesPerDay = 24 * 60;
inline constexpr int kMinutesPerWeek = 7 * kMinutesPerDay;

// Minutes; `start` counts from Sunday 00:00 (weekly) or 00:00 (daily). A window may wrap around its period's end.
struct Window {
  int start = 0;
  int length = 0;

  bool operator==(const Window&) const = default;
};

// "ddd:hh24:mi-ddd:hh24:mi" such as "sun:23:00-mon:01:30", case-insensitive; 60 minutes to 24 hours. Nothing otherwise.
std::optional<Window> ParseMaintenanceWindow(std::string_view text);
// "hh24:mi-hh24:mi" such as "23:30-01:00"; at least 60 minutes. Nothing otherwise.
std::optional<Window> ParseSnapshotWindow(std::string_view text);

std::string FormatMaintenanceWindow(const Window& window);
std::string FormatSnapshotWindow(const Window& window);

// Until the end of the weekly window that is open at that time; zero while it is not.
std::chrono::milliseconds LeftOf(const Window& weekly, WallTime now);

// Whether the daily window meets the weekly one on any day.
bool Overlap(const Window& weekly, const Window& daily);

}  // namespace cacheplane::model
