// What is set is what is told.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/gateway_aws/golden_cases.h"
#include "tests/unit/gateway_aws/hostile/calls.h"
#include "tests/unit/gateway_aws/xml_tree.h"

namespace cacheplane::gateway::aws {
namespace {

// A parameter, its value, and where the answer to a description has it.
struct Setting {
  std::string parameter;
  std::string value;
  std::vector<std::string> path;
  std::string told{};  // empty: the value
};

// One of the items of a list is enough: "SecurityGroups" has "member" elements, each with SecurityGroupId.
const XmlTree* Follow(const XmlTree& tree, const std::vector<std::string>& path) {
  const XmlTree* at = &tree;
  for (const std::string& step : path) {
    const auto found = std::find_if(at->children.begin(), at->children.end(),
                                    [&](const XmlTree& child) { return child.name == step; });
    if (found == at->children.end()) return nullptr;
    at = &*found;
  }
  return at;
}

class RoundTrips : public testing::Test {
 protected:
  void Make(const std::string& action, const std::vector<Setting>& settings, const std::string& more) {
    std::string body = "Action=" + action + more;
    for (const Setting& setting : settings) body += fmt::format("&{}={}", setting.parameter, Escaped(setting.value));
    api_.MustPost(body);
    api_.Pass(20);
  }
  void ExpectTold(const std::string& description, const std::vector<Setting>& settings) {
    const HttpResponse response = api_.Post("Action=" + description);
    ASSERT_EQ(response.status, 200) << response.body;
    const XmlTree tree = ParseXml(response.body);
    for (const Setting& setting : settings) {
      if (setting.path.empty()) continue;
      const XmlTree* told = Follow(tree.children.front(), setting.path);
      ASSERT_NE(told, nullptr) << setting.parameter << ": " << response.body;
      EXPECT_EQ(told->text, setting.told.empty() ? setting.value : setting.told) << setting.parameter;
    }
  }

