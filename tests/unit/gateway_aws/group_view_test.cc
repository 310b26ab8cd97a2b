// Groups and members as they are shown: nothing of the model is forgotten, and statuses are the API's.
#include "controlplane/gateway/aws/operations/group_view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "controlplane/gateway/aws/operations/member_view.h"
#include "controlplane/gateway/aws/wire/iso_time.h"
#include "controlplane/gateway/aws/wire/model.h"
#include "tests/unit/gateway_aws/group_api.h"

namespace cacheplane::gateway::aws {
namespace {

using model::ClusterStatus;
using service::NodeStatus;
// Paths of members that are never shown, and why.
using Absent = std::map<std::string, const char*>;

const char* const kOutposts = "no Outposts";
const char* const kTls = "no TLS yet";
const char* const kLogs = "no delivery of logs yet";

const Absent& AbsentInGroup() {
  static const Absent absent = {{"GlobalReplicationGroupInfo", "no global groups"},
                                {"PendingModifiedValues.PrimaryClusterId", "a switchover begins at once"},
                                {"PendingModifiedValues.AutomaticFailoverStatus", "changed at once"},
                                {"PendingModifiedValues.Resharding", "no cluster mode yet"},
                                {"PendingModifiedValues.AuthTokenStatus", kTls},
                                {"PendingModifiedValues.UserGroups", "no users yet"},
                                {"PendingModifiedValues.LogDeliveryConfigurations", kLogs},
                                {"PendingModifiedValues.TransitEncryptionEnabled", kTls},
                                {"PendingModifiedValues.TransitEncryptionMode", kTls},
                                {"PendingModifiedValues.ClusterMode", "no cluster mode yet"},
                                {"NodeGroups[].Slots", "shown in cluster mode only"},
                                {"NodeGroups[].NodeGroupMembers[].PreferredOutpostArn", kOutposts},
                                {"ConfigurationEndpoint", "shown in cluster mode only"},
                                {"AuthTokenLastModifiedDate", kTls},
                                {"MemberClustersOutpostArns[]", kOutposts},
                                {"KmsKeyId", "no encryption at rest yet"},
                                {"UserGroupIds[]", "no users yet"},
                                {"LogDeliveryConfigurations[]", kLogs},
                                {"TransitEncryptionMode", kTls}};
  return absent;
}

const Absent& AbsentInMember() {
  static const Absent absent = {{"ConfigurationEndpoint", "Memcached only"},
                                {"ClientDownloadLandingPage", "there is no such page"},
                                {"PreferredOutpostArn", kOutposts},
                                {"PendingModifiedValues.NumCacheNodes", "always one"},
                                {"PendingModifiedValues.CacheNodeIdsToRemove", "always one"},
                                {"PendingModifiedValues.AuthTokenStatus", kTls},
                                {"PendingModifiedValues.LogDeliveryConfigurations", kLogs},
                                {"PendingModifiedValues.TransitEncryptionEnabled", kTls},
                                {"PendingModifiedValues.TransitEncryptionMode", kTls},
                                {"PendingModifiedValues.ScaleConfig", "Memcached only"},
                                {"NotificationConfiguration", "no topics"},
                                {"CacheSecurityGroups[]", "groups of subnets have security groups instead"},
                                {"CacheNodes[].SourceCacheNodeId", "ElastiCache does not show it any more"},
                                {"CacheNodes[].CustomerOutpostArn", kOutposts},
                                {"AuthTokenLastModifiedDate", kTls},
                                {"LogDeliveryConfigurations[]", kLogs},
                                {"TransitEncryptionMode", kTls}};
  return absent;
}

// Walks a shape of the model and a value beside it.
class Walk {
 public:
  explicit Walk(const Absent& absent) : absent_(absent) {}

  void Structure(const Shape& shape, const Json& json, const std::string& path) {
    std::set<std::string> known;
    for (const Member& member : shape.members) {
      known.insert(member.name);
      const std::string at = path.empty() ? member.name : path + "." + member.name;
      if (IsAbsent(at, json.contains(member.name))) continue;
      ASSERT_TRUE(json.contains(member.name)) << at;
      Value(*member.shape, json[member.name], at);
    }
    for (const auto& [name, value] : json.items()) EXPECT_TRUE(known.contains(name)) << path << "." << name;
  }

