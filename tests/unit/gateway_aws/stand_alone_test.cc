// Cache clusters on their own: what they are, and what they are not.
#include "tests/unit/gateway_aws/stand_alone.h"

#include <gtest/gtest.h>

namespace cacheplane::gateway::aws {
namespace {

TEST_F(StandAlone, IsACacheClusterWithoutAGroup) {
  const Json shown = Shown();
  EXPECT_EQ(shown["CacheClusterId"], "alone");
  EXPECT_EQ(shown["ARN"], "arn:aws:elasticache:eu-west-3:000000000000:cluster:alone");
  EXPECT_FALSE(shown.contains("ReplicationGroupId"));
  EXPECT_FALSE(shown.contains("ConfigurationEndpoint"));
  EXPECT_EQ(shown["NumCacheNodes"], 1);
  ASSERT_EQ(shown["CacheNodes"].size(), 1U);
  const Json& node = shown["CacheNodes"][0];
  EXPECT_EQ(node["CacheNodeId"], "0001");
  EXPECT_EQ(node["CacheNodeStatus"], "available");
  EXPECT_EQ(node["ParameterGroupStatus"], "in-sync");
  EXPECT_EQ(node["Endpoint"]["Port"], 6379);
  EXPECT_EQ(node["Endpoint"]["Address"], installation.world.clusters.GetCluster("alone")->primary_endpoint->ip);
  EXPECT_EQ(shown["PreferredAvailabilityZone"], node["CustomerAvailabilityZone"]);
}

TEST_F(StandAlone, IsNoReplicationGroupToAnyCall) {
  EXPECT_EQ(api.Get("DescribeReplicationGroups", Json::object())["ReplicationGroups"], Json::array());
  const Json named = {{"ReplicationGroupId", "Alone"}};
  const auto with = [&](const Json& more) {
    Json input = named;
    for (const auto& [name, value] : more.items()) input[name] = value;
    return input;
  };
  const std::vector<std::pair<const char*, Json>> calls = {
      {"DescribeReplicationGroups", named},
      {"ModifyReplicationGroup", with({{"EngineVersion", "8.1"}})},
      {"DeleteReplicationGroup", named},
      {"IncreaseReplicaCount", with({{"NewReplicaCount", 1}, {"ApplyImmediately", true}})},
      {"DecreaseReplicaCount", with({{"NewReplicaCount", 0}, {"ApplyImmediately", true}})},
      {"TestFailover", with({{"NodeGroupId", "0001"}})},
      {"ListAllowedNodeTypeModifications", named},
      {"ListTagsForResource", {{"ResourceName", "arn:aws:elasticache:eu-west-3:000000000000:replicationgroup:alone"}}},
      {"CreateCacheCluster", Of("alone-002", named)}};
  for (const auto& [action, input] : calls) {
    const Fault fault = api.Refused(action, input);
    EXPECT_EQ(fault.code, "ReplicationGroupNotFoundFault") << action;
    EXPECT_EQ(fault.http, 404) << action;
  }
  EXPECT_EQ(Shown()["CacheClusterStatus"], "available");
}

TEST_F(StandAlone, ItsNodeIsNoCacheClusterBesideIt) {
  EXPECT_EQ(Listed(), Texts{"alone"});
  EXPECT_EQ(api.Refused("DescribeCacheClusters", Of("alone-001")).code, "CacheClusterNotFound");
  EXPECT_EQ(api.Refused("DeleteCacheCluster", Of("alone-001")).code, "CacheClusterNotFound");
}

TEST_F(StandAlone, IsPagedAmongMembersInOrder) {
  api.Get("CreateReplicationGroup", GroupInput({{"ReplicationGroupId", "a"}, {"NumCacheClusters", 2}}));
  api.Get("CreateReplicationGroup", GroupInput({{"ReplicationGroupId", "alone-b"}}));
  api.Get("CreateCacheCluster", New("b"));
  Texts seen;
  Json input = {{"MaxRecords", 2}};
  do {
    const Json page = api.Get("DescribeCacheClusters", input);
    for (const Json& row : page["CacheClusters"]) seen.push_back(row["CacheClusterId"]);
    input["Marker"] = page.value("Marker", "");
  } while (input["Marker"] != "");
  EXPECT_EQ(seen, (Texts{"a-001", "a-002", "alone", "alone-b-001", "b"}));
  EXPECT_EQ(Listed({{"ShowCacheClustersNotInReplicationGroups", true}}), (Texts{"alone", "b"}));
  const Json first = api.Get("DescribeReplicationGroups", {{"MaxRecords", 1}});
  EXPECT_EQ(IdsIn(first, "ReplicationGroups", "ReplicationGroupId"), Texts{"a"});
  const Json rest = api.Get("DescribeReplicationGroups", {{"MaxRecords", 1}, {"Marker", first["Marker"]}});
  EXPECT_EQ(IdsIn(rest, "ReplicationGroups", "ReplicationGroupId"), Texts{"alone-b"});
}

TEST_F(StandAlone, ItsNameIsNeverThatOfAMember) {
  api.Get("CreateReplicationGroup", GroupInput());
  for (const char* id : {"orders", "orders-001", "Orders-004", "alone"}) {
    EXPECT_EQ(api.Refused("CreateCacheCluster", New(id)).code, "CacheClusterAlreadyExists") << id;
  }
  api.Get("CreateCacheCluster", New("orders-1"));
  api.Get("CreateCacheCluster", New("carts-002"));
  for (const char* id : {"alone", "carts", "carts-002"}) {
    const Fault fault = api.Refused("CreateReplicationGroup", GroupInput({{"ReplicationGroupId", id}}));
    EXPECT_EQ(fault.code, "ReplicationGroupAlreadyExists") << id << ": " << fault.message;
  }
  EXPECT_EQ(api.Get("DescribeReplicationGroups", Json::object())["ReplicationGroups"].size(), 1U);
}

TEST_F(StandAlone, ARepeatedCreationIsTheSameOne) {
  const Json made = std::get<Json>(api.Do("CreateCacheCluster", New("again"), "attempt"));
  EXPECT_EQ(made["CacheCluster"]["CacheClusterStatus"], "creating");
  EXPECT_EQ(std::get<Json>(api.Do("CreateCacheCluster", New("again"), "attempt")), made);
  EXPECT_EQ(std::get<Fault>(api.Do("CreateCacheCluster", New("again"), "other")).code, "CacheClusterAlreadyExists");
}

TEST_F(StandAlone, WhatIsRefusedAtCreation) {
  struct Case {
    Json more;
    const char* code;
    const char* message;
  };
  const std::vector<Case> cases = {
      {{{"NumCacheNodes", 2}},
       "InvalidParameterValue",
       "NumCacheNodes: 2. Cannot create a Redis cluster with a NumCacheNodes parameter greater than 1; allowed: 1"},
      {{{"NumCacheNodes", 0}}, "InvalidParameterValue", "NumCacheNodes: 0 is out of range; allowed: 1 to 1"},
      {{{"Engine", "Memcached"}, {"NumCacheNodes", 2}},
       "InvalidParameterCombination",
       "Engine: \"memcached\" asks for what is not built yet; allowed: \"redis\", \"valkey\""},
      {{{"Engine", ""}}, "InvalidParameterValue", "Engine: is required; allowed: \"redis\", \"valkey\""},
      {{{"Engine", "oracle"}}, "InvalidParameterValue", "Engine: \"oracle\" is unknown"},
      {{{"EngineVersion", "3.2"}}, "InvalidParameterValue", "EngineVersion: \"3.2\" is no version of valkey"},
      {{{"CacheNodeType", ""}}, "InvalidParameterValue", "CacheNodeType: is required"},
      {{{"PreferredAvailabilityZone", "mars"}},
       "InvalidParameterValue",
       "PreferredAvailabilityZone: \"mars\" is no zone of subnet group \"default\""},
      {{{"PreferredAvailabilityZones", {"us-east-1a", "us-east-1b"}}},
       "InvalidParameterValue",
       "PreferredAvailabilityZone: 2 zones for 1 nodes"},
      {{{"PreferredAvailabilityZone", "us-east-1a"}, {"PreferredAvailabilityZones", {"us-east-1b"}}},
       "InvalidParameterCombination",
       "PreferredAvailabilityZone: \"us-east-1a\", and PreferredAvailabilityZones has \"us-east-1b\""},
      {{{"AZMode", "cross-az"}}, "InvalidParameterCombination", "AZMode: \"cross-az\" asks for"},
      {{{"SnapshotRetentionLimit", 1}}, "InvalidParameterCombination", "SnapshotRetentionLimit: 1 asks for"},
      {{{"CacheParameterGroupName", "none"}}, "CacheParameterGroupNotFound", "CacheParameterGroupName: \"none\""},
      {{{"CacheClusterId", "9"}}, "InvalidParameterValue", "CacheClusterId: \"9\" does not start with a letter"},
      {{{"CacheClusterId", std::string(51, 'a')}}, "InvalidParameterValue", "CacheClusterId: \"aaa"}};
  for (const Case& row : cases) {
    const Fault fault = api.Refused("CreateCacheCluster", New("other", row.more));
    EXPECT_EQ(fault.code, row.code) << fault.message;
    EXPECT_TRUE(fault.message.starts_with(row.message)) << fault.message;
  }
  EXPECT_EQ(Listed(), Texts{"alone"});
}

TEST_F(StandAlone, NamesHaveTheLengthOfCacheClusters) {
  const std::string longest(50, 'a');
  api.Get("CreateCacheCluster", New(longest));
  Pass(5);
  EXPECT_EQ(Shown(longest)["CacheClusterStatus"], "available");
}

TEST_F(StandAlone, ItsZoneCanBeChosen) {
  api.Get("CreateCacheCluster", New("there", {{"PreferredAvailabilityZone", "us-east-1c"}}));
  Pass();
  EXPECT_EQ(Shown("there")["PreferredAvailabilityZone"], "us-east-1c");
}

}  // namespace
}  // namespace cacheplane::gateway::aws
