// Calls about replication groups that are there.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/gateway_aws/group_api.h"

namespace cacheplane::gateway::aws {
namespace {

TEST(DescribeReplicationGroups, PagesHaveWhatWasAskedFor) {
  service::World world;
  GroupApi api(world);
  for (const char* id : {"a", "b", "c"}) api.Get("CreateReplicationGroup", GroupInput({{"ReplicationGroupId", id}}));
  std::vector<std::string> seen;
  Json input = {{"MaxRecords", 2}};
  Json page;
  do {
    page = api.Get("DescribeReplicationGroups", input);
    EXPECT_LE(page["ReplicationGroups"].size(), 2U);
    for (const Json& group : page["ReplicationGroups"]) seen.push_back(group["ReplicationGroupId"]);
    if (page.contains("Marker")) input["Marker"] = page["Marker"];
  } while (page.contains("Marker"));
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "b", "c"}));
}

// More than the quota lets anybody create: copies of one, between them some that stand alone and are no groups.
TEST(DescribeReplicationGroups, EveryOneOfAThousandIsOnOnePage) {
  constexpr int kGroups = 1000;
  constexpr int kAloneEvery = 7;
  service::World world;
  GroupApi api(world);
  api.Get("CreateReplicationGroup", GroupInput({{"ReplicationGroupId", "g-0"}}));
  std::vector<std::string> wanted{"g-0"};
  ASSERT_TRUE(world.store
                  .Write([&](ports::Transaction& tx) -> Status {
                    model::Cluster cluster = *tx.clusters().Find("g-0");
                    for (int number = 1; number < kGroups; ++number) {
                      cluster.name = "g-" + std::to_string(number);
                      cluster.uid = model::ClusterUid("copy-" + std::to_string(number));
                      cluster.form = number % kAloneEvery == 0 ? model::ClusterForm::kCacheCluster
                                                               : model::ClusterForm::kReplicationGroup;
                      if (number % kAloneEvery != 0) wanted.push_back(cluster.name);
                      CP_RETURN_IF_ERROR(tx.clusters().Insert(cluster));
                    }
                    return {};
                  })
                  .ok());
  std::sort(wanted.begin(), wanted.end());
  for (const int most : {100, 33, 20}) {
    std::vector<std::string> seen;
    Json input = {{"MaxRecords", most}};
    Json page;
    do {
      page = api.Get("DescribeReplicationGroups", input);
      const bool last = !page.contains("Marker");
      const std::size_t size = page["ReplicationGroups"].size();
      ASSERT_TRUE(last ? std::cmp_less_equal(size, most) : std::cmp_equal(size, most)) << size;
      for (const Json& group : page["ReplicationGroups"]) seen.push_back(group["ReplicationGroupId"]);
      if (!last) input["Marker"] = page["Marker"];
    } while (page.contains("Marker") && seen.size() <= wanted.size());
    EXPECT_EQ(seen, wanted) << most;
  }
}

TEST(DescribeReplicationGroups, WhatIsNotThereIsNotFound) {
  service::World world;
  GroupApi api(world);
  const Fault fault = api.Refused("DescribeReplicationGroups", {{"ReplicationGroupId", "none"}});
  EXPECT_EQ(fault, FaultNamed("ReplicationGroupNotFoundFault", "ReplicationGroupId: there is no cluster \"none\""));
  EXPECT_EQ(fault.http, 404);
  EXPECT_EQ(api.Get("DescribeReplicationGroups", Json::object()), Json({{"ReplicationGroups", Json::array()}}));
}

TEST(DescribeReplicationGroups, BadPagesAreRefused) {
  service::World world;
  GroupApi api(world);
  for (const char* action : {"DescribeReplicationGroups", "DescribeCacheClusters"}) {
    for (const int most : {0, -1, 101}) {
      const Fault fault = api.Refused(action, {{"MaxRecords", most}});
      EXPECT_EQ(fault.code, "InvalidParameterValue");
      EXPECT_EQ(fault.message, "MaxRecords: " + std::to_string(most) + " is out of range; allowed: 1 to 100");
    }
    const Fault named =
        api.Refused(action, {{"ReplicationGroupId", "a"}, {"CacheClusterId", "a-001"}, {"MaxRecords", 0}});
    EXPECT_EQ(named.message, "MaxRecords: 0 is out of range; allowed: 1 to 100");
    const Fault fault = api.Refused(action, {{"Marker", "zzz"}});
    EXPECT_EQ(fault.code, "InvalidParameterValue");
    EXPECT_TRUE(fault.message.starts_with("Marker: \"zzz\" is not one of this list")) << fault.message;
  }
}