  std::size_t absent_seen() const { return seen_.size(); }

 private:
  bool IsAbsent(const std::string& path, bool shown) {
    if (!absent_.contains(path)) return false;
    seen_.insert(path);
    EXPECT_FALSE(shown) << path;
    return true;
  }

  void Value(const Shape& shape, const Json& json, const std::string& at) {
    switch (shape.kind) {
      case Kind::kStructure: return Structure(shape, json, at);
      case Kind::kList: return List(shape, json, at);
      case Kind::kInteger: EXPECT_TRUE(json.is_number_integer()) << at; return;
      case Kind::kDouble: EXPECT_TRUE(json.is_number()) << at; return;
      case Kind::kBoolean: EXPECT_TRUE(json.is_boolean()) << at; return;
      case Kind::kTimestamp:
      case Kind::kString: break;
    }
    ASSERT_TRUE(json.is_string()) << at;
    EXPECT_FALSE(json.get<std::string>().empty()) << at;
    const auto& allowed = shape.allowed;
    const bool fits = allowed.empty() || std::find(allowed.begin(), allowed.end(), json) != allowed.end();
    EXPECT_TRUE(fits) << at << " is " << json;
  }

  void List(const Shape& shape, const Json& json, const std::string& at) {
    ASSERT_TRUE(json.is_array()) << at;
    if (IsAbsent(at + "[]", !json.empty())) return;
    EXPECT_FALSE(json.empty()) << at;
    for (const Json& item : json) Value(*shape.item, item, at + "[]");
  }

