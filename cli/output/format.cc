#include "cli/output/format.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>

namespace cacheplane::cli {
namespace {

std::string DateAndTime(WallTime time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(static_cast<std::time_t>(ToUnixMillis(time) / 1000)));
}

}  // namespace

std::string FormatBytes(std::int64_t bytes) {
  static constexpr std::array kUnits = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string FormatDuration(std::chrono::milliseconds duration) {
  const long long seconds = duration.count() / 1000;
  if (seconds < 10) return fmt::format("{:.1f}s", static_cast<double>(duration.count()) / 1000);
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
  if (seconds < 86400) return fmt::format("{}h{:02}m", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{}d{}h", seconds / 86400, seconds / 3600 % 24);
}

std::string FormatTime(WallTime time) {
  if (time == WallTime()) return "";
  return DateAndTime(time) + "Z";
}

std::string FormatTimeMillis(WallTime time) {
  return fmt::format("{}.{:03}Z", DateAndTime(time), ToUnixMillis(time) % 1000);
}

}  // namespace cacheplane::cli
