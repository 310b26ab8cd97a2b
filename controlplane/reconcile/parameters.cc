#include "controlplane/reconcile/parameters.h"

#include "common/check.h"

namespace cacheplane::reconcile {

namespace {

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

std::int64_t DataBytesOf(ports::Transaction& tx, const model::Build& build) {
  const catalog::EngineVersion* version = catalog::FindEngineVersion(build.engine, build.engine_version);
  const catalog::NodeType* type = catalog::FindNodeType(build.node_type);
  CP_CHECK(version != nullptr && type != nullptr);  // validated before it was stored
  const auto bytes = catalog::MaxMemory(type->memory_bytes, ParametersOf(tx, {build.parameter_group}, version->family));
  return bytes.ok() ? *bytes : 0;
}

}  // namespace cacheplane::reconcile