  const Absent& absent_;
  std::set<std::string> seen_;
};

const Shape& ShapeOf(const char* action, const char* list) {
  for (const Member& member : ApiModel::ElastiCache().FindOperation(action)->output->members) {
    if (member.name == list) return *member.shape->item;
  }
  throw std::logic_error(list);
}

void KeepSnapshots(Running& running, int days) {
  service::ModifyClusterRequest request;
  request.name = "orders", request.update_mask = {"snapshot_retention_days"};
  request.spec.snapshot_retention_days = days;
  ASSERT_TRUE(running.installation.world.clusters.ModifyCluster(request).ok());
}

// With everything that is ever shown.
void FillUp(Running& running) {
  KeepSnapshots(running, 2);
  running.api.Get("ModifyReplicationGroup",
                  {{"ReplicationGroupId", "orders"}, {"EngineVersion", "8.1"}, {"CacheNodeType", "cache.t4g.medium"}});
  for (auto& [agent, facts] : running.installation.world.facts.facts.agents) {
    for (auto& [incarnation, node] : facts.nodes.Own()) node.pending_restart = {"databases"};
  }
}

TEST(GroupView, EveryMemberOfTheModelIsShownOrHasItsReason) {
  Running running(2);
  FillUp(running);
  Walk walk(AbsentInGroup());
  walk.Structure(ShapeOf("DescribeReplicationGroups", "ReplicationGroups"), running.Group(), "");
  EXPECT_EQ(walk.absent_seen(), AbsentInGroup().size());
}

TEST(MemberView, EveryMemberOfTheModelIsShownOrHasItsReason) {
  Running running(2);
  FillUp(running);
  Walk walk(AbsentInMember());
  walk.Structure(ShapeOf("DescribeCacheClusters", "CacheClusters"), running.MemberOf("orders-001"), "");
  EXPECT_EQ(walk.absent_seen(), AbsentInMember().size());
}

TEST(GroupView, AGroupHasOneNodeGroupOfItsMembers) {
  Running running(1);
  const Json group = running.Group();
  EXPECT_EQ(group["Description"], "what was ordered");
  EXPECT_EQ(group["ARN"], "arn:aws:elasticache:eu-west-3:000000000000:replicationgroup:orders");
  EXPECT_EQ(group["MemberClusters"], Json::array({"orders-001", "orders-002"}));
  EXPECT_EQ(group["AutomaticFailover"], "enabled");
  EXPECT_EQ(group["MultiAZ"], "enabled");
  ASSERT_EQ(group["NodeGroups"].size(), 1U);
  const Json shard = group["NodeGroups"][0];
  EXPECT_EQ(shard["NodeGroupId"], "0001");
  EXPECT_EQ(shard["Status"], "available");
  EXPECT_EQ(shard["PrimaryEndpoint"]["Port"], 6379);
  EXPECT_NE(shard["PrimaryEndpoint"]["Address"], shard["ReaderEndpoint"]["Address"]);
  ASSERT_EQ(shard["NodeGroupMembers"].size(), 2U);
  EXPECT_EQ(shard["NodeGroupMembers"][0]["CurrentRole"], "primary");
  EXPECT_EQ(shard["NodeGroupMembers"][1]["CurrentRole"], "replica");
  EXPECT_FALSE(group.contains("SnapshottingClusterId"));
}

TEST(MemberView, AMemberShowsItsProcessAndTheSettingsOfItsGroup) {
  Running running(1);
  const Json member = running.MemberOf("ORDERS-002");
  EXPECT_EQ(member["CacheClusterId"], "orders-002");
  EXPECT_EQ(member["EngineVersion"], "8.0.1");
  EXPECT_EQ(member["CacheClusterStatus"], "available");
  EXPECT_EQ(member["ReplicationGroupId"], "orders");
  EXPECT_EQ(member["ARN"], "arn:aws:elasticache:eu-west-3:000000000000:cluster:orders-002");
  EXPECT_EQ(member["CacheParameterGroup"], Json({{"CacheParameterGroupName", "default.valkey8"},
                                                 {"ParameterApplyStatus", "in-sync"},
                                                 {"CacheNodeIdsToReboot", Json::array()}}));
  EXPECT_EQ(member["SecurityGroups"], Json::array({{{"SecurityGroupId", "default"}, {"Status", "active"}}}));
  EXPECT_EQ(member["PendingModifiedValues"], Json::object());
  const Json node = member["CacheNodes"][0];
  EXPECT_EQ(node["CacheNodeId"], "0001");
  EXPECT_EQ(node["CustomerAvailabilityZone"], member["PreferredAvailabilityZone"]);
  const Json read = running.Group()["NodeGroups"][0]["NodeGroupMembers"][1]["ReadEndpoint"];
  EXPECT_EQ(node["Endpoint"], read);
}

TEST(MemberView, WhatWaitsForTheMaintenanceWindowIsShown) {
  Running running(1);
  running.api.Get("ModifyReplicationGroup", {{"ReplicationGroupId", "orders"}, {"EngineVersion", "8.1"}});
  const Json member = running.MemberOf("orders-001");
  EXPECT_EQ(member["PendingModifiedValues"], Json({{"EngineVersion", "8.1"}}));
  EXPECT_EQ(member["EngineVersion"], "8.0.1");
  EXPECT_EQ(running.Group()["Status"], "available");
}

TEST(MemberView, OnlyTheFirstMemberHasTheSnapshotsOfItsGroup) {
  Running running(1);
  KeepSnapshots(running, 4);
  EXPECT_EQ(running.Group()["SnapshottingClusterId"], "orders-001");
  EXPECT_EQ(running.MemberOf("orders-001")["SnapshotRetentionLimit"], 4);
  EXPECT_EQ(running.MemberOf("orders-002")["SnapshotRetentionLimit"], 0);
}

TEST(MemberView, AProcessThatNeedsARestartSaysSo) {
  Running running(0);
  FillUp(running);
  EXPECT_EQ(running.MemberOf("orders-001")["CacheParameterGroup"]["ParameterApplyStatus"], "pending-reboot");
  EXPECT_EQ(running.MemberOf("orders-001")["CacheParameterGroup"]["CacheNodeIdsToReboot"], Json::array({"0001"}));
}

TEST(MemberView, BeforePlacementItIsCreatingAndItsVersionIsWhole) {
  service::World world;
  GroupApi api(world);
  api.Get("CreateReplicationGroup", GroupInput({{"NumCacheClusters", 2}}));
  const Json all = api.Get("DescribeCacheClusters", {{"ShowCacheNodeInfo", true}})["CacheClusters"];
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1]["CacheClusterId"], "orders-002");
  EXPECT_EQ(all[1]["CacheClusterStatus"], "creating");
  EXPECT_EQ(all[1]["EngineVersion"], "8.0.0");
  EXPECT_EQ(all[1]["CacheNodes"], Json::array());
  EXPECT_FALSE(all[1].contains("PreferredAvailabilityZone"));
  const Json group = api.Get("DescribeReplicationGroups", Json::object())["ReplicationGroups"][0];
  EXPECT_EQ(group["NodeGroups"], Json::array());
}

