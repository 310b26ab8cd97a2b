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
};

template <auto Member>
void Copy(ClusterDraft& to, const ClusterDraft& from) {
  to.*Member = from.*Member;
}

constexpr std::array kFields = {
    Field{"description", Copy<&ClusterDraft::description>},
    Field{"maintenance_window", Copy<&ClusterDraft::maintenance_window>},
    Field{"snapshot_window", Copy<&ClusterDraft::snapshot_window>},
    Field{"snapshot_retention_days", Copy<&ClusterDraft::snapshot_retention_days>},
    Field{"auto_minor_version_upgrade", Copy<&ClusterDraft::auto_minor_version_upgrade>},
    Field{"deletion_protection", Copy<&ClusterDraft::deletion_protection>},
    Field{"frozen", Copy<&ClusterDraft::frozen>},
    Field{"security_groups", Copy<&ClusterDraft::security_groups>},
    Field{"tags", Copy<&ClusterDraft::tags>},
    Field{"engine", Copy<&ClusterDraft::engine>},
    Field{"engine_version", Copy<&ClusterDraft::engine_version>},
    Field{"node_type", Copy<&ClusterDraft::node_type>},
    Field{"parameter_group", Copy<&ClusterDraft::parameter_group>},
    Field{"shard_count", nullptr},
    Field{"replicas_per_shard", Copy<&ClusterDraft::replicas_per_shard>},
    Field{"multi_az", Copy<&ClusterDraft::multi_az>},
    Field{"automatic_failover", Copy<&ClusterDraft::automatic_failover>},
    Field{"preferred_zones", nullptr},
    Field{"subnet_group", Copy<&ClusterDraft::subnet_group>},
    Field{"port", Copy<&ClusterDraft::port>},
};

std::string Changeable() {
  std::vector<std::string> names;
  for (const Field& field : kFields) {
    if (field.copy != nullptr) names.emplace_back(field.name);
  }
  return QuotedList(names);
}

Result<const Field*> FieldOf(const std::string& path) {
  const auto field = std::find_if(kFields.begin(), kFields.end(), [&](const Field& row) { return row.name == path; });
  if (field == kFields.end()) return Invalid("update_mask", path, "is no field of spec", Changeable());
  if (field->copy == nullptr) {
    return Unimplemented(fmt::format("not yet: changing {}; nothing was changed; allowed: {}", path, Changeable()));
  }
  return &*field;
}

}  // namespace

Result<model::ClusterSpec> ApplyMask(const std::string& name, const model::ClusterSpec& current,
                                     const ClusterDraft& wanted, const std::vector<std::string>& mask) {
  if (mask.empty()) return Missing("update_mask", Changeable());
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

}  // namespace cacheplane::service
