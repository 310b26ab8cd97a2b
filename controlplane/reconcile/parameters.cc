#include "controlplane/reconcile/parameters.h"

#include <algorithm>

#include "common/check.h"
#include "common/text.h"

namespace cacheplane::reconcile {

namespace {

constexpr char kBacklog[] = "repl-backlog-size";
constexpr char kReservedPercent[] = "reserved-memory-percent";
constexpr char kReservedBytes[] = "reserved-memory";
constexpr std::int64_t kBacklogPercent = 10;

std::int64_t NumberIn(const catalog::Values& values, const std::string& family, const char* name) {
  const auto own = values.find(name);
  return ParseInt(own == values.end() ? catalog::FindParameter(family, name)->default_value : own->second).value_or(0);
}

// Returns the bytes that are reserved no longer.
std::int64_t TakeFromReserve(catalog::Values& values, const std::string& family, std::int64_t node_memory_bytes) {
  const std::int64_t wanted = node_memory_bytes / 100 * kBacklogPercent;
  if (const std::int64_t bytes = NumberIn(values, family, kReservedBytes); bytes > 0) {
    const std::int64_t taken = std::min(bytes - 1, wanted);  // 0 would be the usual percentage
    values[kReservedBytes] = std::to_string(bytes - taken);
    return taken;
  }
  const std::int64_t percent = NumberIn(values, family, kReservedPercent);
  const std::int64_t taken = std::min(percent, kBacklogPercent);
  if (taken > 0) values[kReservedPercent] = std::to_string(percent - taken);
  return node_memory_bytes / 100 * taken;
}

// "default.valkey8" or "default.valkey8.cluster.on", which are not stored.
bool IsDefaultOf(const std::string& family, const std::string& group) {
  const std::string name = "default." + family;
  return group == name || group.starts_with(name + ".cluster.");
}

}  // namespace

catalog::Values ParametersOf(ports::Transaction& tx, const std::vector<std::string>& groups,
                             const std::string& family) {
  for (const std::string& group : groups) {
    if (IsDefaultOf(family, group)) return {};
    const auto stored = tx.parameter_groups().Find(group);
    if (stored && stored->family == family) return stored->values;
  }
  return {};
}

catalog::Values WithLongBacklog(catalog::Values values, const std::string& family, std::int64_t node_memory_bytes) {
  if (family == "redis6.x") return values;
  const std::int64_t usual = NumberIn(values, family, kBacklog);
  const std::int64_t more = TakeFromReserve(values, family, node_memory_bytes);
  if (more > 0) values[kBacklog] = std::to_string(usual + more);
  return values;
}

std::int64_t DataBytesOf(ports::Transaction& tx, const model::Build& build) {
  const catalog::EngineVersion* version = catalog::FindEngineVersion(build.engine, build.engine_version);
  const catalog::NodeType* type = catalog::FindNodeType(build.node_type);
  CP_CHECK(version != nullptr && type != nullptr);  // validated before it was stored
  const auto bytes = catalog::MaxMemory(type->memory_bytes, ParametersOf(tx, {build.parameter_group}, version->family));
  return bytes.ok() ? *bytes : 0;
}

}  // namespace cacheplane::reconcile