TEST(ModifyReplicationGroup, SettingsChangeAtOnce) {
  Running running(1);
  const Json group =
      running.api.Get("ModifyReplicationGroup", OfOrders({{"ReplicationGroupDescription", ""},
                                                          {"AutomaticFailoverEnabled", false},
                                                          {"MultiAZEnabled", false},
                                                          {"SnapshotWindow", "01:00-02:00"},
                                                          {"PreferredMaintenanceWindow", "Sun:05:00-Sun:06:00"},
                                                          {"AutoMinorVersionUpgrade", false}}))["ReplicationGroup"];
  EXPECT_EQ(group["Description"], "");
  EXPECT_EQ(group["AutomaticFailover"], "disabled");
  EXPECT_EQ(group["MultiAZ"], "disabled");
  EXPECT_EQ(group["SnapshotWindow"], "01:00-02:00");
  EXPECT_EQ(group["AutoMinorVersionUpgrade"], false);
  EXPECT_EQ(group["Status"], "available");
  EXPECT_EQ(running.MemberOf("orders-001")["PreferredMaintenanceWindow"], "sun:05:00-sun:06:00");
}

TEST(ModifyReplicationGroup, AnUpgradeIsModifyingUntilItIsDone) {
  Running running(1);
  const Json group = running.api.Get(
      "ModifyReplicationGroup", OfOrders({{"EngineVersion", "8.1"}, {"ApplyImmediately", true}}))["ReplicationGroup"];
  EXPECT_EQ(group["Status"], "modifying");
  const Fault busy = running.api.Refused("ModifyReplicationGroup",
                                         OfOrders({{"CacheNodeType", "cache.t4g.medium"}, {"ApplyImmediately", true}}));
  EXPECT_EQ(busy.code, "InvalidReplicationGroupState");
  running.Pass(60);
  EXPECT_EQ(running.Group()["Status"], "available");
  for (const Json& id : running.Group()["MemberClusters"]) {
    EXPECT_EQ(running.MemberOf(id)["EngineVersion"], "8.1.1") << id;
  }
}

TEST(ModifyReplicationGroup, NothingToChangeIsNoError) {
  Running running(0);
  const Json group = running.Group();
  EXPECT_EQ(running.api.Get("ModifyReplicationGroup",
                            OfOrders({{"EngineVersion", "8.0"}, {"ApplyImmediately", true}}))["ReplicationGroup"],
            group);
}

TEST(ModifyReplicationGroup, NothingAskedForIsOne) {
  Running running(0);
  for (const Json& nothing : {OfOrders(), OfOrders({{"ApplyImmediately", true}}), OfOrders({{"EngineVersion", ""}}),
                              OfOrders({{"TransitEncryptionEnabled", false}, {"SecurityGroupIds", Json::array()}})}) {
    EXPECT_EQ(running.api.Refused("ModifyReplicationGroup", nothing),
              InvalidParameterCombination("No modifications were requested"));
  }
}

TEST(ModifyReplicationGroup, APrimaryIsChosenAlone) {
  Running running(1);
  EXPECT_EQ(running.api.Refused("ModifyReplicationGroup",
                                OfOrders({{"PrimaryClusterId", "orders-002"}, {"AutoMinorVersionUpgrade", false}})),
            InvalidParameterCombination("PrimaryClusterId: \"orders-002\" is given beside AutoMinorVersionUpgrade; "
                                        "allowed: PrimaryClusterId alone"));
  EXPECT_EQ(running.api.Refused("ModifyReplicationGroup", OfOrders({{"PrimaryClusterId", "orders-009"}})).code,
            "CacheClusterNotFound");
  EXPECT_EQ(running.api.Refused("ModifyReplicationGroup", OfOrders({{"PrimaryClusterId", "orders-001"}})).code,
            "InvalidReplicationGroupState");
  const Json group =
      running.api.Get("ModifyReplicationGroup", OfOrders({{"PrimaryClusterId", "Orders-002"}}))["ReplicationGroup"];
  EXPECT_EQ(group["Status"], "modifying");
  running.Pass(10);
  EXPECT_EQ(running.Group()["Status"], "available");
  EXPECT_EQ(running.Group()["NodeGroups"][0]["NodeGroupMembers"][1]["CurrentRole"], "primary");
}

