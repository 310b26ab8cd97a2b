#include "controlplane/service/parameter_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/text.h"
#include "controlplane/service/stable_hash.h"

namespace cacheplane::service {
namespace {

constexpr std::string_view kPrefix = "default.";

bool ByName(const model::ParameterGroup& a, const model::ParameterGroup& b) { return a.name < b.name; }

std::vector<model::ParameterGroup> MakeDefaults() {
  std::vector<model::ParameterGroup> groups;
  for (const std::string& family : catalog::Families()) {
    groups.push_back({.name = fmt::format("{}{}", kPrefix, family),
                      .family = family,
                      .description = fmt::format("Default parameter group for {}", family)});
    groups.push_back({.name = fmt::format("{}{}.cluster.on", kPrefix, family),
                      .family = family,
                      .description = fmt::format("Default parameter group for {} with cluster mode on", family),
                      .values = {{"cluster-enabled", "yes"}}});
  }
  std::sort(groups.begin(), groups.end(), ByName);
  return groups;
}

}  // namespace

bool IsDefaultParameterGroup(std::string_view name) { return ToLower(name).starts_with(kPrefix); }

const std::vector<model::ParameterGroup>& DefaultParameterGroups() {
  static const std::vector<model::ParameterGroup> groups = MakeDefaults();
  return groups;
}

std::optional<model::ParameterGroup> FindParameterGroup(ports::ParameterGroupTable& table, const std::string& name) {
  const std::string stored = ToLower(name);
  for (const model::ParameterGroup& group : DefaultParameterGroups()) {
    if (group.name == stored) return group;
  }
  return table.Find(stored);
}

std::vector<model::ParameterGroup> ListParameterGroupRows(ports::ParameterGroupTable& table,
                                                          const ports::PageRequest& page) {
  std::vector<model::ParameterGroup> rows = table.List(page);
  const std::string after = ToLower(page.after);
  for (const model::ParameterGroup& group : DefaultParameterGroups()) {
    if (group.name > after) rows.push_back(group);
  }
  std::sort(rows.begin(), rows.end(), ByName);
  if (std::cmp_greater(rows.size(), page.limit)) rows.resize(static_cast<std::size_t>(page.limit));
  return rows;
}

std::string EtagOf(const model::ParameterGroup& group) {
  if (IsDefaultParameterGroup(group.name)) return "";
  std::uint64_t hash = StableHash(group.family, StableHash(group.description));
  for (const auto& [name, value] : group.values) hash = StableHash(value, StableHash(name, hash));
  return fmt::format("{:016x}", hash);
}

std::vector<ParameterDetails> DescribeParameters(const model::ParameterGroup& group) {
  std::vector<ParameterDetails> details;
  const bool is_default = IsDefaultParameterGroup(group.name);
  for (const catalog::Parameter& parameter : catalog::ParametersOf(group.family)) {
    const auto own = group.values.find(parameter.name);
    const bool has = own != group.values.end();
    details.push_back({&parameter, has ? own->second : parameter.default_value, has && !is_default});
  }
  std::sort(details.begin(), details.end(),
            [](const auto& a, const auto& b) { return a.parameter->name < b.parameter->name; });
  return details;
}

}  // namespace cacheplane::service