service::ClusterDetails GroupThatIs(ClusterStatus status) {
  service::ClusterDetails details;
  details.cluster.name = "orders";
  details.cluster.status = status;
  return details;
}

TEST(GroupView, StatusesAreWordsThatClientsWaitForOrFailAt) {
  const std::vector<std::pair<ClusterStatus, const char*>> table = {
      {ClusterStatus::kCreating, "creating"},     {ClusterStatus::kAvailable, "available"},
      {ClusterStatus::kModifying, "modifying"},   {ClusterStatus::kImpaired, "modifying"},
      {ClusterStatus::kStopped, "create-failed"}, {ClusterStatus::kDeleting, "deleting"}};
  for (const auto& [status, word] : table) EXPECT_EQ(GroupStatusOf(GroupThatIs(status)), word);
  service::ClusterDetails failing_over = GroupThatIs(ClusterStatus::kAvailable);
  failing_over.operation.emplace().kind = model::OperationKind::kTestFailover;
  EXPECT_EQ(GroupStatusOf(failing_over), "modifying");
}

TEST(MemberView, StatusesAreWordsThatClientsWaitForOrFailAt) {
  const std::vector<std::pair<NodeStatus, const char*>> table = {{NodeStatus::kCreating, "creating"},
                                                                 {NodeStatus::kAvailable, "available"},
                                                                 {NodeStatus::kModifying, "modifying"},
                                                                 {NodeStatus::kImpaired, "modifying"},
                                                                 {NodeStatus::kStopped, "incompatible-network"},
                                                                 {NodeStatus::kDeleting, "deleting"}};
  for (const auto& [status, word] : table) {
    service::NodeDetails node;
    node.state.status = status;
    EXPECT_EQ(MemberStatusOf(GroupThatIs(ClusterStatus::kAvailable), {"orders-001", &node}), word);
    EXPECT_EQ(MemberStatusOf(GroupThatIs(ClusterStatus::kDeleting), {"orders-001", &node}), "deleting");
  }
}

TEST(MemberView, AMemberIsRebootingFromTheCallUntilItIsBack) {
  service::NodeDetails node;
  node.node.incarnation = model::Incarnation("in-1");
  node.node.renewal = 3;
  node.state.status = NodeStatus::kAvailable;
  service::ClusterDetails details = GroupThatIs(ClusterStatus::kModifying);
  details.operation.emplace().kind = model::OperationKind::kRebootCluster;
  EXPECT_EQ(MemberStatusOf(details, {"orders-001", &node}), "available");
  details.operation->reboots[node.node.incarnation] = 3;
  EXPECT_EQ(MemberStatusOf(details, {"orders-001", &node}), "rebooting cluster nodes");
  node.node.renewal = 4;
  node.state.status = NodeStatus::kImpaired;
  EXPECT_EQ(MemberStatusOf(details, {"orders-001", &node}), "rebooting cluster nodes");
  node.state.status = NodeStatus::kAvailable;
  EXPECT_EQ(MemberStatusOf(details, {"orders-001", &node}), "available");
}

TEST(IsoTime, HasMilliseconds) {
  EXPECT_EQ(IsoTime(FromUnixMillis(1'700'000'000'005)), "2023-11-14T22:13:20.005Z");
  EXPECT_EQ(IsoTime(FromUnixMillis(0)), "1970-01-01T00:00:00.000Z");
}

}  // namespace
}  // namespace cacheplane::gateway::aws
