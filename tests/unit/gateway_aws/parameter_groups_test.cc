// Parameter groups through the AWS API.
#include "tests/unit/gateway_aws/called_handlers.h"

namespace cacheplane::gateway::aws {
namespace {

class AwsParameterGroups : public CalledHandlers {
 protected:
  Json Given(const std::string& name) {
    return Ask("CreateCacheParameterGroup",
               {{"CacheParameterGroupName", name}, {"CacheParameterGroupFamily", "valkey8"}, {"Description", "ours"}});
  }
  static Json Values(const std::string& group, const std::vector<std::pair<std::string, std::string>>& values) {
    Json list = Json::array();
    for (const auto& [name, value] : values) list.push_back({{"ParameterName", name}, {"ParameterValue", value}});
    return {{"CacheParameterGroupName", group}, {"ParameterNameValues", list}};
  }
  // Names of the parameters that were set.
  std::vector<std::string> SetIn(const std::string& group) {
    return Paged("DescribeCacheParameters", {{"CacheParameterGroupName", group}, {"Source", "user"}}, "Parameters",
                 "ParameterName");
  }
};

TEST_F(AwsParameterGroups, AreCreatedInLowerCaseWithAnArn) {
  const Json expected = {{"CacheParameterGroupName", "carts"},
                         {"CacheParameterGroupFamily", "valkey8"},
                         {"Description", "ours"},
                         {"IsGlobal", false},
                         {"ARN", "arn:aws:elasticache:eu-west-1:000000000000:parametergroup:carts"}};
  EXPECT_EQ(Given("Carts").at("CacheParameterGroup"), expected);
  const Json described = Ask("DescribeCacheParameterGroups", {{"CacheParameterGroupName", "CARTS"}});
  EXPECT_EQ(described, (Json{{"CacheParameterGroups", Json::array({expected})}}));
}

TEST_F(AwsParameterGroups, AreListedAmongTheDefaultsInPages) {
  Given("carts");
  const auto names =
      Paged("DescribeCacheParameterGroups", Json::object(), "CacheParameterGroups", "CacheParameterGroupName");
  EXPECT_EQ(names.size(), 11U);
  EXPECT_EQ(std::count(names.begin(), names.end(), "default.valkey8.cluster.on"), 1);
  EXPECT_EQ(names.front(), "carts");
}

TEST_F(AwsParameterGroups, WrongOnesAreRefusedInTheWordsOfTheApi) {
  Given("carts");
  const auto create = [&](const std::string& name, const std::string& family) {
    return Refused("CreateCacheParameterGroup",
                   {{"CacheParameterGroupName", name}, {"CacheParameterGroupFamily", family}, {"Description", ""}});
  };
  EXPECT_TRUE(create("carts", "valkey8").starts_with("CacheParameterGroupAlreadyExists CacheParameterGroupName: "))
      << create("carts", "valkey8");
  EXPECT_TRUE(create("x", "valkey7")
                  .starts_with("InvalidParameterValue CacheParameterGroupFamily: \"valkey7\" is no parameter group "
                               "family; allowed: \"redis6.x\""))
      << create("x", "valkey7");
  EXPECT_TRUE(create("a b", "valkey8").starts_with("InvalidParameterValue CacheParameterGroupName: "))
      << create("a b", "valkey8");
  EXPECT_TRUE(Refused("DescribeCacheParameterGroups", {{"CacheParameterGroupName", "nowhere"}})
                  .starts_with("CacheParameterGroupNotFound CacheParameterGroupName: "));
}

TEST_F(AwsParameterGroups, ShowWhatWasSet) {
  Given("carts");
  const Json named = {{"CacheParameterGroupName", "carts"}};
  EXPECT_EQ(Ask("ModifyCacheParameterGroup",
                Values("Carts", {{"maxmemory-policy", "noeviction"}, {"timeout", "60"}, {"maxmemory-samples", "9"}})),
            named);
  EXPECT_EQ(SetIn("carts"), (std::vector<std::string>{"maxmemory-policy", "maxmemory-samples", "timeout"}));
  const Json user = Ask("DescribeCacheParameters", {{"CacheParameterGroupName", "carts"}, {"Source", "user"}});
  EXPECT_EQ(user.at("Parameters").at(0).at("ParameterValue"), "noeviction");
  EXPECT_EQ(user.at("Parameters").at(0).at("ChangeType"), "immediate");
  EXPECT_EQ(user.at("Parameters").at(0).at("IsModifiable"), true);
  EXPECT_TRUE(Ask("DescribeCacheParameters", {{"CacheParameterGroupName", "carts"}, {"Source", "engine-default"}})
                  .at("Parameters")
                  .empty());
  EXPECT_TRUE(Refused("DescribeCacheParameters", {{"CacheParameterGroupName", "carts"}, {"Source", "mine"}})
                  .starts_with("InvalidParameterValue Source: \"mine\" is unknown; allowed: \"user\""));
}

TEST_F(AwsParameterGroups, AreResetInPartOrWhole) {
  Given("carts");
  Ask("ModifyCacheParameterGroup", Values("carts", {{"timeout", "60"}, {"maxmemory-samples", "9"}}));
  Ask("ResetCacheParameterGroup", Values("carts", {{"timeout", ""}}));
  EXPECT_EQ(SetIn("carts"), std::vector<std::string>{"maxmemory-samples"});
  Json both = Values("carts", {{"timeout", ""}});
  both["ResetAllParameters"] = true;
  EXPECT_EQ(Refused("ResetCacheParameterGroup", both),
            "InvalidParameterCombination ResetAllParameters and ParameterNameValues exclude each other");
  Ask("ResetCacheParameterGroup", {{"CacheParameterGroupName", "carts"}, {"ResetAllParameters", true}});
  EXPECT_TRUE(SetIn("carts").empty());
}

TEST_F(AwsParameterGroups, ValuesAreChecked) {
  Given("carts");
  EXPECT_EQ(Refused("ModifyCacheParameterGroup", Values("carts", {{"maxmemory-samples", "99"}})),
            "InvalidParameterValue ParameterNameValues: parameter maxmemory-samples cannot be '99'; allowed: 1-64");
  EXPECT_TRUE(Refused("ModifyCacheParameterGroup", Values("nowhere", {{"timeout", "1"}}))
                  .starts_with("CacheParameterGroupNotFound "));
}

TEST_F(AwsParameterGroups, DefaultsStayAsTheyAre) {
  const Json input = {{"CacheParameterGroupName", "Default.valkey8"}, {"ResetAllParameters", true}};
  for (const char* action : {"ModifyCacheParameterGroup", "ResetCacheParameterGroup", "DeleteCacheParameterGroup"}) {
    EXPECT_TRUE(Refused(action, input).starts_with("InvalidParameterValue CacheParameterGroupName: ")) << action;
  }
}

TEST_F(AwsParameterGroups, WhatIsUsedIsNotDeleted) {
  Given("carts");
  service::CreateClusterRequest request = service::World::Request("orders");
  request.spec.parameter_group = "carts";
  ASSERT_TRUE(world.clusters.CreateCluster(request).ok());
  const Json input = {{"CacheParameterGroupName", "carts"}};
  EXPECT_TRUE(Refused("DeleteCacheParameterGroup", input).starts_with("InvalidCacheParameterGroupState "));
  world.RemoveRow("orders");
  EXPECT_EQ(Ask("DeleteCacheParameterGroup", input), Json::object());
  EXPECT_TRUE(Refused("DeleteCacheParameterGroup", input).starts_with("CacheParameterGroupNotFound "));
}

TEST_F(AwsParameterGroups, EngineDefaultsHaveAMarkerOfTheirOwn) {
  const Json input = {{"CacheParameterGroupFamily", "redis7"}, {"MaxRecords", 3}};
  const Json defaults = Ask("DescribeEngineDefaultParameters", input).at("EngineDefaults");
  EXPECT_EQ(defaults.at("CacheParameterGroupFamily"), "redis7");
  EXPECT_EQ(defaults.at("Parameters").size(), 3U);
  Json next = input;
  next["Marker"] = defaults.at("Marker");
  EXPECT_NE(Ask("DescribeEngineDefaultParameters", next).at("EngineDefaults").at("Parameters").at(0),
            defaults.at("Parameters").at(0));
  EXPECT_TRUE(Refused("DescribeEngineDefaultParameters", {{"CacheParameterGroupFamily", "redis9"}})
                  .starts_with("InvalidParameterValue CacheParameterGroupFamily: "));
}

TEST_F(AwsParameterGroups, PagesAreChecked) {
  for (const int most : {0, -1, 101}) {
    EXPECT_EQ(Refused("DescribeCacheParameterGroups", {{"MaxRecords", most}}),
              "InvalidParameterValue MaxRecords: " + std::to_string(most) + " is out of range; allowed: 1 to 100");
  }
  EXPECT_EQ(Refused("DescribeCacheParameterGroups", {{"Marker", "pooh"}}),
            "InvalidParameterValue Marker: \"pooh\" is not one of this list; allowed: Marker of an answer to the same "
            "list");
}

}  // namespace
}  // namespace cacheplane::gateway::aws
