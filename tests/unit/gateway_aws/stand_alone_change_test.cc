// What is done to cache clusters on their own.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/gateway_aws/stand_alone.h"

namespace cacheplane::gateway::aws {
namespace {

TEST_F(StandAlone, IsModifiedAtOnceAndKeepsItsEndpoint) {
  const Json before = Shown();
  const Json modified = api.Get(
      "ModifyCacheCluster",
      Of("alone", {{"EngineVersion", "8.1"}, {"CacheNodeType", "cache.t4g.medium"}, {"ApplyImmediately", true}}));
  EXPECT_EQ(modified["CacheCluster"]["CacheClusterStatus"], "modifying");
  Pass(30);
  const Json after = Shown();
  EXPECT_EQ(after["CacheClusterStatus"], "available");
  EXPECT_TRUE(after["EngineVersion"].get<std::string>().starts_with("8.1.")) << after;
  EXPECT_EQ(after["CacheNodeType"], "cache.t4g.medium");
  EXPECT_EQ(after["CacheNodes"][0]["Endpoint"], before["CacheNodes"][0]["Endpoint"]);
  EXPECT_EQ(after["CacheNodes"][0]["CacheNodeCreateTime"], before["CacheNodes"][0]["CacheNodeCreateTime"]);
  EXPECT_EQ(Listed(), Texts{"alone"});
}

TEST_F(StandAlone, WhatIsNotAppliedAtOnceIsPending) {
  api.Get("ModifyCacheCluster", Of("alone", {{"EngineVersion", "8.1"},
                                             {"PreferredMaintenanceWindow", "sun:05:00-sun:06:00"},
                                             {"SnapshotWindow", "10:00-11:00"},
                                             {"NumCacheNodes", 1}}));
  const Json shown = Shown();
  EXPECT_EQ(shown["PendingModifiedValues"], Json({{"EngineVersion", "8.1"}}));
  EXPECT_TRUE(shown["EngineVersion"].get<std::string>().starts_with("8.0."));
  EXPECT_EQ(shown["PreferredMaintenanceWindow"], "sun:05:00-sun:06:00");
  EXPECT_EQ(shown["SnapshotWindow"], "10:00-11:00");
}

TEST_F(StandAlone, WhatIsRefusedOfAModification) {
  EXPECT_EQ(api.Refused("ModifyCacheCluster", Of("alone")),
            InvalidParameterCombination("No modifications were requested"));
  EXPECT_EQ(api.Refused("ModifyCacheCluster", Of("alone", {{"NumCacheNodes", 2}})).message,
            "NumCacheNodes: 2 is out of range; allowed: 1 to 1");
  EXPECT_EQ(api.Refused("ModifyCacheCluster", Of("alone", {{"AZMode", "cross-az"}})).code,
            "InvalidParameterCombination");
  EXPECT_EQ(api.Refused("ModifyCacheCluster", Of("nobody", {{"EngineVersion", "8.1"}})).code, "CacheClusterNotFound");
}

TEST_F(StandAlone, IsRebooted) {
  const Json input = Of("ALONE", {{"CacheNodeIdsToReboot", {"0001"}}});
  EXPECT_EQ(api.Get("RebootCacheCluster", input)["CacheCluster"]["CacheClusterStatus"], "rebooting cluster nodes");
  Pass(30);
  EXPECT_EQ(Shown()["CacheClusterStatus"], "available");
  EXPECT_EQ(api.Refused("RebootCacheCluster", Of("alone", {{"CacheNodeIdsToReboot", {"0002"}}})).code,
            "InvalidParameterValue");
}

TEST_F(StandAlone, IsDeleted) {
  EXPECT_EQ(api.Refused("DeleteCacheCluster", Of("alone", {{"FinalSnapshotIdentifier", "last"}})).code,
            "InvalidParameterCombination");
  const Json gone = api.Get("DeleteCacheCluster", Of("Alone"))["CacheCluster"];
  EXPECT_EQ(gone["CacheClusterStatus"], "deleting");
  EXPECT_EQ(Shown()["CacheClusterStatus"], "deleting");
  EXPECT_EQ(api.Refused("DeleteCacheCluster", Of("alone")).code, "InvalidCacheClusterState");
  Pass(10);
  EXPECT_EQ(api.Refused("DescribeCacheClusters", Of("alone")).code, "CacheClusterNotFound");
  EXPECT_TRUE(installation.NodesOf("alone").empty());
}

TEST_F(StandAlone, HasTags) {
  const Json named = {{"ResourceName", Shown()["ARN"]}};
  const auto tags = [&] { return api.Get("ListTagsForResource", named)["TagList"]; };
  EXPECT_EQ(tags(), Json::array({{{"Key", "env"}, {"Value", "dev"}}}));
  Json more = named;
  more["Tags"] = Json::array({{{"Key", "team"}, {"Value", "core"}}});
  api.Get("AddTagsToResource", more);
  Json less = named;
  less["TagKeys"] = {"env"};
  api.Get("RemoveTagsFromResource", less);
  EXPECT_EQ(tags(), Json::array({{{"Key", "team"}, {"Value", "core"}}}));
}

TEST_F(StandAlone, ItsEventsAreThoseOfACacheCluster) {
  const Texts told = Told("cache-cluster", "alone");
  EXPECT_EQ(std::count(told.begin(), told.end(), "Cache cluster created"), 1) << Json(told);
  EXPECT_EQ(std::count(told.begin(), told.end(), "Creation of cluster alone requested"), 1) << Json(told);
  api.Get("ModifyCacheCluster", Of("alone", {{"EngineVersion", "8.1"}, {"ApplyImmediately", true}}));
  Pass(30);
  EXPECT_GT(Told("cache-cluster", "alone").size(), told.size() + 2);
  const Json all = api.Get("DescribeEvents", Json::object())["Events"];
  for (const Json& event : all) {
    EXPECT_EQ(event["SourceType"], "cache-cluster") << event;
    EXPECT_EQ(event["SourceIdentifier"], "alone") << event;
  }
}

TEST_F(StandAlone, NodeTypesItCanHaveAreListed) {
  const Json types = api.Get("ListAllowedNodeTypeModifications", Of("alone"));
  const Json& up = types["ScaleUpModifications"];
  EXPECT_NE(std::find(up.begin(), up.end(), "cache.t4g.medium"), up.end()) << types;
}

TEST_F(StandAlone, OneThatIsStoppedIsNotWaitedFor) {
  ASSERT_TRUE(installation.world.clusters.StopCluster({.name = "alone"}).ok());
  Pass(30);
  EXPECT_EQ(Shown()["CacheClusterStatus"], "incompatible-network");
}

TEST_F(StandAlone, NeverHasAReplica) {
  service::ModifyClusterRequest request;
  request.name = "alone";
  request.spec.replicas_per_shard = 1;
  request.update_mask = {"replicas_per_shard"};
  request.apply_immediately = true;
  const auto answer = installation.world.clusters.ModifyCluster(request);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(answer.error().message.starts_with("spec.replicas_per_shard: 1 for a cache cluster"));
}

}  // namespace
}  // namespace cacheplane::gateway::aws