TEST(ModifyReplicationGroup, WhatIsRefusedIsNamedInTheApisWords) {
  Running running(0);
  struct Case {
    Json more;
    const char* code;
    const char* message;
  };
  const std::vector<Case> cases = {
      {{{"EngineVersion", "7.1"}}, "InvalidParameterValue", "EngineVersion: \"7.1\" is no version of valkey"},
      {{{"Engine", "redis"}, {"EngineVersion", "7.0"}},
       "InvalidParameterValue",
       "EngineVersion: \"7.0\" of redis has no image"},
      {{{"CacheParameterGroupName", "none"}}, "CacheParameterGroupNotFound", "CacheParameterGroupName: \"none\""},
      {{{"AutomaticFailoverEnabled", true}}, "InvalidParameterValue", "AutomaticFailoverEnabled: true needs a replica"},
      {{{"CacheNodeType", "cache.m1.small"}},
       "InvalidParameterValue",
       "CacheNodeType: \"cache.m1.small\" is not offered"},
      {{{"SnapshottingClusterId", "orders-002"}},
       "InvalidParameterCombination",
       "SnapshottingClusterId: \"orders-002\" asks for what is not built yet; allowed: \"orders-001\""},
      {{{"NodeGroupId", "0002"}}, "InvalidParameterCombination", "NodeGroupId: \"0002\""},
      {{{"TransitEncryptionEnabled", true}}, "InvalidParameterCombination", "TransitEncryptionEnabled: true"}};
  for (const Case& row : cases) {
    const Fault fault = running.api.Refused("ModifyReplicationGroup", OfOrders(row.more));
    EXPECT_EQ(fault.code, row.code) << fault.message;
    EXPECT_TRUE(fault.message.starts_with(row.message)) << fault.message;
  }
  EXPECT_EQ(running.api.Refused("ModifyReplicationGroup", {{"ReplicationGroupId", "none"}}).code,
            "ReplicationGroupNotFoundFault");
}

TEST(ModifyReplicationGroup, AnOlderVersionIsRefused) {
  Running running(0);
  running.api.Get("ModifyReplicationGroup", OfOrders({{"EngineVersion", "8.1"}, {"ApplyImmediately", true}}));
  running.Pass(60);
  const Fault fault =
      running.api.Refused("ModifyReplicationGroup", OfOrders({{"EngineVersion", "8.0"}, {"ApplyImmediately", true}}));
  EXPECT_EQ(fault.code, "InvalidParameterCombination");
  EXPECT_TRUE(fault.message.starts_with("EngineVersion: \"8.0\"")) << fault.message;
}

TEST(DeleteReplicationGroup, ItIsDeletingFromThenOnUntilItIsGone) {
  Running running(1);
  EXPECT_EQ(running.api.Get("DeleteReplicationGroup", OfOrders())["ReplicationGroup"]["Status"], "deleting");
  EXPECT_EQ(running.Group()["Status"], "deleting");
  for (const Json& member : running.api.Get("DescribeCacheClusters", Json::object())["CacheClusters"]) {
    EXPECT_EQ(member["CacheClusterStatus"], "deleting");
  }
  EXPECT_EQ(running.api.Refused("DeleteReplicationGroup", OfOrders()).code, "InvalidReplicationGroupState");
  running.Pass(10);
  EXPECT_EQ(running.api.Refused("DescribeReplicationGroups", OfOrders()).code, "ReplicationGroupNotFoundFault");
  EXPECT_EQ(running.api.Refused("DeleteReplicationGroup", OfOrders()).code, "ReplicationGroupNotFoundFault");
}

TEST(DeleteReplicationGroup, WhatIsNotBuiltIsRefused) {
  Running running(0);
  for (const Json& more : {Json({{"FinalSnapshotIdentifier", "last"}}), Json({{"RetainPrimaryCluster", true}})}) {
    EXPECT_EQ(running.api.Refused("DeleteReplicationGroup", OfOrders(more)).code, "InvalidParameterCombination");
  }
  EXPECT_EQ(running.Group()["Status"], "available");
  running.api.Get("DeleteReplicationGroup", OfOrders({{"RetainPrimaryCluster", false}}));
}

}  // namespace
}  // namespace cacheplane::gateway::aws
