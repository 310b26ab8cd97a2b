#include "common/nearest.h"

#include <algorithm>

namespace cacheplane {
namespace {

// Between two words that may be a mistake for one another. Half a word is as good as a whole one; a word with more
// behind it is as good as two mistakes.
std::size_t Distance(std::string_view word, std::string_view known) {
  if (word.size() >= 2 && known.starts_with(word)) return 0;
  const std::size_t edits = EditDistance(word, known);
  return known.size() >= 2 && word.starts_with(known) ? std::min<std::size_t>(edits, 2) : edits;
}

}  // namespace

std::size_t EditDistance(std::string_view from, std::string_view to) {
  const std::size_t width = to.size() + 1;
  std::vector<std::size_t> table((from.size() + 1) * width);
  const auto at = [&](std::size_t row, std::size_t column) -> std::size_t& { return table[row * width + column]; };
  for (std::size_t i = 0; i <= from.size(); ++i) at(i, 0) = i;
  for (std::size_t j = 0; j <= to.size(); ++j) at(0, j) = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = at(i - 1, j - 1) + (from[i - 1] == to[j - 1] ? 0 : 1);
      at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, replaced});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
    }
  }
  return at(from.size(), to.size());
}

std::optional<std::string> NearestWord(std::string_view word, const std::vector<std::string>& known) {
  const auto distance = [&](const std::string& candidate) { return Distance(word, candidate); };
  const auto nearest = std::min_element(known.begin(), known.end(), [&](const std::string& a, const std::string& b) {
    return distance(a) < distance(b);
  });
  if (nearest == known.end() || distance(*nearest) > std::max<std::size_t>(2, word.size() / 3)) return std::nullopt;
  // Two edits turn any two letters into any others: that is no suggestion.
  if (distance(*nearest) >= word.size()) return std::nullopt;
  return *nearest;
}

}  // namespace cacheplane
