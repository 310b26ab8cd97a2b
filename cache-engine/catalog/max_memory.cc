#include <fmt/format.h>

#include "cache-engine/catalog/catalog.h"
#include "common/text.h"

namespace cacheplane::catalog {
namespace {

constexpr char kPercent[] = "reserved-memory-percent";
constexpr char kBytes[] = "reserved-memory";
constexpr std::int64_t kDefaultPercent = 25;

// Nullopt when the values leave it at the family's default.
Result<std::optional<std::int64_t>> Own(const Values& values, const char* name) {
  const auto own = values.find(name);
  if (own == values.end()) return std::optional<std::int64_t>();
  const std::optional<long long> number = ParseInt(own->second);
  if (!number || *number < 0) {
    return InvalidArgument(fmt::format("parameter {} cannot be '{}'", name, EscapeControl(own->second)));
  }
  return std::optional<std::int64_t>(*number);
}

// Without overflow: hundredths first, then what they leave.
std::int64_t Share(std::int64_t total, std::int64_t percent) {
  return total / 100 * percent + total % 100 * percent / 100;
}

}  // namespace

Result<std::int64_t> MaxMemory(std::int64_t node_memory_bytes, const Values& values) {
  if (node_memory_bytes <= 0) return InvalidArgument("a node needs memory");
  CP_ASSIGN_OR_RETURN(const auto percent, Own(values, kPercent));
  CP_ASSIGN_OR_RETURN(const auto bytes, Own(values, kBytes));
  if (percent && bytes && *bytes > 0) {
    return InvalidArgument(fmt::format("{} and {} exclude each other", kPercent, kBytes));
  }
  const std::int64_t max_memory = bytes && *bytes > 0
                                      ? node_memory_bytes - *bytes
                                      : Share(node_memory_bytes, 100 - percent.value_or(kDefaultPercent));
  // To an engine 0 means no limit at all.
  if (max_memory <= 0) return InvalidArgument(fmt::format("{} leaves no memory", bytes ? kBytes : kPercent));
  return max_memory;
}

}  // namespace cacheplane::catalog
