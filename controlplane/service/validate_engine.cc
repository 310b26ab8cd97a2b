// Rules of engines, versions, node types and parameter groups.
#include <fmt/format.h>

#include <algorithm>

#include "cache-engine/catalog/catalog.h"
#include "common/text.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/validate.h"

namespace cacheplane::service {
namespace {

std::vector<std::string> Engines() {
  std::vector<std::string> engines;
  for (const catalog::EngineVersion& row : catalog::EngineVersions()) {
    if (engines.empty() || engines.back() != row.engine) engines.push_back(row.engine);
  }
  return engines;
}

// With the numbers that stand for another.
std::vector<std::string> VersionsOf(const std::string& engine) {
  std::vector<std::string> versions;
  for (const catalog::EngineVersion& row : catalog::EngineVersions()) {
    if (row.engine != engine) continue;
    versions.push_back(row.version);
    for (const catalog::VersionAlias& alias : catalog::VersionAliases()) {
      if (alias.engine == engine && alias.version == row.version) versions.push_back(alias.alias);
    }
  }
  return versions;
}

bool HasImage(const std::vector<model::Host>& hosts, const std::string& engine, const std::string& version) {
  const catalog::VersionAlias* alias = catalog::FindVersionAlias(engine, version);
  const std::string& real = alias == nullptr ? version : alias->version;
  return std::any_of(hosts.begin(), hosts.end(),
                     [&](const model::Host& host) { return !model::NewestImage(host, engine, real).empty(); });
}

// Those that some agent has an image of; all of them while no agent is known.
std::vector<std::string> RunnableVersions(const std::string& engine, const std::vector<model::Host>& hosts) {
  std::vector<std::string> versions = VersionsOf(engine);
  std::erase_if(versions, [&](const auto& version) { return !hosts.empty() && !HasImage(hosts, engine, version); });
  return versions;
}

Status CheckVersionExists(const model::ClusterSpec& spec, const std::vector<model::Host>& hosts) {
  constexpr std::string_view kField = "spec.engine_version";
  if (catalog::FindEngineVersion(spec.engine, spec.engine_version) != nullptr) return {};
  const std::string minor = catalog::MinorOf(spec.engine_version);
  if (catalog::FindEngineVersion(spec.engine, minor) != nullptr) {
    return Invalid(kField, spec.engine_version, "names a patch release, which is chosen by the images on the agents",
                   Quoted(minor));
  }
  return Invalid(kField, spec.engine_version, fmt::format("is no version of {}", spec.engine),
                 QuotedList(RunnableVersions(spec.engine, hosts)));
}

std::string OpenNodeTypes() {
  std::vector<std::string> names;
  for (const catalog::NodeType& type : catalog::NodeTypes()) {
    if (type.new_clusters_allowed && names.size() < 6) names.push_back(type.name);
  }
  return QuotedList(names) + ", … (ListNodeTypes has all)";
}

Status CheckFits(const catalog::NodeType& type, const std::vector<model::Host>& hosts) {
  const auto largest = std::max_element(hosts.begin(), hosts.end(), [](const model::Host& a, const model::Host& b) {
    return a.memory_bytes < b.memory_bytes;
  });
  if (largest == hosts.end() || type.memory_bytes <= largest->memory_bytes) return {};
  return Invalid("spec.node_type", type.name,
                 fmt::format("fits nowhere: it needs {}, and the largest host, {}, offers {}",
                             InGibibytes(type.memory_bytes), largest->agent, InGibibytes(largest->memory_bytes)),
                 fmt::format("node types of at most {}", InGibibytes(largest->memory_bytes)));
}

}  // namespace

Status ValidateEngine(const model::ClusterSpec& spec, const std::vector<model::Host>& hosts) {
  if (VersionsOf(spec.engine).empty()) return Invalid("spec.engine", spec.engine, "is unknown", QuotedList(Engines()));
  CP_RETURN_IF_ERROR(CheckVersionExists(spec, hosts));
  if (hosts.empty() || HasImage(hosts, spec.engine, spec.engine_version)) return {};
  return Invalid("spec.engine_version", model::VersionAskedFor(model::BuildOf(spec)),
                 fmt::format("of {} has no image on any agent", spec.engine),
                 QuotedList(RunnableVersions(spec.engine, hosts)));
}

Status ValidateNodeType(const model::ClusterSpec& spec, const std::vector<model::Host>& hosts) {
  constexpr std::string_view kField = "spec.node_type";
  if (spec.node_type.empty()) return Missing(kField, OpenNodeTypes());
  const catalog::NodeType* type = catalog::FindNodeType(spec.node_type);
  if (type == nullptr) return Invalid(kField, spec.node_type, "is unknown", OpenNodeTypes());
  if (!type->new_clusters_allowed) {
    return Invalid(kField, spec.node_type, "is not offered to new clusters", OpenNodeTypes());
  }
  return CheckFits(*type, hosts);
}

Status ValidateParameterGroup(const model::ClusterSpec& spec, const std::optional<model::ParameterGroup>& group) {
  constexpr std::string_view kField = "spec.parameter_group";
  const catalog::EngineVersion* version = catalog::FindEngineVersion(spec.engine, spec.engine_version);
  const std::string family = version == nullptr ? "" : version->family;
  const std::string allowed = fmt::format("groups of family {} that ListParameterGroups shows", Quoted(family));
  const std::string& given = spec.parameter_group;
  if (!group) return NotFound(fmt::format("{}: {} does not exist; allowed: {}", kField, Quoted(given), allowed));
  if (group->family != family) {
    return Invalid(kField, given,
                   fmt::format("is of family {}, and {} {} takes parameters of family {}", Quoted(group->family),
                               spec.engine, spec.engine_version, Quoted(family)),
                   allowed);
  }
  const auto cluster_mode = group->values.find("cluster-enabled");
  if (cluster_mode != group->values.end() && cluster_mode->second == "yes") {
    return Unimplemented(
        fmt::format("{}: {} is for cluster mode, which is not built yet; allowed: {}", kField, Quoted(given), allowed));
  }
  const catalog::NodeType* type = catalog::FindNodeType(spec.node_type);
  if (type == nullptr) return {};
  const auto max_memory = catalog::MaxMemory(type->memory_bytes, group->values);
  if (max_memory.ok()) return {};
  return Invalid(kField, given, fmt::format("does not suit {}: {}", type->name, max_memory.error().message),
                 fmt::format("groups that leave memory of its {} bytes", type->memory_bytes));
}

}  // namespace cacheplane::service
