// Redis 7.1, which is Redis 7.0 by ElastiCache's own number: told as it was asked for.
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/unit/gateway_aws/group_api.h"

namespace cacheplane::gateway::aws {
namespace {

class VersionAlias : public testing::Test {
 protected:
  VersionAlias() {
    installation.world.AddHost(service::HostOf("host-a", "us-east-1a", 64 * service::kGibibyte,
                                               {{"redis", "6.0.16"}, {"redis", "7.0.15"}, {"redis", "8.0.2"}}));
  }
  void Create(const std::string& version) {
    api.Get("CreateReplicationGroup", GroupInput({{"Engine", "redis"}, {"EngineVersion", version}}));
    Pass();
    if (Member()["CacheClusterStatus"] != "available") throw std::runtime_error(Member().dump());
  }
  void Modify(const std::string& version, bool at_once) {
    api.Get("ModifyReplicationGroup", OfOrders({{"EngineVersion", version}, {"ApplyImmediately", at_once}}));
  }
  Json Member() {
    const Json all = api.Get("DescribeCacheClusters", {{"ShowCacheNodeInfo", true}});
    return all.at("CacheClusters").at(0);
  }
  std::string Told() { return Member()["EngineVersion"]; }
  std::string Runs() { return installation.NodesOf("orders").at(0).image_version; }
  void Pass(int seconds = 3) { installation.Pass(std::chrono::seconds(seconds)); }

  reconcile::Installation installation{{{"host-a", "us-east-1a"}}};
  GroupApi api{installation.world};
};

TEST_F(VersionAlias, IsToldAsItWasAskedForAndRunsWhatItIs) {
  Create("7.1");
  EXPECT_EQ(Told(), "7.1.0");
  EXPECT_EQ(Runs(), "7.0.15");
  const auto details = installation.world.clusters.GetCluster("orders");
  EXPECT_EQ(details->cluster.spec.engine_version, "7.0");
  EXPECT_EQ(details->notices.front(), "version 7.1 was asked for, a number of ElastiCache's own: redis 7.0 runs");
  EXPECT_EQ(installation.world.Events().front(),
            "Creation of cluster orders requested; version 7.1, which is redis 7.0");
}

TEST_F(VersionAlias, IsToldBeforeItsNodeRuns) {
  api.Get("CreateReplicationGroup", GroupInput({{"Engine", "redis"}, {"EngineVersion", "7.1"}}));
  EXPECT_EQ(Told(), "7.1.0");
}

TEST_F(VersionAlias, TheVersionItStandsForIsToldByItsOwnNumber) {
  Create("7.0");
  EXPECT_EQ(Told(), "7.0.15");
}

TEST_F(VersionAlias, ToAndFroNoNodeGivesWay) {
  Create("7.0");
  const auto before = installation.NodesOf("orders").at(0);
  Modify("7.1", true);
  EXPECT_EQ(Told(), "7.1.0");
  EXPECT_EQ(Member()["CacheClusterStatus"], "available");
  Modify("7.0", true);
  Pass(10);
  EXPECT_EQ(Told(), "7.0.15");
  EXPECT_EQ(installation.NodesOf("orders").at(0).incarnation, before.incarnation);
}

TEST_F(VersionAlias, WaitsForTheMaintenanceWindowAsAnyVersion) {
  Create("6.0");
  Modify("7.1", false);
  EXPECT_EQ(Told(), "6.0.16");
  EXPECT_EQ(Member()["PendingModifiedValues"], Json({{"EngineVersion", "7.1"}}));
  Modify("6.0", false);
  EXPECT_EQ(Member()["PendingModifiedValues"], Json::object());
}

TEST_F(VersionAlias, IsKeptWhileAnotherVersionWaits) {
  Create("7.1");
  Modify("8.0", false);
  EXPECT_EQ(Told(), "7.1.0");
  EXPECT_EQ(Member()["PendingModifiedValues"], Json({{"EngineVersion", "8.0"}}));
}

TEST_F(VersionAlias, UpgradesGoThroughIt) {
  Create("6.0");
  Modify("7.1", true);
  Pass(30);
  EXPECT_EQ(Told(), "7.1.0");
  EXPECT_EQ(Runs(), "7.0.15");
  Modify("8.0", true);
  Pass(30);
  EXPECT_EQ(Told(), "8.0.2");
}

TEST_F(VersionAlias, IsInTheHistory) {
  Create("7.0");
  Modify("7.1", true);
  const auto page = installation.world.clusters.ListClusterRevisions("orders", {});
  EXPECT_EQ(page->items.at(0).changes, std::vector<std::string>{"engine_version: 7.0 → 7.1 (runs 7.0)"});
  service::RollbackClusterRequest back{.name = "orders", .revision = 1};
  back.apply_immediately = true;
  ASSERT_TRUE(installation.world.clusters.RollbackCluster(back).ok());
  EXPECT_EQ(Told(), "7.0.15");
}

TEST_F(VersionAlias, OthersAreRefusedWithTheListOfThoseThereAre) {
  const Fault redis =
      api.Refused("CreateReplicationGroup", GroupInput({{"Engine", "redis"}, {"EngineVersion", "7.2"}}));
  EXPECT_EQ(redis, InvalidParameterValue("EngineVersion: \"7.2\" is no version of redis; allowed: \"6.0\", \"7.0\", "
                                         "\"7.1\", \"8.0\""));
  const Fault valkey = api.Refused("CreateReplicationGroup", GroupInput({{"EngineVersion", "7.2"}}));
  EXPECT_EQ(valkey.message, "EngineVersion: \"7.2\" is no version of valkey; allowed: none yet");
}

}  // namespace
}  // namespace cacheplane::gateway::aws
