// Counts of replicas, failovers and node types of replication groups.
#include <gtest/gtest.h>

#include <set>

#include "controlplane/gateway/aws/operations/group_view.h"
#include "tests/unit/gateway_aws/group_api.h"

namespace cacheplane::gateway::aws {
namespace {

TEST(IncreaseReplicaCount, AddsReplicas) {
  Running running(1);
  const Json input = OfOrders({{"NewReplicaCount", 2}, {"ApplyImmediately", true}});
  const Json first = std::get<Json>(running.api.Do("IncreaseReplicaCount", input, "attempt"));
  EXPECT_EQ(first["ReplicationGroup"]["Status"], "modifying");
  EXPECT_EQ(first["ReplicationGroup"]["MemberClusters"].size(), 3U);
  EXPECT_EQ(running.MemberOf("orders-003")["CacheClusterStatus"], "creating");
  EXPECT_TRUE(std::holds_alternative<Json>(running.api.Do("IncreaseReplicaCount", input, "attempt")));
  running.Pass(10);
  EXPECT_EQ(running.Group()["Status"], "available");
  EXPECT_EQ(running.MemberOf("orders-003")["CacheClusterStatus"], "available");
  EXPECT_EQ(running.api.Refused("IncreaseReplicaCount", input).code, "NoOperationFault");
}

TEST(IncreaseReplicaCount, WithoutRoomItIsRefused) {
  Running running(1);
  running.installation.HasNoRoom();
  const Fault fault =
      running.api.Refused("IncreaseReplicaCount", OfOrders({{"NewReplicaCount", 2}, {"ApplyImmediately", true}}));
  EXPECT_EQ(fault.code, "InsufficientCacheClusterCapacity");
}

TEST(DecreaseReplicaCount, RemovesTheNamedOnes) {
  Running running(2);
  const Json group =
      running.api.Get("DecreaseReplicaCount", OfOrders({{"NewReplicaCount", 1},
                                                        {"ReplicasToRemove", {"Orders-002"}},
                                                        {"ApplyImmediately", true}}))["ReplicationGroup"];
  EXPECT_EQ(group["Status"], "modifying");
  EXPECT_EQ(running.MemberOf("orders-002")["CacheClusterStatus"], "deleting");
  EXPECT_EQ(running.MemberOf("orders-003")["CacheClusterStatus"], "available");
  running.Pass(20);
  EXPECT_EQ(running.Group()["MemberClusters"], Json::array({"orders-001", "orders-003"}));
}

TEST(DecreaseReplicaCount, NamesAloneAreACount) {
  Running running(2);
  running.api.Get("DecreaseReplicaCount", OfOrders({{"ReplicasToRemove", {"orders-003"}}, {"ApplyImmediately", true}}));
  running.Pass(20);
  EXPECT_EQ(running.Group()["MemberClusters"], Json::array({"orders-001", "orders-002"}));
}

TEST(ReplicaCount, WhatIsRefused) {
  Running running(2);
  struct Case {
    const char* action;
    Json more;
    const char* code;
    const char* message;
  };
  const Json other_shard = {{{"NodeGroupId", "0002"}, {"NewReplicaCount", 3}}};
  const Json zones = {{{"NodeGroupId", "0001"}, {"NewReplicaCount", 3}, {"PreferredAvailabilityZones", {"a"}}}};
  const Json three = {{{"NodeGroupId", "0001"}, {"NewReplicaCount", 3}}};
  const std::vector<Case> cases = {
      {"IncreaseReplicaCount",
       {{"NewReplicaCount", 1}},
       "InvalidParameterValue",
       "NewReplicaCount: 1 is less than the 2"},
      {"IncreaseReplicaCount",
       {{"NewReplicaCount", 6}},
       "InvalidParameterValue",
       "NewReplicaCount: 6 is out of range; allowed: 0 to 5"},
      {"IncreaseReplicaCount", {{"NewReplicaCount", 2}}, "NoOperationFault", "NewReplicaCount: 2 is the present count"},
      {"IncreaseReplicaCount",
       {{"NewReplicaCount", 3}, {"ApplyImmediately", false}},
       "InvalidParameterValue",
       "ApplyImmediately: \"false\""},
      {"IncreaseReplicaCount", Json::object(), "InvalidParameterCombination", "NewReplicaCount: is required"},
      {"IncreaseReplicaCount",
       {{"ReplicaConfiguration", other_shard}},
       "InvalidParameterCombination",
       "NodeGroupId: \"0002\""},
      {"IncreaseReplicaCount",
       {{"ReplicaConfiguration", zones}},
       "InvalidParameterCombination",
       "PreferredAvailabilityZones: "},
      {"IncreaseReplicaCount",
       {{"ReplicaConfiguration", three}, {"NewReplicaCount", 4}},
       "InvalidParameterCombination",
       "NewReplicaCount: 4 means 4"},
      {"DecreaseReplicaCount",
       {{"NewReplicaCount", 3}},
       "InvalidParameterValue",
       "NewReplicaCount: 3 is more than the 2"},
      {"DecreaseReplicaCount", {{"NewReplicaCount", 2}}, "NoOperationFault", "NewReplicaCount: 2"},
      {"DecreaseReplicaCount",
       {{"NewReplicaCount", 0}},
       "InvalidParameterValue",
       "MultiAZEnabled: true needs a replica"},
      {"DecreaseReplicaCount",
       {{"ReplicasToRemove", {"orders-001"}}},
       "InvalidReplicationGroupState",
       "ReplicasToRemove: \"orders-001\" is the primary"},
      {"DecreaseReplicaCount",
       {{"ReplicasToRemove", {"orders-009"}}},
       "InvalidParameterValue",
       "ReplicasToRemove: \"orders-009\" is no replica"},
      {"DecreaseReplicaCount",
       {{"ReplicasToRemove", {"a", "b", "c"}}},
       "InvalidParameterValue",
       "ReplicasToRemove: 3 are named, and there are 2 replicas"},
      {"DecreaseReplicaCount",
       {{"ReplicasToRemove", Json::array()}},
       "InvalidParameterCombination",
       "NewReplicaCount: is required; allowed: it, ReplicaConfiguration, or ReplicasToRemove"},
      {"DecreaseReplicaCount",
       {{"NewReplicaCount", 1}, {"ReplicasToRemove", {"orders-002", "orders-003"}}},
       "InvalidParameterValue",
       "ReplicasToRemove: 2 names"}};
  for (const Case& row : cases) {
    Json input = OfOrders({{"ApplyImmediately", true}});
    for (const auto& [name, value] : row.more.items()) input[name] = value;
    const Fault fault = running.api.Refused(row.action, input);
    EXPECT_EQ(fault.code, row.code) << fault.message;
    EXPECT_TRUE(fault.message.starts_with(row.message)) << fault.message;
  }
  EXPECT_EQ(running.Group()["Status"], "available");
}

TEST(ReplicaCount, TheSameCountDoesNotBeginWhatWaits) {
  Running running(1);
  running.api.Get("ModifyReplicationGroup", OfOrders({{"EngineVersion", "8.1"}}));
  const Json same = OfOrders({{"NewReplicaCount", 1}, {"ApplyImmediately", true}});
  EXPECT_EQ(running.api.Refused("IncreaseReplicaCount", same).code, "NoOperationFault");
  EXPECT_EQ(running.MemberOf("orders-001")["PendingModifiedValues"], Json({{"EngineVersion", "8.1"}}));
}

TEST(TestFailover, AReplicaTakesOver) {
  Running running(1);
  const Json input = OfOrders({{"NodeGroupId", "0001"}});
  EXPECT_EQ(running.api.Get("TestFailover", input)["ReplicationGroup"]["Status"], "modifying");
  EXPECT_EQ(running.Group()["Status"], "modifying");
  EXPECT_EQ(running.api.Refused("TestFailover", input).code, "InvalidReplicationGroupState");
}

TEST(TestFailover, WhatIsRefused) {
  Running alone(0);
  const Json input = OfOrders({{"NodeGroupId", "0001"}});
  EXPECT_EQ(alone.api.Refused("TestFailover", input).code, "TestFailoverNotAvailableFault");
  Running running(1);
  EXPECT_EQ(running.api.Refused("TestFailover", OfOrders({{"NodeGroupId", "0002"}})).code, "NodeGroupNotFoundFault");
  const Fault fault = running.api.Refused("TestFailover", OfOrders({{"NodeGroupId", "x"}}));
  EXPECT_EQ(fault.code, "InvalidParameterValue");
  EXPECT_TRUE(fault.message.starts_with("NodeGroupId: \"x\" is no shard")) << fault.message;
  running.api.Get("ModifyReplicationGroup", OfOrders({{"AutomaticFailoverEnabled", false}, {"MultiAZEnabled", false}}));
  EXPECT_EQ(running.api.Refused("TestFailover", input).code, "TestFailoverNotAvailableFault");
  EXPECT_EQ(running.api.Refused("TestFailover", {{"ReplicationGroupId", "none"}, {"NodeGroupId", "0001"}}).code,
            "ReplicationGroupNotFoundFault");
}

std::set<std::string> SetOf(const Json& names) { return names.get<std::set<std::string>>(); }

TEST(ListAllowedNodeTypeModifications, AreThoseThatAModificationTakes) {
  Running running(1);
  const Json all = running.api.Get("ListAllowedNodeTypeModifications", OfOrders());
  const std::set<std::string> up = SetOf(all["ScaleUpModifications"]);
  const std::set<std::string> down = SetOf(all["ScaleDownModifications"]);
  EXPECT_TRUE(up.contains("cache.t4g.medium"));
  EXPECT_TRUE(down.contains("cache.t4g.micro"));
  EXPECT_FALSE(up.contains("cache.t4g.small") || down.contains("cache.t4g.small"));
  EXPECT_FALSE(up.contains("cache.r7g.16xlarge")) << "it is larger than every host";
  for (const std::string& type : up) {
    EXPECT_GE(catalog::FindNodeType(type)->memory_bytes, catalog::FindNodeType("cache.t4g.small")->memory_bytes);
  }
  EXPECT_EQ(running.api.Get("ListAllowedNodeTypeModifications", {{"CacheClusterId", "orders-002"}}), all);
  running.installation.HasNoRoom();
  EXPECT_TRUE(running.api.Get("ListAllowedNodeTypeModifications", OfOrders())["ScaleUpModifications"].empty());
}

TEST(ListAllowedNodeTypeModifications, NeedsOneId) {
  Running running(0);
  EXPECT_EQ(running.api.Refused("ListAllowedNodeTypeModifications", Json::object()).code,
            "InvalidParameterCombination");
  EXPECT_EQ(running.api.Refused("ListAllowedNodeTypeModifications", OfOrders({{"CacheClusterId", "orders-001"}})).code,
            "InvalidParameterCombination");
  EXPECT_EQ(running.api.Refused("ListAllowedNodeTypeModifications", {{"CacheClusterId", "none-001"}}).code,
            "CacheClusterNotFound");
  EXPECT_EQ(running.api.Refused("ListAllowedNodeTypeModifications", {{"ReplicationGroupId", "none"}}).code,
            "ReplicationGroupNotFoundFault");
}

// Asked for over gRPC: this API queues nothing.
TEST(GroupView, IsModifyingWhileAChangeWaits) {
  service::ClusterDetails waiting;
  waiting.cluster.status = model::ClusterStatus::kAvailable;
  EXPECT_EQ(GroupStatusOf(waiting), "available");
  waiting.cluster.queue = {model::OperationId("op-2")};
  EXPECT_EQ(GroupStatusOf(waiting), "modifying");
}

}  // namespace
}  // namespace cacheplane::gateway::aws
