#include "controlplane/service/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/text.h"

namespace cacheplane::service {
namespace {

constexpr std::size_t kShownBytes = 80;
constexpr std::size_t kShownValues = 100;

// Length of the well-formed UTF-8 sequence at the start of `text`; 0 when there is none.
std::size_t Utf8Length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return tail(1) ? 2 : 0;
  if (first >= 0xE0 && first < 0xF0) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first < 0xF5) {
    const bool overlong = first == 0xF0 && byte(1) < 0x90;
    const bool beyond = first == 0xF4 && byte(1) >= 0x90;
    return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

// U+0000 to U+001F, U+007F to U+009F.
bool IsControl(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7f;
  return character.size() == 2 && first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsLettersDigitsHyphens(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return IsLetter(c) || IsDigit(c) || c == '-'; });
}

}  // namespace

std::string Quoted(std::string_view value) {
  std::string shown = "\"";
  while (!value.empty()) {
    if (shown.size() > kShownBytes) return shown + "…\"";
    const std::size_t length = Utf8Length(value);
    if (length == 0 || IsControl(value.substr(0, length))) {
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(value[0]));
      value.remove_prefix(1);
    } else {
      shown += value.substr(0, length);
      value.remove_prefix(length);
    }
  }
  return shown + "\"";
}

std::string QuotedList(const std::vector<std::string>& values) {
  std::vector<std::string> quoted;
  const std::size_t shown = std::min(values.size(), kShownValues);
  for (std::size_t i = 0; i < shown; ++i) quoted.push_back(Quoted(values[i]));
  if (quoted.empty()) return "none yet";
  const std::size_t more = values.size() - shown;
  return Join(quoted, ", ") + (more == 0 ? "" : fmt::format(" and {} more", more));
}

Error Invalid(std::string_view field, std::string_view value, std::string_view problem, std::string_view allowed) {
  return InvalidArgument(fmt::format("{}: {} {}; allowed: {}", field, Quoted(value), problem, allowed));
}

Error Missing(std::string_view field, std::string_view allowed) {
  return InvalidArgument(fmt::format("{}: is required; allowed: {}", field, allowed));
}

Status CheckRange(std::string_view field, int value, int low, int high) {
  if (low <= value && value <= high) return {};
  return InvalidArgument(fmt::format("{}: {} is out of range; allowed: {} to {}", field, value, low, high));
}

std::optional<int> PrintableLength(std::string_view text) {
  int characters = 0;
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    if (length == 0 || IsControl(text.substr(0, length))) return std::nullopt;
    text.remove_prefix(length);
    ++characters;
  }
  return characters;
}

Status CheckText(std::string_view field, std::string_view text, int longest) {
  const std::string allowed = fmt::format("at most {} printable characters", longest);
  const std::optional<int> length = PrintableLength(text);
  if (!length) return Invalid(field, text, "has a character that is not printable", allowed);
  if (*length > longest) return Invalid(field, text, fmt::format("has {} characters", *length), allowed);
  return {};
}

Result<std::string> CheckClusterName(std::string_view name, model::ClusterForm form) {
  const int longest = form == model::ClusterForm::kCacheCluster ? kLongestCacheClusterName : kLongestClusterName;
  const std::string allowed =
      fmt::format("1 to {} letters, digits and hyphens, a letter first, no hyphen last or doubled", longest);
  if (name.empty()) return Missing("name", allowed);
  const std::string lower = ToLower(name);
  if (lower.size() > static_cast<std::size_t>(longest)) {
    return Invalid("name", name, fmt::format("has {} characters", lower.size()), allowed);
  }
  if (!IsLettersDigitsHyphens(lower)) return Invalid("name", name, "has a character that is not allowed", allowed);
  if (!IsLetter(lower.front())) return Invalid("name", name, "does not start with a letter", allowed);
  if (lower.back() == '-') return Invalid("name", name, "ends with a hyphen", allowed);
  if (lower.find("--") != std::string::npos) return Invalid("name", name, "has two hyphens in a row", allowed);
  return lower;
}

Result<std::string> CheckObjectName(std::string_view field, std::string_view name) {
  constexpr std::string_view kAllowed = "1 to 255 letters, digits and hyphens";
  if (name.empty()) return Missing(field, kAllowed);
  const std::string lower = ToLower(name);
  if (lower.size() > static_cast<std::size_t>(kLongestObjectName)) {
    return Invalid(field, name, fmt::format("has {} characters", lower.size()), kAllowed);
  }
  if (!IsLettersDigitsHyphens(lower)) return Invalid(field, name, "has a character that is not allowed", kAllowed);
  return lower;
}

Status CheckRequestId(std::string_view request_id) { return CheckText("request_id", request_id, kLongestRequestId); }

}  // namespace cacheplane::service
