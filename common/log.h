// Logging. The only door to spdlog, whose headers cost seconds to compile: callers format with fmt here and
// hand over a line. Control characters in a line are escaped, so that no value can forge another line.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace cacheplane::log {

enum class Level { kDebug, kInfo, kWarn, kError };

// Names the process in every line and sets the threshold. Lines go to standard error. Call once, from main.
void Init(std::string_view process, Level threshold);

// "debug", "info", "warn" or "error"; anything else is kInfo.
Level ParseLevel(std::string_view text);

void Write(Level level, std::string_view line);
void Flush();

template <typename... Args>
void Debug(fmt::format_string<Args...> format, Args&&... args) {
  Write(Level::kDebug, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void Info(fmt::format_string<Args...> format, Args&&... args) {
  Write(Level::kInfo, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void Warn(fmt::format_string<Args...> format, Args&&... args) {
  Write(Level::kWarn, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void Error(fmt::format_string<Args...> format, Args&&... args) {
  Write(Level::kError, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace cacheplane::log
