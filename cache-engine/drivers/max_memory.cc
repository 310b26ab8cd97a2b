#include <fmt/format.h>

#include "cache-engine/catalog/catalog.h"
#include "cache-engine/drivers/engine_config.h"
#include "common/text.h"

namespace cacheplane::engine {
namespace {

constexpr char kPercent[] = "reserved-memory-percent";
constexpr char kBytes[] = "reserved-memory";
constexpr std::int64_t kDefaultPercent = 25;

// Nullopt when the request leaves it at the family's default.
Result<std::optional<std::int64_t>> Own(const ConfigRequest& request, const char* name) {
  const auto own = request.parameters.find(name);
  if (own == request.parameters.end()) return std::optional<std::int64_t>();
  CP_RETURN_IF_ERROR(catalog::ValidateParameter(request.family, name, own->second));
  return std::optional<std::int64_t>(*ParseInt(own->second));
}

// Without overflow: hundredths first, then what they leave.
std::int64_t Share(std::int64_t total, std::int64_t percent) {
  return total / 100 * percent + total % 100 * percent / 100;
}

}  // namespace

Result<std::int64_t> MaxMemory(const ConfigRequest& request) {
  if (request.node_memory_bytes <= 0) return InvalidArgument("a node needs memory");
  CP_ASSIGN_OR_RETURN(const auto percent, Own(request, kPercent));
  CP_ASSIGN_OR_RETURN(const auto bytes, Own(request, kBytes));
  if (percent && bytes && *bytes > 0) {
    return InvalidArgument(fmt::format("{} and {} exclude each other", kPercent, kBytes));
  }
  const std::int64_t max_memory = bytes && *bytes > 0
                                      ? request.node_memory_bytes - *bytes
                                      : Share(request.node_memory_bytes, 100 - percent.value_or(kDefaultPercent));
  // To an engine 0 means no limit at all.
  if (max_memory <= 0) return InvalidArgument(fmt::format("{} leaves no memory", bytes ? kBytes : kPercent));
  return max_memory;
}

}  // namespace cacheplane::engine
