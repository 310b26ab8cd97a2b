#include "controlplane/gateway/aws/operations/group_view.h"

#include "controlplane/gateway/aws/operations/member_view.h"
#include "controlplane/gateway/aws/operations/members.h"
#include "controlplane/gateway/aws/wire/arn.h"
#include "controlplane/gateway/aws/wire/iso_time.h"

namespace cacheplane::gateway::aws {
namespace {

// At least as many as a group has: a full object copies all that is in it when it grows.
constexpr std::size_t kMembers = 32;

std::string_view Switch(bool on) { return on ? "enabled" : "disabled"; }

Json NodeGroupMembersJson(const service::ShardDetails& shard) {
  Json members = Json::array();
  for (const service::NodeDetails& node : shard.nodes) {
    members.push_back({{"CacheClusterId", node.node.name.str()},
                       {"CacheNodeId", kOnlyNode},
                       {"ReadEndpoint", EndpointJson(node.node.address)},
                       {"PreferredAvailabilityZone", node.node.zone},
                       {"CurrentRole", model::RoleName(node.node.role)}});
  }
  return members;
}

// None while an endpoint is not served: Terraform ends when a node group has none.
Json NodeGroupsJson(const service::ClusterDetails& details) {
  Json groups = Json::array();
  if (!details.primary_endpoint || !details.reader_endpoint) return groups;
  const std::string_view status = GroupStatusOf(details);
  for (const service::ShardDetails& shard : details.shards) {
    groups.push_back({{"NodeGroupId", model::ShardName(shard.shard.ordinal)},
                      {"Status", status == "create-failed" ? "modifying" : status},
                      {"PrimaryEndpoint", EndpointJson(*details.primary_endpoint)},
                      {"ReaderEndpoint", EndpointJson(*details.reader_endpoint)},
                      {"NodeGroupMembers", NodeGroupMembersJson(shard)}});
  }
  return groups;
}

Json MemberIdsJson(const service::ClusterDetails& details) {
  Json ids = Json::array();
  for (const GroupMember& member : MembersOf(details)) ids.push_back(member.id);
  return ids;
}

void AddSettings(Json& json, const service::ClusterDetails& details) {
  const model::ClusterSpec& spec = details.cluster.spec;
  if (spec.snapshot_retention_days > 0) json["SnapshottingClusterId"] = SnapshottingMember(details);
  json["AutomaticFailover"] = Switch(spec.automatic_failover);
  json["MultiAZ"] = Switch(spec.multi_az);
  json["SnapshotRetentionLimit"] = spec.snapshot_retention_days;
  json["SnapshotWindow"] = spec.snapshot_window;
  json["CacheNodeType"] = spec.node_type;
  json["AutoMinorVersionUpgrade"] = spec.auto_minor_version_upgrade;
  json["Engine"] = spec.engine;
}

void AddWhatIsNotBuilt(Json& json) {
  json["ClusterEnabled"] = false;
  json["ClusterMode"] = Switch(false);
  json["AuthTokenEnabled"] = false;
  json["TransitEncryptionEnabled"] = false;
  json["AtRestEncryptionEnabled"] = false;
  json["MemberClustersOutpostArns"] = Json::array();
  json["UserGroupIds"] = Json::array();
  json["LogDeliveryConfigurations"] = Json::array();
  json["DataTiering"] = Switch(false);
  json["NetworkType"] = "ipv4";
  json["IpDiscovery"] = "ipv4";
}

}  // namespace

std::string_view GroupStatusOf(const service::ClusterDetails& details) {
  switch (details.cluster.status) {
    case model::ClusterStatus::kCreating: return "creating";
    case model::ClusterStatus::kAvailable: return service::IsChanging(details) ? "modifying" : "available";
    case model::ClusterStatus::kModifying:
    case model::ClusterStatus::kImpaired: return "modifying";
    case model::ClusterStatus::kStopped: return "create-failed";
    case model::ClusterStatus::kDeleting: return "deleting";
  }
  return "modifying";
}

Json GroupJson(const service::ClusterDetails& details, const std::string& region) {
  Json json = Json::object();
  json.get_ref<Json::object_t&>().reserve(kMembers);
  json["ReplicationGroupId"] = details.cluster.name;
  json["Description"] = details.cluster.spec.description;
  json["Status"] = GroupStatusOf(details);
  // What can wait for the maintenance window is told of the members: the API has no words for it here.
  json["PendingModifiedValues"] = Json::object();
  json["MemberClusters"] = MemberIdsJson(details);
  json["NodeGroups"] = NodeGroupsJson(details);
  AddSettings(json, details);
  AddWhatIsNotBuilt(json);
  json["ARN"] = ArnOf(region, "replicationgroup", details.cluster.name);
  json["ReplicationGroupCreateTime"] = IsoTime(details.cluster.created);
  return json;
}

Json GroupJson(const service::ClusterAnswer& answer, const std::string& region) {
  if (answer.cluster) return GroupJson(*answer.cluster, region);
  Json json = Json::object();
  if (answer.operation) json["ReplicationGroupId"] = answer.operation->target;
  json["Status"] = "deleting";
  return json;
}

}  // namespace cacheplane::gateway::aws
