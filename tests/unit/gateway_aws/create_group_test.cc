// CreateReplicationGroup: what is asked for, what is not said, and what is refused.
#include <gtest/gtest.h>

#include "controlplane/gateway/aws/operations/group_request.h"
#include "controlplane/gateway/aws/operations/replica_count.h"
#include "tests/unit/gateway_aws/group_api.h"

namespace cacheplane::gateway::aws {
namespace {

service::ClusterDraft DraftOf(const Json& input) {
  Call call;
  call.input = input;
  const auto request = CreateRequestOf(call);
  EXPECT_TRUE(request.ok()) << request.error().message;
  return request->spec;
}

TEST(CreateReplicationGroup, EveryParameterReachesItsField) {
  const service::ClusterDraft draft =
      DraftOf(GroupInput({{"NumCacheClusters", 3},
                          {"AutomaticFailoverEnabled", true},
                          {"MultiAZEnabled", true},
                          {"PreferredCacheClusterAZs", {"a", "b", "c"}},
                          {"NumNodeGroups", 1},
                          {"CacheParameterGroupName", "mine"},
                          {"CacheSubnetGroupName", "inner"},
                          {"SecurityGroupIds", {"web"}},
                          {"Port", 7000},
                          {"PreferredMaintenanceWindow", "sun:05:00-sun:06:00"},
                          {"SnapshotWindow", "03:00-04:00"},
                          {"SnapshotRetentionLimit", 0},
                          {"AutoMinorVersionUpgrade", false},
                          {"Tags", {{{"Key", "env"}, {"Value", "dev"}}, {{"Key", "bare"}}}}}));
  service::ClusterDraft wanted;
  wanted.engine = "valkey";
  wanted.engine_version = "8.0";
  wanted.node_type = "cache.t4g.small";
  wanted.shard_count = 1;
  wanted.replicas_per_shard = 2;
  wanted.multi_az = true;
  wanted.automatic_failover = true;
  wanted.preferred_zones = {"a", "b", "c"};
  wanted.subnet_group = "inner";
  wanted.security_groups = {"web"};
  wanted.parameter_group = "mine";
  wanted.port = 7000;
  wanted.maintenance_window = "sun:05:00-sun:06:00";
  wanted.snapshot_window = "03:00-04:00";
  wanted.snapshot_retention_days = 0;
  wanted.auto_minor_version_upgrade = false;
  wanted.description = "what was ordered";
  wanted.tags = {{"env", "dev"}, {"bare", ""}};
  EXPECT_EQ(draft, wanted);
}

TEST(CreateReplicationGroup, WhatIsNotSaidIsAsElastiCacheHasIt) {
  service::World world;
  GroupApi api(world);
  const Json group = api.Get("CreateReplicationGroup", {{"ReplicationGroupId", "Orders"},
                                                        {"ReplicationGroupDescription", "d"},
                                                        {"CacheNodeType", "cache.t4g.small"},
                                                        {"SecurityGroupIds", Json::array()}})["ReplicationGroup"];
  EXPECT_EQ(group["ReplicationGroupId"], "orders");
  EXPECT_EQ(group["Status"], "creating");
  EXPECT_EQ(group["Engine"], "redis");
  EXPECT_EQ(group["AutomaticFailover"], "disabled");
  EXPECT_EQ(group["MultiAZ"], "disabled");
  EXPECT_EQ(group["SnapshotRetentionLimit"], 0);
  EXPECT_EQ(group["MemberClusters"], Json::array({"orders-001"}));
  const model::ClusterSpec spec = world.clusters.GetCluster("orders")->cluster.spec;
  EXPECT_EQ(spec.port, 6379);
  EXPECT_EQ(spec.engine_version, catalog::DefaultEngineVersion("redis")->version);
  EXPECT_EQ(spec.security_groups, std::vector<std::string>{"default"});
}

TEST(CreateReplicationGroup, ReplicasDoNotSwitchAutomaticFailoverOn) {
  service::World world;
  GroupApi api(world);
  const Json group = api.Get("CreateReplicationGroup", GroupInput({{"NumCacheClusters", 2}}))["ReplicationGroup"];
  EXPECT_EQ(group["AutomaticFailover"], "disabled");
  EXPECT_EQ(group["MemberClusters"], Json::array({"orders-001", "orders-002"}));
}

TEST(CreateReplicationGroup, ARepeatedCallAnswersTheFirstResult) {
  service::World world;
  GroupApi api(world);
  const Answer first = api.Do("CreateReplicationGroup", GroupInput(), "attempt-1");
  const Answer again = api.Do("CreateReplicationGroup", GroupInput(), "attempt-1");
  EXPECT_EQ(std::get<Json>(again), std::get<Json>(first));
  const Answer other = api.Do("CreateReplicationGroup", GroupInput(), "attempt-2");
  EXPECT_EQ(std::get<Fault>(other).code, "ReplicationGroupAlreadyExists");
  world.RemoveRow("orders");
  const Json gone = std::get<Json>(api.Do("CreateReplicationGroup", GroupInput(), "attempt-1"));
  EXPECT_EQ(gone["ReplicationGroup"], Json({{"ReplicationGroupId", "orders"}, {"Status", "deleting"}}));
}

TEST(CreateReplicationGroup, AnIdThatIsNoIdIsPassedOver) {
  service::World world;
  GroupApi api(world);
  const Answer answer = api.Do("CreateReplicationGroup", GroupInput(), std::string(200, 'x'));
  EXPECT_TRUE(std::holds_alternative<Json>(answer));
}

struct ShapeCase {
  const char* name;
  Json input;
  NewShape wanted;
};

TEST(CreateReplicationGroup, ACountCanBeSaidInFourWays) {
  const Json configuration = {{{"NodeGroupId", "0001"},
                               {"ReplicaCount", 1},
                               {"PrimaryAvailabilityZone", "b"},
                               {"ReplicaAvailabilityZones", {"c"}}}};
  const std::vector<ShapeCase> cases = {
      {"nothing", Json::object(), {0, {}}},
      {"nodes", {{"NumCacheClusters", 6}}, {5, {}}},
      {"replicas", {{"ReplicasPerNodeGroup", 2}}, {2, {}}},
      {"no replicas", {{"ReplicasPerNodeGroup", 0}}, {0, {}}},
      {"both, agreeing", {{"NumCacheClusters", 3}, {"ReplicasPerNodeGroup", 2}}, {2, {}}},
      {"zones", {{"NumCacheClusters", 2}, {"PreferredCacheClusterAZs", {"a", "b"}}}, {1, {"a", "b"}}},
      {"configured", {{"NodeGroupConfiguration", configuration}}, {1, {"b", "c"}}},
      {"an empty list", {{"NodeGroupConfiguration", Json::array()}}, {0, {}}}};
  for (const ShapeCase& row : cases) {
    const auto shape = NewShapeOf(row.input);
    ASSERT_TRUE(shape.ok()) << row.name << ": " << shape.error().message;
    EXPECT_EQ(*shape, row.wanted) << row.name;
  }
}

struct Refusal {
  const char* name;
  Json more;
  const char* code;
  std::string message;  // its beginning
};

const std::vector<Refusal>& Refusals() {
  const Json two = {{{"ReplicaCount", 1}}, {{"ReplicaCount", 1}}};
  static const std::vector<Refusal> cases = {
      {"id", {{"ReplicationGroupId", "9a"}}, "InvalidParameterValue", "ReplicationGroupId: \"9a\" does not start"},
      {"no description",
       {{"ReplicationGroupDescription", ""}},
       "InvalidParameterValue",
       "ReplicationGroupDescription: is required"},
      {"engine",
       {{"Engine", "memcached"}},
       "InvalidParameterValue",
       "Engine: \"memcached\" is unknown; allowed: \"valkey\""},
      {"version",
       {{"EngineVersion", "7.1"}},
       "InvalidParameterValue",
       "EngineVersion: \"7.1\" is no version of valkey; allowed: \"8.0\""},
      {"patch",
       {{"EngineVersion", "8.0.1"}},
       "InvalidParameterValue",
       "EngineVersion: \"8.0.1\" names a patch release"},
      {"no type", {{"CacheNodeType", ""}}, "InvalidParameterValue", "CacheNodeType: is required"},
      {"type", {{"CacheNodeType", "cache.none"}}, "InvalidParameterValue", "CacheNodeType: \"cache.none\" is unknown"},
      {"port", {{"Port", 80}}, "InvalidParameterValue", "Port: 80 is out of range"},
      {"nodes",
       {{"NumCacheClusters", 7}},
       "InvalidParameterValue",
       "NumCacheClusters: 7 is out of range; allowed: 1 to 6"},
      {"no nodes", {{"NumCacheClusters", 0}}, "InvalidParameterValue", "NumCacheClusters: 0 is out of range"},
      {"replicas", {{"ReplicasPerNodeGroup", -1}}, "InvalidParameterValue", "ReplicasPerNodeGroup: -1 is out of range"},
      {"contradiction",
       {{"NumCacheClusters", 3}, {"ReplicasPerNodeGroup", 1}},
       "InvalidParameterCombination",
       "NumCacheClusters: 3 means 2 replicas, and ReplicasPerNodeGroup: 1 means 1"},
      {"zones contradict",
       {{"PreferredCacheClusterAZs", {"a"}}, {"NodeGroupConfiguration", {{{"PrimaryAvailabilityZone", "b"}}}}},
       "InvalidParameterCombination",
       "PreferredCacheClusterAZs: \"a\", and NodeGroupConfiguration has \"b\""},
      {"two groups",
       {{"NodeGroupConfiguration", two}},
       "InvalidParameterCombination",
       "NodeGroupConfiguration: \"2 node groups\" asks for what is not built"},
      {"slots",
       {{"NodeGroupConfiguration", {{{"Slots", "0-5"}}}}},
       "InvalidParameterCombination",
       "Slots: \"0-5\" asks for"},
      {"a node group of another name",
       {{"NodeGroupConfiguration", {{{"NodeGroupId", "0002"}}}}},
       "InvalidParameterCombination",
       "NodeGroupId: \"0002\" asks for what is not built yet; allowed: \"0001\""},
      {"shards", {{"NumNodeGroups", 2}}, "InvalidParameterCombination", "not yet: NumNodeGroups: 2; allowed: 1"},
      {"no shards", {{"NumNodeGroups", 0}}, "InvalidParameterValue", "NumNodeGroups: 0 is out of range"},
      {"cluster mode",
       {{"ClusterMode", "enabled"}},
       "InvalidParameterCombination",
       "ClusterMode: \"enabled\" asks for what is not built yet; allowed: \"disabled\""},
      {"failover alone",
       {{"AutomaticFailoverEnabled", true}},
       "InvalidParameterValue",
       "AutomaticFailoverEnabled: true needs a replica and there is none; allowed: ReplicasPerNodeGroup 1 to 5"},
      {"zones without failover",
       {{"NumCacheClusters", 2}, {"MultiAZEnabled", true}},
       "InvalidParameterValue",
       "MultiAZEnabled: true needs AutomaticFailoverEnabled, which is false"},
      {"parameter group",
       {{"CacheParameterGroupName", "none"}},
       "CacheParameterGroupNotFound",
       "CacheParameterGroupName: \"none\" does not exist; allowed: groups of family \"valkey8\" that "
       "DescribeCacheParameterGroups shows"},
      {"family",
       {{"CacheParameterGroupName", "default.redis7"}},
       "InvalidParameterValue",
       "CacheParameterGroupName: \"default.redis7\" is of family"},
      {"clustered group",
       {{"CacheParameterGroupName", "default.valkey8.cluster.on"}},
       "InvalidParameterCombination",
       "CacheParameterGroupName: \"default.valkey8.cluster.on\" is for cluster mode, which is not built"},
      {"subnet group",
       {{"CacheSubnetGroupName", "none"}},
       "CacheSubnetGroupNotFoundFault",
       "CacheSubnetGroupName: \"none\" does not exist"},
      {"security group",
       {{"SecurityGroupIds", {"sg-1"}}},
       "InvalidParameterValue",
       "SecurityGroupIds: \"sg-1\" does not exist"},
      {"window",
       {{"PreferredMaintenanceWindow", "never"}},
       "InvalidParameterValue",
       "PreferredMaintenanceWindow: \"never\" is no weekly window"},
      {"retention",
       {{"SnapshotRetentionLimit", 3}},
       "InvalidParameterCombination",
       "SnapshotRetentionLimit: 3 asks for what is not built yet; allowed: 0"},
      {"tag twice",
       {{"Tags", {{{"Key", "a"}}, {{"Key", "a"}}}}},
       "InvalidParameterValue",
       "Tags: \"a\" is the key of two tags"},
      {"primary",
       {{"PrimaryClusterId", "other"}},
       "InvalidParameterCombination",
       "PrimaryClusterId: \"other\" asks for what is not built"}};
  return cases;
}

TEST(CreateReplicationGroup, WhatIsRefusedIsNamedInTheApisWords) {
  service::World world;
  GroupApi api(world);
  for (const Refusal& row : Refusals()) {
    const Fault fault = api.Refused("CreateReplicationGroup", GroupInput(row.more));
    EXPECT_EQ(fault.code, row.code) << row.name << ": " << fault.message;
    EXPECT_TRUE(fault.message.starts_with(row.message)) << row.name << ": " << fault.message;
    EXPECT_LT(fault.http, 500) << row.name;
    EXPECT_EQ(fault.message.find("spec."), std::string::npos) << fault.message;
  }
  EXPECT_TRUE(world.Events().empty());
}

TEST(CreateReplicationGroup, TheQuotaCountsNodes) {
  service::World world;
  GroupApi api(world);
  for (int i = 0; i < 50; ++i) {
    api.Get("CreateReplicationGroup",
            GroupInput({{"ReplicationGroupId", "g" + std::to_string(i)}, {"NumCacheClusters", 6}}));
  }
  EXPECT_EQ(api.Refused("CreateReplicationGroup", GroupInput()).code, "NodeQuotaForCustomerExceeded");
}

}  // namespace
}  // namespace cacheplane::gateway::aws
