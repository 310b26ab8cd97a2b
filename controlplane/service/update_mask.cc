#include "controlplane/service/update_mask.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "controlplane/service/defaults.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

enum class Concerns { kNothingThatRuns, kNodes };

struct Field {
  std::string_view name;
  Concerns concerns;
  void (*copy)(ClusterDraft& to, const ClusterDraft& from);  // null: cannot be changed yet
  bool (*same)(const ClusterDraft& a, const ClusterDraft& b);
};

template <auto Member>
constexpr Field Changeable(std::string_view name, Concerns concerns) {
  return {name, concerns, [](ClusterDraft& to, const ClusterDraft& from) { to.*Member = from.*Member; },
          [](const ClusterDraft& a, const ClusterDraft& b) { return a.*Member == b.*Member; }};
}
constexpr Field Fixed(std::string_view name) { return {name, Concerns::kNodes, nullptr, nullptr}; }

constexpr std::array kFields = {
    Changeable<&ClusterDraft::description>("description", Concerns::kNothingThatRuns),
    Changeable<&ClusterDraft::maintenance_window>("maintenance_window", Concerns::kNothingThatRuns),
    Changeable<&ClusterDraft::snapshot_window>("snapshot_window", Concerns::kNothingThatRuns),
    Changeable<&ClusterDraft::snapshot_retention_days>("snapshot_retention_days", Concerns::kNothingThatRuns),
    Changeable<&ClusterDraft::auto_minor_version_upgrade>("auto_minor_version_upgrade", Concerns::kNothingThatRuns),
    Changeable<&ClusterDraft::deletion_protection>("deletion_protection", Concerns::kNothingThatRuns),
    Changeable<&ClusterDraft::frozen>("frozen", Concerns::kNothingThatRuns),
    Changeable<&ClusterDraft::security_groups>("security_groups", Concerns::kNothingThatRuns),
    Changeable<&ClusterDraft::tags>("tags", Concerns::kNothingThatRuns),
    Changeable<&ClusterDraft::engine>("engine", Concerns::kNodes),
    Changeable<&ClusterDraft::engine_version>("engine_version", Concerns::kNodes),
    Changeable<&ClusterDraft::node_type>("node_type", Concerns::kNodes),
    Changeable<&ClusterDraft::parameter_group>("parameter_group", Concerns::kNodes),
    Fixed("shard_count"),
    Changeable<&ClusterDraft::replicas_per_shard>("replicas_per_shard", Concerns::kNodes),
    Changeable<&ClusterDraft::multi_az>("multi_az", Concerns::kNodes),
    Changeable<&ClusterDraft::automatic_failover>("automatic_failover", Concerns::kNodes),
    Fixed("preferred_zones"),
    Changeable<&ClusterDraft::subnet_group>("subnet_group", Concerns::kNodes),
    Changeable<&ClusterDraft::port>("port", Concerns::kNodes),
};

std::string ChangeableNames() {
  std::vector<std::string> names;
  for (const Field& field : kFields) {
    if (field.copy != nullptr) names.emplace_back(field.name);
  }
  return QuotedList(names);
}

Result<const Field*> FieldOf(const std::string& path) {
  const auto field = std::find_if(kFields.begin(), kFields.end(), [&](const Field& row) { return row.name == path; });
  if (field == kFields.end()) return Invalid("update_mask", path, "is no field of spec", ChangeableNames());
  if (field->copy == nullptr) {
    return Unimplemented(
        fmt::format("not yet: changing {}; nothing was changed; allowed: {}", path, ChangeableNames()));
  }
  return &*field;
}

}  // namespace

Result<model::ClusterSpec> ApplyMask(const std::string& name, const model::ClusterSpec& current,
                                     const ClusterDraft& wanted, const std::vector<std::string>& mask) {
  if (mask.empty()) return Missing("update_mask", ChangeableNames());
  ClusterDraft draft = ToDraft(current);
  for (const std::string& path : mask) {
    CP_ASSIGN_OR_RETURN(const Field* field, FieldOf(path));
    field->copy(draft, wanted);
  }
  // The default group goes with the engine's version.
  const bool follows = current.parameter_group.starts_with("default.");
  if (follows && std::find(mask.begin(), mask.end(), "parameter_group") == mask.end()) draft.parameter_group.clear();
  // They name one zone a node, and there are other nodes from now on.
  const bool others = draft.replicas_per_shard != current.replicas_per_shard;
  if (others || draft.subnet_group != current.subnet_group) draft.preferred_zones.clear();
  return FillDefaults(name, draft);
}

std::vector<std::string> ChangedFields(const model::ClusterSpec& from, const model::ClusterSpec& to) {
  const ClusterDraft before = ToDraft(from);
  const ClusterDraft after = ToDraft(to);
  std::vector<std::string> names;
  for (const Field& field : kFields) {
    if (field.same != nullptr && !field.same(before, after)) names.emplace_back(field.name);
  }
  return names;
}

bool ConcernsNodes(const std::string& field) {
  const auto found = std::find_if(kFields.begin(), kFields.end(), [&](const Field& row) { return row.name == field; });
  return found == kFields.end() || found->concerns == Concerns::kNodes;
}

bool AnyConcernsNodes(const std::vector<std::string>& fields) {
  return std::any_of(fields.begin(), fields.end(), ConcernsNodes);
}

}  // namespace cacheplane::service
