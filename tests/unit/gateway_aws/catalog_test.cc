// Engine versions, and lists of what there is none of, through the AWS API.
#include "tests/unit/gateway_aws/called_handlers.h"

namespace cacheplane::gateway::aws {
namespace {

class AwsCatalog : public CalledHandlers {
 protected:
  AwsCatalog() {
    world.AddHost(service::HostOf("h1", "a", service::kGibibyte,
                                  {{"valkey", "8.0.1"}, {"valkey", "8.1.4"}, {"redis", "7.0.15"}, {"redis", "8.0.2"}}));
  }
  std::vector<std::string> Versions(const Json& input) {
    return Paged("DescribeCacheEngineVersions", input, "CacheEngineVersions", "EngineVersion");
  }
};

using Texts = std::vector<std::string>;

TEST_F(AwsCatalog, VersionsAreThoseThatSomeAgentCanRun) {
  EXPECT_EQ(Versions(Json::object()), (Texts{"8.0", "8.1", "7.0", "7.1", "8.0"}));
  const Json first = Ask("DescribeCacheEngineVersions", Json::object()).at("CacheEngineVersions").at(0);
  EXPECT_EQ(first, (Json{{"Engine", "valkey"},
                         {"EngineVersion", "8.0"},
                         {"CacheParameterGroupFamily", "valkey8"},
                         {"CacheEngineDescription", "Valkey"},
                         {"CacheEngineVersionDescription", "valkey version 8.0.1"}}));
}

TEST_F(AwsCatalog, VersionsAreFiltered) {
  EXPECT_EQ(Versions({{"Engine", "REDIS"}}), (Texts{"7.0", "7.1", "8.0"}));
  EXPECT_EQ(Versions({{"EngineVersion", "8.1"}}), Texts{"8.1"});
  EXPECT_EQ(Versions({{"EngineVersion", "8.1.4"}}), Texts{"8.1"});
  EXPECT_EQ(Versions({{"EngineVersion", "9.9"}}), Texts{});
  EXPECT_EQ(Versions({{"CacheParameterGroupFamily", "redis7"}}), (Texts{"7.0", "7.1"}));
  Texts defaults;
  for (const auto& version : catalog::EngineVersions()) {
    if (version.engine == "valkey" && version.is_default) defaults.push_back(version.version);
  }
  EXPECT_EQ(Versions({{"Engine", "valkey"}, {"DefaultOnly", true}}), defaults);
  EXPECT_TRUE(Refused("DescribeCacheEngineVersions", {{"Engine", "mysql"}})
                  .starts_with("InvalidParameterValue Engine: \"mysql\" is unknown; allowed: "));
}

TEST_F(AwsCatalog, ANumberOfElastiCachesOwnSaysWhatItIs) {
  const Json rows = Ask("DescribeCacheEngineVersions", {{"EngineVersion", "7.1"}}).at("CacheEngineVersions");
  ASSERT_EQ(rows.size(), 1U);
  const std::string told = rows[0].at("CacheEngineVersionDescription");
  EXPECT_TRUE(told.starts_with("redis version 7.1, which is redis version 7.0.")) << told;
  EXPECT_EQ(Versions({{"EngineVersion", "7.1"}, {"DefaultOnly", true}}), Texts{});
}

TEST_F(AwsCatalog, WhatThereIsNoneOfIsAnEmptyList) {
  const std::vector<std::pair<std::string, std::string>> kinds = {
      {"DescribeCacheSecurityGroups", "CacheSecurityGroups"},
      {"DescribeReservedCacheNodes", "ReservedCacheNodes"},
      {"DescribeReservedCacheNodesOfferings", "ReservedCacheNodesOfferings"},
      {"DescribeUsers", "Users"},
      {"DescribeUserGroups", "UserGroups"},
      {"DescribeSnapshots", "Snapshots"},
      {"DescribeServerlessCaches", "ServerlessCaches"},
      {"DescribeServerlessCacheSnapshots", "ServerlessCacheSnapshots"},
      {"DescribeGlobalReplicationGroups", "GlobalReplicationGroups"}};
  for (const auto& [action, list] : kinds) {
    EXPECT_EQ(Ask(action, Json::object()), (Json{{list, Json::array()}})) << action;
    EXPECT_TRUE(Refused(action, {{"Marker", "x"}}).starts_with("InvalidParameterValue Marker: ")) << action;
  }
}

TEST_F(AwsCatalog, PagesOfNothingAreAskedForInTheListsOwnWords) {
  EXPECT_EQ(Refused("DescribeServerlessCaches", {{"NextToken", "x"}}),
            "InvalidParameterValue NextToken: \"x\" is not one of this list; allowed: nothing, there is one page");
  EXPECT_EQ(Refused("DescribeServerlessCacheSnapshots", {{"MaxResults", 0}}),
            "InvalidParameterValue MaxResults: 0 is out of range; allowed: 1 to 100");
  EXPECT_EQ(Refused("DescribeCacheSecurityGroups", {{"MaxRecords", -1}}),
            "InvalidParameterValue MaxRecords: -1 is out of range; allowed: 1 to 100");
}

TEST_F(AwsCatalog, OneThatIsNamedIsNotFound) {
  EXPECT_EQ(Refused("DescribeUsers", {{"UserId", "ann"}}), "UserNotFound UserId: \"ann\" does not exist");
  EXPECT_TRUE(Refused("DescribeUserGroups", {{"UserGroupId", "x"}}).starts_with("UserGroupNotFound "));
  EXPECT_TRUE(
      Refused("DescribeServerlessCaches", {{"ServerlessCacheName", "x"}}).starts_with("ServerlessCacheNotFoundFault "));
  EXPECT_TRUE(Refused("DescribeGlobalReplicationGroups", {{"GlobalReplicationGroupId", "x"}})
                  .starts_with("GlobalReplicationGroupNotFoundFault "));
  EXPECT_TRUE(
      Refused("DescribeReservedCacheNodes", {{"ReservedCacheNodeId", "x"}}).starts_with("ReservedCacheNodeNotFound "));
  EXPECT_EQ(Ask("DescribeSnapshots", {{"SnapshotName", "x"}}), (Json{{"Snapshots", Json::array()}}));
}

}  // namespace
}  // namespace cacheplane::gateway::aws
