#include "controlplane/gateway/aws/operations/group_request.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "common/text.h"
#include "controlplane/gateway/aws/operations/members.h"
#include "controlplane/gateway/aws/operations/not_built.h"
#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/gateway/aws/operations/replica_count.h"
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

Status AddTags(const Json& input, ClusterDraft& draft) {
  for (const Json& tag : StructuresIn(input, "Tags")) {
    const std::string key = TextIn(tag, "Key");
    if (draft.tags.emplace(key, TextIn(tag, "Value")).second) continue;
    return service::Invalid("Tags", key, "is the key of two tags", "each key once");
  }
  return {};
}

Status CheckDescription(const Json& input) {
  if (!TextIn(input, "ReplicationGroupDescription").empty()) return {};
  return service::Missing("ReplicationGroupDescription", "1 to 255 printable characters");
}

// Snapshots are taken of one member, which the API lets callers choose elsewhere.
Status CheckSnapshotting(const Json& input, const service::ClusterDetails& present) {
  const std::string asked = ToLower(TextIn(input, "SnapshottingClusterId"));
  const std::string first = SnapshottingMember(present);
  if (asked.empty() || asked == first || asked == model::NodeNameOf(present.cluster.name, 1).str()) return {};
  return NotBuilt("SnapshottingClusterId", asked, service::Quoted(first).c_str());
}

service::ModifyClusterRequest ModifyRequest(const Call& call, const std::string& cluster) {
  service::ModifyClusterRequest request;
  request.name = cluster;
  request.request_id = RequestIdOf(call);
  request.apply_immediately = FlagIn(call.input, "ApplyImmediately").value_or(false);
  for (const Setting& setting : kSettings) {
    if (!IsGiven(setting, call.input)) continue;
    setting.set(request.spec, call.input, setting.parameter);
    request.update_mask.emplace_back(setting.field);
  }
  return request;
}

}  // namespace

Result<service::CreateClusterRequest> CreateRequestOf(const Call& call) {
  const Json& input = call.input;
  CP_RETURN_IF_ERROR(CheckBuilt(input));
  CP_RETURN_IF_ERROR(CheckDescription(input));
  if (!IsEmptyIn(input, "PrimaryClusterId")) {
    return NotBuilt("PrimaryClusterId", input.at("PrimaryClusterId"), "nothing: its nodes are created with a group");
  }
  service::CreateClusterRequest request;
  request.name = TextIn(input, "ReplicationGroupId");
  request.request_id = RequestIdOf(call);
  ClusterDraft& spec = request.spec;
  for (const Setting& setting : kSettings) setting.set(spec, input, setting.parameter);
  if (spec.engine.empty()) spec.engine = "redis";
  CP_ASSIGN_OR_RETURN(const NewShape shape, NewShapeOf(input));
  spec.replicas_per_shard = shape.replicas;
  spec.preferred_zones = shape.zones;
  spec.shard_count = NumberIn(input, "NumNodeGroups");
  spec.automatic_failover = spec.automatic_failover.value_or(false);
  spec.subnet_group = TextIn(input, "CacheSubnetGroupName");
  spec.port = NumberIn(input, "Port");
  CP_RETURN_IF_ERROR(AddTags(input, spec));
  return request;
}

Result<service::ModifyClusterRequest> ModifyRequestOf(const Call& call, const service::ClusterDetails& present) {
  CP_RETURN_IF_ERROR(CheckBuilt(call.input));
  CP_RETURN_IF_ERROR(CheckSnapshotting(call.input, present));
  return ModifyRequest(call, present.cluster.name);
}

std::optional<service::SwitchoverClusterRequest> PrimaryRequestOf(const Call& call) {
  if (IsEmptyIn(call.input, "PrimaryClusterId")) return std::nullopt;
  service::SwitchoverClusterRequest request;
  request.name = TextIn(call.input, "ReplicationGroupId");
  request.node = TextIn(call.input, "PrimaryClusterId");
  request.request_id = RequestIdOf(call);
  return request;
}

Result<service::ModifyClusterRequest> MemberModifyRequestOf(const Call& call, const service::ClusterDetails& present) {
  const Json& input = call.input;
  CP_RETURN_IF_ERROR(CheckBuilt(input));
  if (const auto nodes = NumberIn(input, "NumCacheNodes")) {
    CP_RETURN_IF_ERROR(service::CheckRange("NumCacheNodes", *nodes, 1, 1));
  }
  for (const Setting& setting : kSettings) {
    if (setting.of == Of::kEveryMember || !IsGiven(setting, input)) continue;
    return FailedPrecondition(
        fmt::format("{}: {} cannot be changed for one member of {}; allowed: with "
                    "ModifyReplicationGroup, for all",
                    setting.parameter, ShownValue(input.at(setting.parameter)), service::Quoted(present.cluster.name)));
  }
  return ModifyRequest(call, present.cluster.name);
}

}  // namespace cacheplane::gateway::aws
