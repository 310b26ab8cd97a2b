// Subnet groups and cache security groups through the AWS API.
#include "tests/unit/gateway_aws/called_handlers.h"

namespace cacheplane::gateway::aws {
namespace {

class AwsSubnetGroups : public CalledHandlers {
 protected:
  static Json Group(const std::string& name, const std::vector<std::string>& subnets) {
    return {{"CacheSubnetGroupName", name}, {"CacheSubnetGroupDescription", "ours"}, {"SubnetIds", subnets}};
  }
  static Json Named(const std::string& name) { return {{"CacheSubnetGroupName", name}}; }
  Json Described(const std::string& name) {
    return Ask("DescribeCacheSubnetGroups", Named(name)).at("CacheSubnetGroups").at(0);
  }
};

TEST_F(AwsSubnetGroups, TellTheirSubnetsAndZones) {
  const Json group = Ask("CreateCacheSubnetGroup", Group("Mine", {"subnet-us-east-1b"})).at("CacheSubnetGroup");
  EXPECT_EQ(group, (Json{{"CacheSubnetGroupName", "mine"},
                         {"CacheSubnetGroupDescription", "ours"},
                         {"VpcId", "vpc-cacheplane"},
                         {"Subnets", Json::array({{{"SubnetIdentifier", "subnet-us-east-1b"},
                                                   {"SubnetAvailabilityZone", {{"Name", "us-east-1b"}}},
                                                   {"SupportedNetworkTypes", Json::array({"ipv4"})}}})},
                         {"ARN", "arn:aws:elasticache:eu-west-1:000000000000:subnetgroup:mine"},
                         {"SupportedNetworkTypes", Json::array({"ipv4"})}}));
  EXPECT_EQ(Described("MINE"), group);
  EXPECT_EQ(Paged("DescribeCacheSubnetGroups", Json::object(), "CacheSubnetGroups", "CacheSubnetGroupName"),
            (std::vector<std::string>{"default", "mine"}));
}

TEST_F(AwsSubnetGroups, WrongOnesAreRefused) {
  Ask("CreateCacheSubnetGroup", Group("mine", {"subnet-us-east-1b"}));
  const auto create = [&](const Json& input) { return Refused("CreateCacheSubnetGroup", input); };
  EXPECT_TRUE(create(Group("mine", {"subnet-us-east-1b"})).starts_with("CacheSubnetGroupAlreadyExists "));
  EXPECT_TRUE(create(Group("x", {"subnet-z"})).starts_with("InvalidSubnet SubnetIds: \"subnet-z\" does not exist"));
  EXPECT_TRUE(create(Group("x", {})).starts_with("InvalidParameterValue SubnetIds: is required"));
  EXPECT_TRUE(create(Group("x", std::vector<std::string>(21, "s"))).starts_with("CacheSubnetQuotaExceededFault "));
  EXPECT_TRUE(create(Group("x.y", {"subnet-us-east-1b"})).starts_with("InvalidParameterValue CacheSubnetGroupName: "));
  for (const char* action : {"DescribeCacheSubnetGroups", "ModifyCacheSubnetGroup", "DeleteCacheSubnetGroup"}) {
    EXPECT_TRUE(Refused(action, Named("nowhere")).starts_with("CacheSubnetGroupNotFoundFault CacheSubnetGroupName: "))
        << action;
  }
}

TEST_F(AwsSubnetGroups, WhatIsNotSentStays) {
  Ask("CreateCacheSubnetGroup", Group("mine", {"subnet-us-east-1b"}));
  Json input = Named("mine");
  input["CacheSubnetGroupDescription"] = "theirs";
  Ask("ModifyCacheSubnetGroup", input);
  EXPECT_EQ(Described("mine").at("CacheSubnetGroupDescription"), "theirs");
  EXPECT_EQ(Described("mine").at("Subnets").size(), 1U);
  input = Named("mine");
  input["SubnetIds"] = {"subnet-us-east-1a", "subnet-us-east-1b"};
  Ask("ModifyCacheSubnetGroup", input);
  EXPECT_EQ(Described("mine").at("CacheSubnetGroupDescription"), "theirs");
  EXPECT_EQ(Described("mine").at("Subnets").size(), 2U);
  input["SubnetIds"] = {"subnet-z"};
  EXPECT_TRUE(Refused("ModifyCacheSubnetGroup", input).starts_with("InvalidSubnet "));
}

TEST_F(AwsSubnetGroups, WhatIsUsedIsNotDeleted) {
  Ask("CreateCacheSubnetGroup", Group("mine", {"subnet-us-east-1b"}));
  service::CreateClusterRequest request = service::World::Request("orders");
  request.spec.subnet_group = "mine";
  ASSERT_TRUE(world.clusters.CreateCluster(request).ok());
  EXPECT_TRUE(Refused("DeleteCacheSubnetGroup", Named("mine")).starts_with("CacheSubnetGroupInUse "));
  world.RemoveRow("orders");
  EXPECT_EQ(Ask("DeleteCacheSubnetGroup", Named("mine")), Json::object());
  EXPECT_TRUE(Refused("DeleteCacheSubnetGroup", Named("Default")).starts_with("InvalidParameterValue "));
}

TEST_F(AwsSubnetGroups, ThereAreNoCacheSecurityGroups) {
  const Json named = {{"CacheSecurityGroupName", "sg"}};
  EXPECT_TRUE(Refused("DescribeCacheSecurityGroups", named).starts_with("CacheSecurityGroupNotFound "));
  EXPECT_EQ(
      Refused("CreateCacheSecurityGroup", named),
      "InvalidParameterValue Use of cache security groups is not permitted in this API version for your account.");
}

}  // namespace
}  // namespace cacheplane::gateway::aws
