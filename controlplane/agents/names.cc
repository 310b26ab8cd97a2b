#include "controlplane/agents/names.h"

#include <fmt/format.h>

#include <algorithm>

namespace cacheplane::agents {
namespace {

constexpr std::size_t kMaxName = 63;
constexpr std::size_t kMaxShown = 80;
constexpr std::size_t kMaxFreeText = 1024;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsNameChar(char c) { return IsLower(c) || (c >= '0' && c <= '9') || c == '-'; }

}  // namespace

Status CheckName(std::string_view what, std::string_view name) {
  const bool good = !name.empty() && name.size() <= kMaxName && IsLower(name.front()) &&
                    std::all_of(name.begin(), name.end(), IsNameChar);
  if (good) return {};
  return InvalidArgument(fmt::format("{} \"{}\" must be 1 to 63 lower-case letters, digits and hyphens, a letter first",
                                     what, name.substr(0, kMaxShown)));
}

Status CheckLength(std::string_view what, std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return {};
  return InvalidArgument(fmt::format("{} has {} bytes; at most {} are allowed", what, text.size(), limit));
}

// Cut at a character's start: the rest of a multi-byte character begins with bits 10.
std::string Shortened(std::string_view text) {
  if (text.size() <= kMaxFreeText) return std::string(text);
  std::size_t end = kMaxFreeText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

}  // namespace cacheplane::agents