  ServedApi api_;
};

std::vector<std::string> InGroup(std::vector<std::string> rest) {
  rest.insert(rest.begin(), {"ReplicationGroups", "ReplicationGroup"});
  return rest;
}
std::vector<std::string> InMember(std::vector<std::string> rest) {
  rest.insert(rest.begin(), {"CacheClusters", "CacheCluster"});
  return rest;
}

constexpr const char* kTags =
    "ListTagsForResource&ResourceName=arn%3Aaws%3Aelasticache%3Aus-east-2%3A000000000000%3Areplicationgroup%3Acarts";

TEST_F(RoundTrips, OfANewReplicationGroup) {
  const std::vector<Setting> of_group = {
      {"ReplicationGroupId", "Carts", InGroup({"ReplicationGroupId"}), "carts"},
      {"ReplicationGroupDescription", "d <e> & \"f\" \xC3\xA9", InGroup({"Description"})},
      {"CacheNodeType", "cache.t4g.medium", InGroup({"CacheNodeType"})},
      {"Engine", "valkey", InGroup({"Engine"})},
      {"AutomaticFailoverEnabled", "true", InGroup({"AutomaticFailover"}), "enabled"},
      {"MultiAZEnabled", "true", InGroup({"MultiAZ"}), "enabled"},
      {"NumCacheClusters", "2", {}},
      {"PreferredCacheClusterAZs.AvailabilityZone.1", "us-east-1c",
       InGroup({"NodeGroups", "NodeGroup", "NodeGroupMembers", "NodeGroupMember", "PreferredAvailabilityZone"})},
      {"PreferredCacheClusterAZs.AvailabilityZone.2", "us-east-1a", {}},
      {"Port", "7001", InGroup({"NodeGroups", "NodeGroup", "PrimaryEndpoint", "Port"})},
      {"AutoMinorVersionUpgrade", "false", InGroup({"AutoMinorVersionUpgrade"})},
      {"SnapshotWindow", "03:00-04:00", InGroup({"SnapshotWindow"})}};
  const std::vector<Setting> of_members = {
      {"EngineVersion", "8.0", InMember({"EngineVersion"}), "8.0.1"},
      {"CacheParameterGroupName", "mine", InMember({"CacheParameterGroup", "CacheParameterGroupName"})},
      {"CacheSubnetGroupName", "default", InMember({"CacheSubnetGroupName"})},
      {"SecurityGroupIds.SecurityGroupId.1", "default", InMember({"SecurityGroups", "member", "SecurityGroupId"})},
      {"PreferredMaintenanceWindow", "mon:05:00-mon:06:00", InMember({"PreferredMaintenanceWindow"})}};
  std::vector<Setting> all = of_group;
  all.insert(all.end(), of_members.begin(), of_members.end());
  Make("CreateReplicationGroup", all, "&Tags.Tag.1.Key=team+%3C1%3E&Tags.Tag.1.Value=a");
  ExpectTold("DescribeReplicationGroups&ReplicationGroupId=carts", of_group);
  ExpectTold("DescribeCacheClusters&CacheClusterId=carts-001", of_members);
  ExpectTold(kTags, {{"Key", "team <1>", {"TagList", "Tag", "Key"}}, {"Value", "a", {"TagList", "Tag", "Value"}}});
}

TEST_F(RoundTrips, OfAReplicationGroupThatIsChanged) {
  const std::vector<Setting> of_group = {
      {"ReplicationGroupDescription", "new", InGroup({"Description"})},
      {"CacheNodeType", "cache.t4g.medium", InGroup({"CacheNodeType"})},
      {"AutoMinorVersionUpgrade", "false", InGroup({"AutoMinorVersionUpgrade"})},
      {"SnapshotWindow", "07:00-08:00", InGroup({"SnapshotWindow"})},
      {"MultiAZEnabled", "false", InGroup({"MultiAZ"}), "disabled"},
      {"AutomaticFailoverEnabled", "false", InGroup({"AutomaticFailover"}), "disabled"}};
  const std::vector<Setting> of_members = {
      {"EngineVersion", "8.1", InMember({"EngineVersion"}), "8.1.1"},
      {"CacheParameterGroupName", "mine", InMember({"CacheParameterGroup", "CacheParameterGroupName"})},
      {"PreferredMaintenanceWindow", "tue:05:00-tue:06:00", InMember({"PreferredMaintenanceWindow"})},
      {"SecurityGroupIds.SecurityGroupId.1", "default", InMember({"SecurityGroups", "member", "SecurityGroupId"})}};
  std::vector<Setting> all = of_group;
  all.insert(all.end(), of_members.begin(), of_members.end());
  Make("ModifyReplicationGroup", all, "&ReplicationGroupId=orders&ApplyImmediately=true");
  api_.Pass(60);
  ExpectTold("DescribeReplicationGroups&ReplicationGroupId=orders", of_group);
  ExpectTold("DescribeCacheClusters&CacheClusterId=orders-001", of_members);
}

TEST_F(RoundTrips, OfAPrimaryThatIsChosen) {
  Make("ModifyReplicationGroup", {{"PrimaryClusterId", "orders-002", {}}}, "&ReplicationGroupId=orders");
  const XmlTree tree = ParseXml(api_.Post("Action=DescribeReplicationGroups&ReplicationGroupId=orders").body);
  const XmlTree& members = *Follow(tree.children.front(), InGroup({"NodeGroups", "NodeGroup", "NodeGroupMembers"}));
  for (const XmlTree& member : members.children) {
    const bool chosen = member.TextAt({"CacheClusterId"}) == "orders-002";
    EXPECT_EQ(member.TextAt({"CurrentRole"}), chosen ? "primary" : "replica");
  }
}

TEST_F(RoundTrips, OfCounts) {
  const auto members = [&] {
    const XmlTree tree = ParseXml(api_.Post("Action=DescribeReplicationGroups&ReplicationGroupId=orders").body);
    return Follow(tree.children.front(), InGroup({"MemberClusters"}))->children.size();
  };
  Make("IncreaseReplicaCount", {{"NewReplicaCount", "4", {}}}, "&ReplicationGroupId=orders&ApplyImmediately=true");
  EXPECT_EQ(members(), 5U);
  Make("DecreaseReplicaCount", {{"NewReplicaCount", "1", {}}}, "&ReplicationGroupId=orders&ApplyImmediately=true");
  EXPECT_EQ(members(), 2U);
}

TEST_F(RoundTrips, OfParameterGroups) {
  const auto in = [](const char* member) {
    return std::vector<std::string>{"CacheParameterGroups", "CacheParameterGroup", member};
  };
  const std::vector<Setting> settings = {{"CacheParameterGroupName", "Yours", in("CacheParameterGroupName"), "yours"},
                                         {"CacheParameterGroupFamily", "valkey8", in("CacheParameterGroupFamily")},
                                         {"Description", "<b> & \"c\"", in("Description")}};
  Make("CreateCacheParameterGroup", settings, "");
  ExpectTold("DescribeCacheParameterGroups&CacheParameterGroupName=yours", settings);
  const std::string value = "&ParameterNameValues.ParameterNameValue.1.";
  Make("ModifyCacheParameterGroup", {},
       "&CacheParameterGroupName=yours" + value + "ParameterName=maxmemory-policy" + value +
           "ParameterValue=allkeys-lru");
  const auto parameter = [](const char* member) { return std::vector<std::string>{"Parameters", "Parameter", member}; };
  ExpectTold("DescribeCacheParameters&CacheParameterGroupName=yours&Source=user",
             {{"ParameterName", "maxmemory-policy", parameter("ParameterName")},
              {"ParameterValue", "allkeys-lru", parameter("ParameterValue")}});
  Make("ResetCacheParameterGroup", {}, "&CacheParameterGroupName=yours&ResetAllParameters=true");
  EXPECT_EQ(
      api_.Post("Action=DescribeCacheParameters&CacheParameterGroupName=yours&Source=user").body.find("allkeys-lru"),
      std::string::npos);
}

TEST_F(RoundTrips, OfSubnetGroups) {
  const auto in = [](std::vector<std::string> rest) {
    rest.insert(rest.begin(), {"CacheSubnetGroups", "CacheSubnetGroup"});
    return rest;
  };
  const std::vector<Setting> made = {
      {"CacheSubnetGroupName", "Wide", in({"CacheSubnetGroupName"}), "wide"},
      {"CacheSubnetGroupDescription", "<two>", in({"CacheSubnetGroupDescription"})},
      {"SubnetIds.SubnetIdentifier.1", "subnet-us-east-1b", in({"Subnets", "Subnet", "SubnetIdentifier"})}};
  Make("CreateCacheSubnetGroup", made, "");
  ExpectTold("DescribeCacheSubnetGroups&CacheSubnetGroupName=wide", made);
  const std::vector<Setting> changed = {
      {"CacheSubnetGroupDescription", "other", in({"CacheSubnetGroupDescription"})},
      {"SubnetIds.SubnetIdentifier.1", "subnet-us-east-1c", in({"Subnets", "Subnet", "SubnetIdentifier"})}};
  Make("ModifyCacheSubnetGroup", changed, "&CacheSubnetGroupName=wide");
  ExpectTold("DescribeCacheSubnetGroups&CacheSubnetGroupName=wide", changed);
}

}  // namespace
}  // namespace cacheplane::gateway::aws
