#include "cli/args/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

#include "common/text.h"

namespace cacheplane::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestDuration = std::chrono::hours(24 * 366);

std::optional<milliseconds> Unit(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, milliseconds>, 5> kUnits = {{
      {"ms", milliseconds(1)},
      {"s", std::chrono::seconds(1)},
      {"m", std::chrono::minutes(1)},
      {"h", std::chrono::hours(1)},
      {"d", std::chrono::hours(24)},
  }};
  for (const auto& [unit, length] : kUnits) {
    if (unit == name) return length;
  }
  return std::nullopt;
}

// Takes the longest prefix of `text` out of `characters`.
std::string_view TakeWhile(std::string_view& text, std::string_view characters) {
  const std::size_t length = std::min(text.find_first_not_of(characters), text.size());
  const std::string_view taken = text.substr(0, length);
  text.remove_prefix(length);
  return taken;
}

std::optional<std::pair<int, int>> ParsePorts(const std::string& text) {
  const std::vector<std::string> parts = Split(text, '-');
  if (parts.size() > 2) return std::nullopt;
  const std::optional<int> from = ParseNumber(parts.front());
  const std::optional<int> to = ParseNumber(parts.back());
  if (!from || !to) return std::nullopt;
  return std::pair(*from, *to);
}

// Length of the code point at the beginning of `text`, 0 when there is none.
std::size_t CodePointLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80         ? 1
                             : (first >> 5) == 6  ? 2
                             : (first >> 4) == 14 ? 3
                             : (first >> 3) == 30 ? 4
                                                  : 0;
  if (length == 0 || length > text.size()) return 0;
  std::uint32_t value = length == 1 ? first : first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    value = (value << 6) | (byte(i) & 0x3FU);
  }
  // Longer than needed, a half of a pair, or beyond the last one.
  static constexpr std::array<std::uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  return value < kLeast[length] || surrogate || value > 0x10FFFF ? 0 : length;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = CodePointLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::optional<int> ParseNumber(std::string_view text) {
  const std::optional<long long> value = ParseInt(text);
  if (!value || *value < std::numeric_limits<int>::min() || *value > std::numeric_limits<int>::max()) {
    return std::nullopt;
  }
  return static_cast<int>(*value);
}

std::optional<milliseconds> ParseDuration(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  if (text.empty()) return std::nullopt;
  milliseconds total(0);
  while (!text.empty()) {
    const std::optional<int> number = ParseNumber(TakeWhile(text, kDigits));
    if (!number) return std::nullopt;
    const std::string_view name = TakeWhile(text, "dhms");
    const bool bare = name.empty() && text.empty() && total.count() == 0;
    const std::optional<milliseconds> unit = bare ? Unit("s") : Unit(name);
    if (!unit || *number > kLongestDuration / *unit) return std::nullopt;
    total += *unit * *number;
  }
  return total <= kLongestDuration ? std::optional(total) : std::nullopt;
}

std::vector<std::string> ParseCommaList(std::string_view text) {
  std::vector<std::string> values;
  for (const std::string& part : Split(text, ',')) {
    if (const std::string_view value = Trim(part); !value.empty()) values.emplace_back(value);
  }
  return values;
}

Result<std::map<std::string, std::string>> ParsePairs(std::string_view what, const std::vector<std::string>& texts) {
  std::map<std::string, std::string> pairs;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return InvalidArgument(fmt::format("{} \"{}\": expected key=value", what, text));
    }
    const auto [place, added] = pairs.emplace(text.substr(0, equals), text.substr(equals + 1));
    if (!added) return InvalidArgument(fmt::format("{} \"{}\" is given twice", what, place->first));
  }
  return pairs;
}

Result<std::map<std::string, std::string>> ParseTags(const std::vector<std::string>& texts) {
  return ParsePairs("tag", texts);
}

Result<IngressRule> ParseIngress(std::string_view text) {
  const std::vector<std::string> parts = Split(text, ':');
  const auto wrong = [&] {
    return InvalidArgument(
        fmt::format("rule \"{}\": expected protocol:from-to:cidr, such as tcp:6379-6379:10.0.0.0/8", text));
  };
  if (parts.size() < 3 || parts[0].empty() || parts[2].empty()) return wrong();
  const std::optional<std::pair<int, int>> ports = ParsePorts(parts[1]);
  if (!ports) return wrong();
  const std::vector<std::string> description(parts.begin() + 3, parts.end());
  return IngressRule{parts[0], ports->first, ports->second, parts[2], Join(description, ":")};
}

std::string FormatIngress(const IngressRule& rule) {
  const std::string base = fmt::format("{}:{}-{}:{}", rule.protocol, rule.from_port, rule.to_port, rule.cidr);
  return rule.description.empty() ? base : base + ":" + rule.description;
}

}  // namespace cacheplane::cli
