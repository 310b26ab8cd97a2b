// "Did you mean …": the known word closest to a mistyped one. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cacheplane {

// Insertions, deletions, replacements and swaps of neighbours between two words.
std::size_t EditDistance(std::string_view from, std::string_view to);

// The first of the closest words, when it is close enough to be what was meant: at most a third of the letters wrong
// (two in short words), or one is the beginning of the other.
std::optional<std::string> NearestWord(std::string_view word, const std::vector<std::string>& known);

}  // namespace cacheplane
