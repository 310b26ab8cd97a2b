#include "controlplane/service/update_mask.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "controlplane/service/defaults.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

struct Field {
  std::string_view name;
  void (*copy)(ClusterDraft& to, const ClusterDraft& from);  // null: cannot be changed yet
  bool (*same)(const ClusterDraft& a, const ClusterDraft& b);
};

template <auto Member>
constexpr Field Changeable(std::string_view name) {
  return {name, [](ClusterDraft& to, const ClusterDraft& from) { to.*Member = from.*Member; },
          [](const ClusterDraft& a, const ClusterDraft& b) { return a.*Member == b.*Member; }};
}
constexpr Field Fixed(std::string_view name) { return {name, nullptr, nullptr}; }

constexpr std::array kFields = {
    Changeable<&ClusterDraft::description>("description"),
    Changeable<&ClusterDraft::maintenance_window>("maintenance_window"),
    Changeable<&ClusterDraft::snapshot_window>("snapshot_window"),
    Changeable<&ClusterDraft::snapshot_retention_days>("snapshot_retention_days"),
    Changeable<&ClusterDraft::auto_minor_version_upgrade>("auto_minor_version_upgrade"),
    Changeable<&ClusterDraft::deletion_protection>("deletion_protection"),
    Changeable<&ClusterDraft::frozen>("frozen"),
    Changeable<&ClusterDraft::security_groups>("security_groups"),
    Changeable<&ClusterDraft::tags>("tags"),
    Changeable<&ClusterDraft::engine>("engine"),
    Changeable<&ClusterDraft::engine_version>("engine_version"),
    Changeable<&ClusterDraft::node_type>("node_type"),
    Changeable<&ClusterDraft::parameter_group>("parameter_group"),
    Fixed("shard_count"),
    Changeable<&ClusterDraft::replicas_per_shard>("replicas_per_shard"),
    Changeable<&ClusterDraft::multi_az>("multi_az"),
    Changeable<&ClusterDraft::automatic_failover>("automatic_failover"),
    Fixed("preferred_zones"),
    Changeable<&ClusterDraft::subnet_group>("subnet_group"),
    Changeable<&ClusterDraft::port>("port"),
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

}  // namespace cacheplane::service
