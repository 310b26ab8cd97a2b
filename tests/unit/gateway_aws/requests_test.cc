// Requests as SDKs send them: one for each operation of the API, with every member filled.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "controlplane/gateway/aws/wire/decode.h"

namespace cacheplane::gateway::aws {
namespace {

Json Bodies() {
  std::ifstream file(std::string(AWS_TEST_DATA) + "/request_bodies.json");
  return Json::parse(file).at("bodies");
}

// How many texts, numbers and booleans a tree has.
std::size_t Leaves(const Json& tree) {
  if (!tree.is_structured()) return 1;
  std::size_t count = 0;
  for (const Json& child : tree) count += Leaves(child);
  return count;
}

TEST(RequestsTest, EveryOperationHasOne) {
  std::set<std::string> names;
  for (const auto& [name, operation] : ApiModel::ElastiCache().operations()) names.insert(name);
  std::set<std::string> sent;
  const Json bodies = Bodies();
  for (const auto& [name, body] : bodies.items()) sent.insert(name);
  EXPECT_EQ(sent, names);
  EXPECT_EQ(sent.size(), 75U);
}

TEST(RequestsTest, EveryParameterOfEachIsUnderstood) {
  const Json bodies = Bodies();
  for (const auto& [name, body] : bodies.items()) {
    SCOPED_TRACE(name);
    const auto form = ParseForm(body.get<std::string>());
    ASSERT_TRUE(std::holds_alternative<Form>(form));
    const auto decoded = Decode(std::get<Form>(form), *ApiModel::ElastiCache().FindOperation(name)->input);
    ASSERT_TRUE(std::holds_alternative<Decoded>(decoded)) << std::get<Fault>(decoded).message;
    EXPECT_EQ(std::get<Decoded>(decoded).unknown, std::vector<std::string>{});
    EXPECT_EQ(Leaves(std::get<Decoded>(decoded).input), std::get<Form>(form).size() - 2);  // without Action and Version
  }
}

// Captured from the AWS CLI, Terraform's Go SDK and the JavaScript SDK.
TEST(RequestsTest, AreReadAsTheirClientsMeanThem) {
  struct Case {
    std::string action;
    std::string body;
    std::string input;
  };
  const std::vector<Case> cases = {
      {"CreateReplicationGroup",
       "Action=CreateReplicationGroup&Version=2015-02-02&ReplicationGroupId=rg1&ReplicationGroupDescription=test+one"
       "&AutomaticFailoverEnabled=true&NumCacheClusters=2&CacheNodeType=cache.t4g.small&Engine=valkey&EngineVersion=7.2"
       "&SecurityGroupIds.SecurityGroupId.1=sg-1&SecurityGroupIds.SecurityGroupId.2=sg-2&Tags.Tag.1.Key=env"
       "&Tags.Tag.1.Value=dev&Tags.Tag.2.Key=team&Tags.Tag.2.Value=a"
       "&PreferredMaintenanceWindow=sun%3A05%3A00-sun%3A06%3A00",
       R"({"ReplicationGroupId":"rg1","ReplicationGroupDescription":"test one","AutomaticFailoverEnabled":true,
           "NumCacheClusters":2,"CacheNodeType":"cache.t4g.small","Engine":"valkey","EngineVersion":"7.2",
           "SecurityGroupIds":["sg-1","sg-2"],"Tags":[{"Key":"env","Value":"dev"},{"Key":"team","Value":"a"}],
           "PreferredMaintenanceWindow":"sun:05:00-sun:06:00"})"},
      {"ModifyUser", "AccessString=on+~app%3A%2A+%2B%40read&Action=ModifyUser&UserId=u1&Version=2015-02-02",
       R"({"UserId":"u1","AccessString":"on ~app:* +@read"})"},
      {"CreateCacheCluster",
       "Action=CreateCacheCluster&AutoMinorVersionUpgrade=true&CacheClusterId=c1&NumCacheNodes=2&SecurityGroupIds="
       "&Version=2015-02-02",
       R"({"CacheClusterId":"c1","NumCacheNodes":2,"SecurityGroupIds":[],"AutoMinorVersionUpgrade":true})"},
      {"CreateReplicationGroup",
       "Action=CreateReplicationGroup&Version=2015-02-02&ReplicationGroupId=js1"
       "&ReplicationGroupDescription=d%20e%20%26%20f&NumCacheClusters=2&PreferredCacheClusterAZs="
       "&NodeGroupConfiguration.NodeGroupConfiguration.1.NodeGroupId=0001&UserGroupIds.member.1=ug1",
       R"({"ReplicationGroupId":"js1","ReplicationGroupDescription":"d e & f","NumCacheClusters":2,
           "PreferredCacheClusterAZs":[],"NodeGroupConfiguration":[{"NodeGroupId":"0001"}],"UserGroupIds":["ug1"]})"},
  };
  for (const auto& [action, body, input] : cases) {
    const auto decoded = Decode(std::get<Form>(ParseForm(body)), *ApiModel::ElastiCache().FindOperation(action)->input);
    ASSERT_TRUE(std::holds_alternative<Decoded>(decoded)) << std::get<Fault>(decoded).message;
    EXPECT_TRUE(nlohmann::json(std::get<Decoded>(decoded).input) == nlohmann::json::parse(input))
        << std::get<Decoded>(decoded).input;
    EXPECT_TRUE(std::get<Decoded>(decoded).unknown.empty());
  }
}

}  // namespace
}  // namespace cacheplane::gateway::aws
