#include "controlplane/gateway/aws/operations/settings.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

using service::ClusterDraft;

enum class Of { kEveryMember, kGroupAlone };

// A parameter that stands for one field of a definition.
struct Setting {
  const char* parameter;
  const char* field;  // of ClusterDraft
  Of of;
  void (*set)(ClusterDraft& draft, const Json& input, const char* parameter);
};

template <auto Field, auto Read>
constexpr Setting Set(const char* parameter, const char* field, Of of) {
  return {parameter, field, of,
          [](ClusterDraft& draft, const Json& input, const char* name) { draft.*Field = Read(input, name); }};
}

constexpr std::array kSettings = {
    Set<&ClusterDraft::description, TextIn>("ReplicationGroupDescription", "description", Of::kGroupAlone),
    Set<&ClusterDraft::engine, TextIn>("Engine", "engine", Of::kGroupAlone),
    Set<&ClusterDraft::engine_version, TextIn>("EngineVersion", "engine_version", Of::kGroupAlone),
    Set<&ClusterDraft::node_type, TextIn>("CacheNodeType", "node_type", Of::kGroupAlone),
    Set<&ClusterDraft::multi_az, FlagIn>("MultiAZEnabled", "multi_az", Of::kGroupAlone),
    Set<&ClusterDraft::automatic_failover, FlagIn>("AutomaticFailoverEnabled", "automatic_failover", Of::kGroupAlone),
    Set<&ClusterDraft::snapshot_retention_days, NumberIn>("SnapshotRetentionLimit", "snapshot_retention_days",
                                                          Of::kGroupAlone),
    Set<&ClusterDraft::snapshot_window, TextIn>("SnapshotWindow", "snapshot_window", Of::kGroupAlone),
    Set<&ClusterDraft::security_groups, TextsIn>("SecurityGroupIds", "security_groups", Of::kEveryMember),
    Set<&ClusterDraft::parameter_group, TextIn>("CacheParameterGroupName", "parameter_group", Of::kEveryMember),
    Set<&ClusterDraft::maintenance_window, TextIn>("PreferredMaintenanceWindow", "maintenance_window",
                                                   Of::kEveryMember),
    Set<&ClusterDraft::auto_minor_version_upgrade, FlagIn>("AutoMinorVersionUpgrade", "auto_minor_version_upgrade",
                                                           Of::kEveryMember),
};

bool IsDescription(const Setting& setting) { return std::string_view(setting.field) == "description"; }

// An empty value is one that was not given, but for a description, which may be none.
bool IsGiven(const Setting& setting, const Json& input) {
  return IsDescription(setting) ? input.contains(setting.parameter) : !IsEmptyIn(input, setting.parameter);
}

}  // namespace

void SetFields(const Json& input, ClusterDraft& draft) {
  for (const Setting& setting : kSettings) setting.set(draft, input, setting.parameter);
}

service::ModifyClusterRequest ModificationOf(const Call& call, const std::string& cluster) {
  service::ModifyClusterRequest request;
  request.name = cluster;
  request.request_id = RequestIdOf(call);
  request.apply_immediately = FlagIn(call.input, "ApplyImmediately").value_or(false);
  request.refuse_when_busy = true;
  for (const Setting& setting : kSettings) {
    if (!IsGiven(setting, call.input)) continue;
    setting.set(request.spec, call.input, setting.parameter);
    request.update_mask.emplace_back(setting.field);
  }
  return request;
}

std::string GivenToGroupAlone(const Json& input) {
  const auto found = std::find_if(kSettings.begin(), kSettings.end(), [&](const Setting& setting) {
    return setting.of == Of::kGroupAlone && IsGiven(setting, input);
  });
  return found == kSettings.end() ? "" : found->parameter;
}

}  // namespace cacheplane::gateway::aws
