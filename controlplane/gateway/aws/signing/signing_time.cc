#include "controlplane/gateway/aws/signing/signing_time.h"

#include <ctime>

namespace cacheplane::gateway::aws {
namespace {

constexpr const char* kBasic = "%Y%m%dT%H%M%SZ";
constexpr const char* kHttpDate = "%a, %d %b %Y %H:%M:%S GMT";

std::string Format(WallTime time, const char* form) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::string text(64, '\0');
  text.resize(std::strftime(text.data(), text.size(), form, &parts));
  return text;
}

// strptime takes more than the form says, so that the text must be what the time would be written as.
std::optional<WallTime> Parse(const std::string& text, const char* form) {
  std::tm parts{};
  if (strptime(text.c_str(), form, &parts) == nullptr) return std::nullopt;
  const WallTime time{std::chrono::seconds(timegm(&parts))};
  if (Format(time, form) != text) return std::nullopt;
  return time;
}

}  // namespace

std::optional<WallTime> ParseSigningTime(const std::string& text) {
  const auto basic = Parse(text, kBasic);
  return basic ? basic : Parse(text, kHttpDate);
}

std::string FormatSigningTime(WallTime time) { return Format(time, kBasic); }

}  // namespace cacheplane::gateway::aws
