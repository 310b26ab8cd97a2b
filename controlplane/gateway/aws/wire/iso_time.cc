#include "controlplane/gateway/aws/wire/iso_time.h"

#include <fmt/chrono.h>

#include "common/text.h"

namespace cacheplane::gateway::aws {
namespace {

using std::chrono::milliseconds;

// Takes `digits` digits off the front; nothing when there are fewer.
std::optional<int> TakeNumber(std::string_view& text, std::size_t digits) {
  const std::string_view number = text.substr(0, digits);
  if (number.size() != digits || number.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  text.remove_prefix(digits);
  return static_cast<int>(*ParseInt(number));
}

bool Take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::chrono::sys_days> TakeDate(std::string_view& text) {
  const auto year = TakeNumber(text, 4);
  if (!year || !Take(text, '-')) return std::nullopt;
  const auto month = TakeNumber(text, 2);
  if (!month || !Take(text, '-')) return std::nullopt;
  const auto day = TakeNumber(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<milliseconds> TakeHoursAndMinutes(std::string_view& text) {
  const auto hours = TakeNumber(text, 2);
  if (!hours || *hours > 23 || !Take(text, ':')) return std::nullopt;
  const auto minutes = TakeNumber(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
}

std::optional<milliseconds> TakeSeconds(std::string_view& text) {
  if (!Take(text, ':')) return milliseconds(0);
  const auto seconds = TakeNumber(text, 2);
  if (!seconds || *seconds > 59) return std::nullopt;
  milliseconds time = std::chrono::seconds(*seconds);
  if (!Take(text, '.')) return time;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0) return std::nullopt;
  int unit = 100;
  for (const char digit : text.substr(0, std::min<std::size_t>(digits, 3))) {
    time += milliseconds((digit - '0') * unit);
    unit /= 10;
  }
  text.remove_prefix(digits);
  return time;
}

// What UTC is behind the zone.
std::optional<milliseconds> TakeZone(std::string_view& text) {
  if (text.empty() || Take(text, 'Z')) return milliseconds(0);
  const int sign = text.front() == '-' ? -1 : 1;
  if (!Take(text, '+') && !Take(text, '-')) return std::nullopt;
  const auto offset = TakeHoursAndMinutes(text);
  if (!offset) return std::nullopt;
  return *offset * sign;
}

}  // namespace

std::string IsoTime(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (time - seconds).count());
}

std::optional<WallTime> ParseIsoTime(std::string_view text) {
  const auto day = TakeDate(text);
  if (!day) return std::nullopt;
  if (text.empty()) return WallTime(*day);
  if (!Take(text, 'T')) return std::nullopt;
  const auto minutes = TakeHoursAndMinutes(text);
  const auto seconds = minutes ? TakeSeconds(text) : std::nullopt;
  const auto zone = seconds ? TakeZone(text) : std::nullopt;
  if (!zone || !text.empty()) return std::nullopt;
  return WallTime(*day) + *minutes + *seconds - *zone;
}

}  // namespace cacheplane::gateway::aws
