#include "cache-engine/drivers/version.h"

#include <fmt/format.h>

#include <optional>
#include <string>

#include "common/text.h"

namespace cacheplane::engine {
namespace {

std::optional<int> Number(const std::string& digits) {
  if (digits.empty() || digits.size() > 4 || digits.find_first_not_of("0123456789") != std::string::npos) return {};
  return static_cast<int>(*ParseInt(digits));
}

}  // namespace

Result<Version> ParseVersion(std::string_view text) {
  const auto parts = Split(text, '.');
  const bool shaped = parts.size() == 2 || parts.size() == 3;
  const auto major_number = Number(parts[0]);
  const auto minor_number = shaped ? Number(parts[1]) : std::nullopt;
  const bool patch_fits = parts.size() < 3 || Number(parts[2]);
  if (!shaped || !major_number || !minor_number || !patch_fits) {
    return InvalidArgument(fmt::format("'{}' is no engine version", EscapeControl(text.substr(0, 40))));
  }
  return Version{*major_number, *minor_number};
}

}  // namespace cacheplane::engine
