// Calls about cache clusters, which are members of replication groups.
#include <gtest/gtest.h>

#include "tests/unit/gateway_aws/group_api.h"

namespace cacheplane::gateway::aws {
namespace {

Json Member(const std::string& id, const Json& more = Json::object()) {
  Json input = {{"CacheClusterId", id}};
  for (const auto& [name, value] : more.items()) input[name] = value;
  return input;
}

Json NewReplica(const std::string& id, const Json& more = Json::object()) {
  Json input = Member(id, {{"ReplicationGroupId", "orders"}, {"AutoMinorVersionUpgrade", true}});
  for (const auto& [name, value] : more.items()) input[name] = value;
  return input;
}

TEST(DescribeCacheClusters, ArePagedOverAllGroups) {
  service::World world;
  GroupApi api(world);
  for (const char* id : {"b", "a", "a-b"}) {
    api.Get("CreateReplicationGroup", GroupInput({{"ReplicationGroupId", id}, {"NumCacheClusters", 2}}));
  }
  std::vector<std::string> seen;
  Json input = {{"MaxRecords", 4}};
  Json page;
  do {
    page = api.Get("DescribeCacheClusters", input);
    for (const Json& member : page["CacheClusters"]) seen.push_back(member["CacheClusterId"]);
    if (page.contains("Marker")) input["Marker"] = page["Marker"];
  } while (page.contains("Marker"));
  EXPECT_EQ(seen, (std::vector<std::string>{"a-001", "a-002", "a-b-001", "a-b-002", "b-001", "b-002"}));
}

TEST(DescribeCacheClusters, NodesAreShownOnRequest) {
  Running running(0);
  EXPECT_FALSE(
      running.api.Get("DescribeCacheClusters", Member("orders-001"))["CacheClusters"][0].contains("CacheNodes"));
  EXPECT_EQ(running.MemberOf("orders-001")["CacheNodes"].size(), 1U);
}

TEST(DescribeCacheClusters, WhatIsNotThereIsNotFound) {
  Running running(0);
  for (const char* id : {"orders", "orders-002", "orders-01", "none-001", "-001", "orders-0001"}) {
    const Fault fault = running.api.Refused("DescribeCacheClusters", Member(id));
    EXPECT_EQ(fault.code, "CacheClusterNotFound") << id;
    EXPECT_EQ(fault.http, 404);
    EXPECT_TRUE(fault.message.starts_with("CacheClusterId: there is no cache cluster")) << fault.message;
  }
}

TEST(CreateCacheCluster, AddsAReplicaToItsGroup) {
  Running running(1);
  const Answer answer = running.api.Do("CreateCacheCluster", NewReplica("Orders-003"), "attempt");
  const Json member = std::get<Json>(answer)["CacheCluster"];
  EXPECT_EQ(member["CacheClusterId"], "orders-003");
  EXPECT_EQ(member["CacheClusterStatus"], "creating");
  EXPECT_EQ(std::get<Json>(running.api.Do("CreateCacheCluster", NewReplica("orders-003"), "attempt"))["CacheCluster"],
            member);
  EXPECT_EQ(running.api.Refused("CreateCacheCluster", NewReplica("orders-003")).code, "CacheClusterAlreadyExists");
  running.Pass(10);
  EXPECT_EQ(running.MemberOf("orders-003")["CacheClusterStatus"], "available");
  EXPECT_EQ(std::get<Fault>(running.api.Do("CreateCacheCluster", NewReplica("orders-003"), "other")).code,
            "CacheClusterAlreadyExists");
  EXPECT_EQ(running.Group()["MemberClusters"].size(), 3U);
}

TEST(CreateCacheCluster, TheIdIsTheOneThatTheNodeGets) {
  Running running(1);
  const Fault fault = running.api.Refused("CreateCacheCluster", NewReplica("replica"));
  EXPECT_EQ(fault, InvalidParameterValue("CacheClusterId: \"replica\" is not the name of the next replica of "
                                         "\"orders\"; allowed: \"orders-003\""));
}

TEST(CreateCacheCluster, WhatIsRefused) {
  Running running(1);
  struct Case {
    Json more;
    const char* code;
    const char* message;
  };
  const std::vector<Case> cases = {
      {{{"CacheNodeType", "cache.t4g.medium"}},
       "InvalidParameterCombination",
       "CacheNodeType: \"cache.t4g.medium\" is not what replication group \"orders\" has"},
      {{{"AutoMinorVersionUpgrade", false}}, "InvalidParameterCombination", "AutoMinorVersionUpgrade: false is not"},
      {{{"NumCacheNodes", 2}}, "InvalidParameterCombination", "NumCacheNodes: 2"},
      {{{"SnapshotRetentionLimit", 1}}, "InvalidParameterCombination", "SnapshotRetentionLimit: 1"},
      {{{"PreferredAvailabilityZone", "a"}},
       "InvalidParameterCombination",
       "PreferredAvailabilityZone: \"a\" asks for"},
      {{{"Tags", {{{"Key", "a"}, {"Value", "b"}}}}}, "InvalidParameterCombination", "Tags: "},
      {{{"ReplicationGroupId", "none"}}, "ReplicationGroupNotFoundFault", "ReplicationGroupId: there is no"}};
  for (const Case& row : cases) {
    const Fault fault = running.api.Refused("CreateCacheCluster", NewReplica("orders-003", row.more));
    EXPECT_EQ(fault.code, row.code) << fault.message;
    EXPECT_TRUE(fault.message.starts_with(row.message)) << fault.message;
  }
  EXPECT_EQ(running.Group()["MemberClusters"].size(), 2U);
}

TEST(CreateCacheCluster, WhatTheGroupHasAnywayIsTaken) {
  Running running(1);
  running.api.Get("CreateCacheCluster", NewReplica("orders-003", {{"CacheNodeType", "cache.t4g.small"},
                                                                  {"Engine", "Valkey"},
                                                                  {"NumCacheNodes", 1},
                                                                  {"Port", 6379},
                                                                  {"SecurityGroupIds", Json::array()},
                                                                  {"Tags", Json::array()}}));
}

TEST(DeleteCacheCluster, RemovesThatReplica) {
  Running running(3);
  const Json gone = std::get<Json>(running.api.Do("DeleteCacheCluster", Member("Orders-002"), "attempt"));
  EXPECT_EQ(gone["CacheCluster"]["CacheClusterStatus"], "deleting");
  EXPECT_EQ(running.MemberOf("orders-002")["CacheClusterStatus"], "deleting");
  EXPECT_TRUE(std::holds_alternative<Json>(running.api.Do("DeleteCacheCluster", Member("orders-002"), "attempt")));
  EXPECT_EQ(running.api.Refused("DeleteCacheCluster", Member("orders-002")).code, "InvalidCacheClusterState");
  EXPECT_EQ(running.api.Refused("DeleteCacheCluster", Member("orders-003")).code, "InvalidCacheClusterState");
  running.Pass(20);
  EXPECT_EQ(running.Group()["MemberClusters"], Json::array({"orders-001", "orders-003", "orders-004"}));
  EXPECT_EQ(running.api.Refused("DeleteCacheCluster", Member("orders-002")).code, "CacheClusterNotFound");
}

TEST(DeleteCacheCluster, WhatIsRefused) {
  Running alone(0);
  const Fault only = alone.api.Refused("DeleteCacheCluster", Member("orders-001"));
  EXPECT_EQ(only.code, "InvalidCacheClusterState");
  EXPECT_NE(only.message.find("only member of a replication group"), std::string::npos);
  Running running(1);
  const Fault primary = running.api.Refused("DeleteCacheCluster", Member("orders-001"));
  EXPECT_EQ(primary.code, "InvalidCacheClusterState");
  EXPECT_NE(primary.message.find("serving as primary"), std::string::npos);
  const Fault last = running.api.Refused("DeleteCacheCluster", Member("orders-002"));
  EXPECT_EQ(last.code, "InvalidParameterValue") << "a group with automatic failover keeps one";
  EXPECT_EQ(running.api.Refused("DeleteCacheCluster", Member("orders-002", {{"FinalSnapshotIdentifier", "x"}})).code,
            "InvalidParameterCombination");
  EXPECT_EQ(running.Group()["MemberClusters"].size(), 2U);
}

TEST(ModifyCacheCluster, ChangesWhatMembersShare) {
  Running running(1);
  const Json member =
      running.api.Get("ModifyCacheCluster", Member("orders-002", {{"PreferredMaintenanceWindow", "sun:05:00-sun:06:00"},
                                                                  {"AutoMinorVersionUpgrade", false},
                                                                  {"NumCacheNodes", 1}}))["CacheCluster"];
  EXPECT_EQ(member["PreferredMaintenanceWindow"], "sun:05:00-sun:06:00");
  EXPECT_EQ(member["AutoMinorVersionUpgrade"], false);
  EXPECT_EQ(running.MemberOf("orders-001")["PreferredMaintenanceWindow"], "sun:05:00-sun:06:00");
}

TEST(ModifyCacheCluster, WhatIsRefused) {
  Running running(1);
  struct Case {
    Json more;
    const char* code;
    const char* message;
  };
  const std::vector<Case> cases = {
      {Json::object(), "InvalidParameterCombination", "No modifications were requested"},
      {{{"EngineVersion", "8.1"}},
       "InvalidParameterCombination",
       "EngineVersion: \"8.1\" cannot be changed for one member of \"orders\""},
      {{{"CacheNodeType", "cache.t4g.medium"}},
       "InvalidParameterCombination",
       "CacheNodeType: \"cache.t4g.medium\" cannot"},
      {{{"SnapshotRetentionLimit", 1}}, "InvalidParameterCombination", "SnapshotRetentionLimit: 1 asks for"},
      {{{"NumCacheNodes", 2}}, "InvalidParameterValue", "NumCacheNodes: 2 is out of range; allowed: 1 to 1"},
      {{{"CacheNodeIdsToRemove", {"0001"}}},
       "InvalidParameterCombination",
       "CacheNodeIdsToRemove: [\"0001\"] asks for"},
      {{{"CacheParameterGroupName", "none"}}, "CacheParameterGroupNotFound", "CacheParameterGroupName: \"none\""},
      {{{"PreferredMaintenanceWindow", "never"}}, "InvalidParameterValue", "PreferredMaintenanceWindow: \"never\""}};
  for (const Case& row : cases) {
    const Fault fault = running.api.Refused("ModifyCacheCluster", Member("orders-001", row.more));
    EXPECT_EQ(fault.code, row.code) << fault.message;
    EXPECT_TRUE(fault.message.starts_with(row.message)) << fault.message;
  }
  EXPECT_EQ(running.api.Refused("ModifyCacheCluster", Member("none-001")).code, "CacheClusterNotFound");
}

TEST(RebootCacheCluster, RestartsTheOneMember) {
  Running running(1);
  const Json input = Member("orders-002", {{"CacheNodeIdsToReboot", {"0001"}}});
  EXPECT_EQ(running.api.Get("RebootCacheCluster", input)["CacheCluster"]["CacheClusterStatus"],
            "rebooting cluster nodes");
  EXPECT_EQ(running.MemberOf("orders-002")["CacheNodes"][0]["CacheNodeStatus"], "rebooting");
  EXPECT_EQ(running.MemberOf("orders-001")["CacheClusterStatus"], "available");
  EXPECT_EQ(running.api.Refused("RebootCacheCluster", input).code, "InvalidCacheClusterState");
  running.Pass(20);
  EXPECT_EQ(running.MemberOf("orders-002")["CacheClusterStatus"], "available");
}

TEST(RebootCacheCluster, WhatIsRefused) {
  Running running(0);
  const Fault node =
      running.api.Refused("RebootCacheCluster", Member("orders-001", {{"CacheNodeIdsToReboot", {"0002"}}}));
  EXPECT_EQ(node,
            InvalidParameterValue("CacheNodeIdsToReboot: \"0002\" is no node of the cache cluster; allowed: 0001"));
  EXPECT_EQ(running.api.Refused("RebootCacheCluster", Member("orders-001")).code, "InvalidParameterValue");
  EXPECT_EQ(running.api.Refused("RebootCacheCluster", Member("none-001", {{"CacheNodeIdsToReboot", {"0001"}}})).code,
            "CacheClusterNotFound");
}

}  // namespace
}  // namespace cacheplane::gateway::aws
