#include "controlplane/model/window.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/text.h"

namespace cacheplane::model {
namespace {

constexpr int kShortest = 60;
constexpr std::array<std::string_view, 7> kDays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

std::optional<int> ParseTimeOfDay(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const std::optional<long long> hour = ParseInt(text.substr(0, 2));
  const std::optional<long long> minute = ParseInt(text.substr(3, 2));
  if (!hour || !minute || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59) return std::nullopt;
  return static_cast<int>(*hour * 60 + *minute);
}

std::optional<int> ParseTimeOfWeek(std::string_view text) {
  if (text.size() != 9 || text[3] != ':') return std::nullopt;
  const std::optional<int> time = ParseTimeOfDay(text.substr(4));
  for (std::size_t day = 0; time && day < kDays.size(); ++day) {
    if (kDays[day] == text.substr(0, 3)) return static_cast<int>(day) * kMinutesPerDay + *time;
  }
  return std::nullopt;
}

std::optional<Window> Between(std::optional<int> start, std::optional<int> end, int period, int longest) {
  if (!start || !end) return std::nullopt;
  const int length = (*end - *start + period) % period;
  if (length < kShortest || length > longest) return std::nullopt;
  return Window{*start, length};
}

std::string FormatTimeOfDay(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

std::string FormatTimeOfWeek(int minute) {
  return fmt::format("{}:{}", kDays[static_cast<std::size_t>(minute / kMinutesPerDay)],
                     FormatTimeOfDay(minute % kMinutesPerDay));
}

// Whether two windows on a circle of `period` minutes share a minute.
bool Meet(const Window& a, const Window& b, int period) {
  const int from_a_to_b = (b.start - a.start + period) % period;
  const int from_b_to_a = (a.start - b.start + period) % period;
  return from_a_to_b < a.length || from_b_to_a < b.length;
}

}  // namespace

std::optional<Window> ParseMaintenanceWindow(std::string_view text) {
  const std::string lower = ToLower(text);
  const std::size_t dash = lower.find('-');
  if (dash == std::string::npos) return std::nullopt;
  const std::string_view view = lower;
  return Between(ParseTimeOfWeek(view.substr(0, dash)), ParseTimeOfWeek(view.substr(dash + 1)), kMinutesPerWeek,
                 kMinutesPerDay);
}

std::optional<Window> ParseSnapshotWindow(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  return Between(ParseTimeOfDay(text.substr(0, dash)), ParseTimeOfDay(text.substr(dash + 1)), kMinutesPerDay,
                 kMinutesPerDay);
}

std::string FormatMaintenanceWindow(const Window& window) {
  return fmt::format("{}-{}", FormatTimeOfWeek(window.start),
                     FormatTimeOfWeek((window.start + window.length) % kMinutesPerWeek));
}

std::string FormatSnapshotWindow(const Window& window) {
  return fmt::format("{}-{}", FormatTimeOfDay(window.start),
                     FormatTimeOfDay((window.start + window.length) % kMinutesPerDay));
}

std::chrono::milliseconds LeftOf(const Window& weekly, WallTime now) {
  using std::chrono::milliseconds;
  using std::chrono::minutes;
  const milliseconds week = minutes(kMinutesPerWeek);
  // 1970 began on a Thursday.
  const milliseconds in_week = (milliseconds(ToUnixMillis(now)) + minutes(4 * kMinutesPerDay)) % week;
  const milliseconds since = (in_week - minutes(weekly.start) + week) % week;
  return std::max(milliseconds(0), milliseconds(minutes(weekly.length)) - since);
}

bool Overlap(const Window& weekly, const Window& daily) {
  for (int day = 0; day < 7; ++day) {
    const Window on_that_day{day * kMinutesPerDay + daily.start, daily.length};
    if (Meet(weekly, on_that_day, kMinutesPerWeek)) return true;
  }
  return false;
}

}  // namespace cacheplane::model
