#include "controlplane/gateway/aws/operations/member_view.h"

#include <algorithm>
#include <optional>

#include "common/text.h"
#include "controlplane/gateway/aws/wire/arn.h"
#include "controlplane/gateway/aws/wire/iso_time.h"

namespace cacheplane::gateway::aws {
namespace {

// At least as many as a member has: a full object copies all that is in it when it grows.
constexpr std::size_t kMembers = 32;
constexpr std::string_view kRebooting = "rebooting cluster nodes";

bool IsLeaving(const service::ClusterDetails& details, const GroupMember& member) {
  if (!details.operation) return false;
  const std::vector<std::string>& leaving = details.operation->removals;
  return std::find(leaving.begin(), leaving.end(), member.id) != leaving.end();
}

bool IsRebooting(const service::ClusterDetails& details, const service::NodeDetails& node) {
  if (!details.operation) return false;
  const auto reboot = details.operation->reboots.find(node.node.incarnation);
  if (reboot == details.operation->reboots.end()) return false;
  return node.node.renewal == reboot->second || node.state.status != service::NodeStatus::kAvailable;
}

std::string_view NodeStatusOf(std::string_view member_status) {
  for (const std::string_view same : {"available", "creating", "deleting"}) {
    if (member_status == same) return same;
  }
  return "rebooting";
}

// Of a version by the number it was asked for, while it is that version.
std::string InAliasOf(const model::ClusterSpec& spec, const std::string& version) {
  const bool meant = !spec.engine_version_alias.empty() && (version + ".").starts_with(spec.engine_version + ".");
  return meant ? spec.engine_version_alias + ".0" : version;
}

// In full, also before the process tells it: clients parse three numbers.
std::string EngineVersionOf(const service::ClusterDetails& details, const GroupMember& member) {
  const model::ClusterSpec& spec = details.cluster.spec;
  std::string version = spec.engine_version;
  if (member.node != nullptr && !member.node->node.image_version.empty()) version = member.node->node.image_version;
  if (member.node != nullptr && !member.node->engine_version.empty()) version = member.node->engine_version;
  version = InAliasOf(spec, version);
  while (Split(version, '.').size() < 3) version += ".0";
  return version;
}

std::string EngineOf(const service::ClusterDetails& details, const GroupMember& member) {
  const bool planned = member.node != nullptr && !member.node->node.engine.empty();
  return planned ? member.node->node.engine : details.cluster.spec.engine;
}

bool IsRebooted(const service::ClusterDetails& details) {
  return details.operation && details.operation->kind == model::OperationKind::kRebootCluster;
}

std::string_view StatusAlone(const service::ClusterDetails& details) {
  switch (details.cluster.status) {
    case model::ClusterStatus::kCreating: return "creating";
    case model::ClusterStatus::kStopped: return "incompatible-network";
    case model::ClusterStatus::kDeleting: return "deleting";
    case model::ClusterStatus::kAvailable:
      if (!service::IsChanging(details)) return "available";
      [[fallthrough]];
    case model::ClusterStatus::kModifying:
    case model::ClusterStatus::kImpaired: break;
  }
  return IsRebooted(details) ? kRebooting : "modifying";
}

// Nothing before there is one.
std::optional<model::Address> AddressOf(const service::ClusterDetails& details, const GroupMember& member) {
  if (StandsAlone(details)) return details.primary_endpoint;
  const model::Address& address = member.node->node.address;
  return address.ip.empty() ? std::nullopt : std::optional(address);
}

WallTime CreatedAt(const service::ClusterDetails& details, const GroupMember& member) {
  const bool joined = member.node != nullptr && member.node->node.joined.value > 0 && !StandsAlone(details);
  return joined ? member.node->node.joined_at : details.cluster.created;
}

Json PendingJson(const model::Cluster& cluster) {
  Json pending = Json::object();
  if (!cluster.pending) return pending;
  const std::string& version = model::VersionAskedFor(*cluster.pending);
  if (version != model::VersionAskedFor(model::BuildOf(cluster.spec)) ||
      cluster.pending->engine != cluster.spec.engine) {
    pending["EngineVersion"] = version;
  }
  if (cluster.pending->node_type != cluster.spec.node_type) pending["CacheNodeType"] = cluster.pending->node_type;
  return pending;
}

std::string_view ApplyStatusOf(const GroupMember& member) {
  return member.node == nullptr || member.node->pending_restart.empty() ? "in-sync" : "pending-reboot";
}

Json ParameterGroupJson(const model::Cluster& cluster, const GroupMember& member) {
  const std::string_view status = ApplyStatusOf(member);
  Json to_reboot = Json::array();
  if (status == "pending-reboot") to_reboot.push_back(kOnlyNode);
  return {{"CacheParameterGroupName", cluster.spec.parameter_group},
          {"ParameterApplyStatus", status},
          {"CacheNodeIdsToReboot", to_reboot}};
}

Json NodesJson(const service::ClusterDetails& details, const GroupMember& member) {
  Json nodes = Json::array();
  // Terraform ends when a node has no endpoint.
  const auto address = member.node == nullptr ? std::nullopt : AddressOf(details, member);
  if (!address) return nodes;
  nodes.push_back({{"CacheNodeId", kOnlyNode},
                   {"CacheNodeStatus", NodeStatusOf(MemberStatusOf(details, member))},
                   {"CacheNodeCreateTime", IsoTime(CreatedAt(details, member))},
                   {"Endpoint", EndpointJson(*address)},
                   {"ParameterGroupStatus", ApplyStatusOf(member)},
                   {"CustomerAvailabilityZone", member.node->node.zone}});
  return nodes;
}

Json SecurityGroupsJson(const model::ClusterSpec& spec) {
  Json groups = Json::array();
  for (const std::string& name : spec.security_groups) {
    groups.push_back({{"SecurityGroupId", name}, {"Status", "active"}});
  }
  return groups;
}

void AddIdentity(Json& json, const service::ClusterDetails& details, const GroupMember& member) {
  json["CacheClusterId"] = member.id;
  json["CacheNodeType"] = details.cluster.spec.node_type;
  json["Engine"] = EngineOf(details, member);
  json["EngineVersion"] = EngineVersionOf(details, member);
  json["CacheClusterStatus"] = MemberStatusOf(details, member);
  json["NumCacheNodes"] = 1;
  if (member.node != nullptr) json["PreferredAvailabilityZone"] = member.node->node.zone;
  json["CacheClusterCreateTime"] = IsoTime(CreatedAt(details, member));
}

// The group's, which its members share.
void AddSettings(Json& json, const service::ClusterDetails& details, const GroupMember& member) {
  const model::ClusterSpec& spec = details.cluster.spec;
  json["PreferredMaintenanceWindow"] = spec.maintenance_window;
  json["PendingModifiedValues"] = PendingJson(details.cluster);
  json["CacheSecurityGroups"] = Json::array();
  json["CacheParameterGroup"] = ParameterGroupJson(details.cluster, member);
  json["CacheSubnetGroupName"] = spec.subnet_group;
  json["AutoMinorVersionUpgrade"] = spec.auto_minor_version_upgrade;
  json["SecurityGroups"] = SecurityGroupsJson(spec);
  if (!StandsAlone(details)) json["ReplicationGroupId"] = details.cluster.name;
  // Replicas have 0 whatever the group has: Terraform would see a change otherwise.
  json["SnapshotRetentionLimit"] = member.id == SnapshottingMember(details) ? spec.snapshot_retention_days : 0;
  json["SnapshotWindow"] = spec.snapshot_window;
}

void AddWhatIsNotBuilt(Json& json) {
  json["AuthTokenEnabled"] = false;
  json["TransitEncryptionEnabled"] = false;
  json["AtRestEncryptionEnabled"] = false;
  json["ReplicationGroupLogDeliveryEnabled"] = false;
  json["LogDeliveryConfigurations"] = Json::array();
  json["NetworkType"] = "ipv4";
  json["IpDiscovery"] = "ipv4";
}

}  // namespace

std::string_view MemberStatusOf(const service::ClusterDetails& details, const GroupMember& member) {
  if (StandsAlone(details)) return StatusAlone(details);
  if (details.cluster.status == model::ClusterStatus::kDeleting || IsLeaving(details, member)) return "deleting";
  if (member.node == nullptr) return "creating";
  if (IsRebooting(details, *member.node)) return kRebooting;
  switch (member.node->state.status) {
    case service::NodeStatus::kCreating: return "creating";
    case service::NodeStatus::kAvailable: return "available";
    case service::NodeStatus::kModifying:
    case service::NodeStatus::kImpaired: return "modifying";
    case service::NodeStatus::kStopped: return "incompatible-network";
    case service::NodeStatus::kDeleting: return "deleting";
  }
  return "modifying";
}

Json MemberJson(const service::ClusterDetails& details, const GroupMember& member, const MemberShown& shown) {
  Json json = Json::object();
  json.get_ref<Json::object_t&>().reserve(kMembers);
  AddIdentity(json, details, member);
  AddSettings(json, details, member);
  if (shown.nodes) json["CacheNodes"] = NodesJson(details, member);
  AddWhatIsNotBuilt(json);
  json["ARN"] = ArnOf(shown.region, "cluster", member.id);
  return json;
}

Json MemberJson(const service::ClusterAnswer& answer, const std::string& id, const std::string& region) {
  const GroupMember member = answer.cluster ? MemberNamed(*answer.cluster, id) : GroupMember{};
  if (!member.id.empty()) return MemberJson(*answer.cluster, member, {.region = region});
  return Json{{"CacheClusterId", ToLower(id)}, {"CacheClusterStatus", "deleting"}};
}

Json EndpointJson(const model::Address& address) { return {{"Address", address.ip}, {"Port", address.port}}; }

}  // namespace cacheplane::gateway::aws
