#include "controlplane/gateway/aws/wire/decode.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cacheplane::gateway::aws {
namespace {

std::variant<Decoded, Fault> DecodeBody(const std::string& action, const std::string& body) {
  const auto form = ParseForm(body);
  EXPECT_TRUE(std::holds_alternative<Form>(form)) << body;
  return Decode(std::get<Form>(form), *ApiModel::ElastiCache().FindOperation(action)->input);
}

Decoded Good(const std::string& action, const std::string& body) {
  auto decoded = DecodeBody(action, body);
  const Fault* fault = std::get_if<Fault>(&decoded);
  EXPECT_EQ(fault, nullptr) << body << ": " << fault->message;
  return fault == nullptr ? std::get<Decoded>(decoded) : Decoded{};
}

Fault Bad(const std::string& action, const std::string& body) {
  auto decoded = DecodeBody(action, body);
  EXPECT_TRUE(std::holds_alternative<Fault>(decoded)) << body;
  return std::holds_alternative<Fault>(decoded) ? std::get<Fault>(decoded) : Fault{};
}

TEST(DecodeTest, ValuesHaveTheModelsTypes) {
  const Decoded decoded = Good("ModifyReplicationGroup",
                               "Action=ModifyReplicationGroup&Version=2015-02-02&ReplicationGroupId=a+b"
                               "&SnapshotRetentionLimit=-3&ApplyImmediately=TRUE&MultiAZEnabled=False");
  EXPECT_EQ(decoded.input, Json::parse(R"({"ReplicationGroupId":"a b","MultiAZEnabled":false,
                                           "ApplyImmediately":true,"SnapshotRetentionLimit":-3})"));
  EXPECT_TRUE(decoded.unknown.empty());
}

TEST(DecodeTest, ListsAreReadByTheirItemNamesAndByMember) {
  struct Case {
    std::string body;
    std::string list;
  };
  const std::vector<Case> cases = {
      {"SecurityGroupIds.SecurityGroupId.1=a&SecurityGroupIds.SecurityGroupId.2=b", R"(["a","b"])"},
      {"SecurityGroupIds.member.1=a&SecurityGroupIds.member.2=b", R"(["a","b"])"},
      {"SecurityGroupIds.SecurityGroupId.10=c&SecurityGroupIds.SecurityGroupId.9=b", R"(["b","c"])"},
      {"SecurityGroupIds.SecurityGroupId.3=b&SecurityGroupIds.SecurityGroupId.10000=c&SecurityGroupIds.member.1=a",
       R"(["a","b","c"])"},
      {"SecurityGroupIds.SecurityGroupId.1=a&SecurityGroupIds.member.1=x", R"(["a"])"},
      {"SecurityGroupIds=", "[]"},
      {"SecurityGroupIds=&SecurityGroupIds.SecurityGroupId.1=a", R"(["a"])"},
      {"SecurityGroupIds.SecurityGroupId.1=", R"([""])"},
  };
  for (const auto& [body, list] : cases) {
    const Decoded decoded = Good("ModifyReplicationGroup", "ReplicationGroupId=a&" + body);
    EXPECT_EQ(decoded.input.at("SecurityGroupIds"), Json::parse(list)) << body;
  }
  EXPECT_FALSE(Good("ModifyReplicationGroup", "ReplicationGroupId=a").input.contains("SecurityGroupIds"));
}

TEST(DecodeTest, StructuresNest) {
  const Decoded decoded =
      Good("CreateReplicationGroup",
           "ReplicationGroupId=a&ReplicationGroupDescription=d"
           "&NodeGroupConfiguration.NodeGroupConfiguration.2.ReplicaAvailabilityZones.AvailabilityZone.1=z2"
           "&NodeGroupConfiguration.NodeGroupConfiguration.1.Slots=0-8191"
           "&NodeGroupConfiguration.NodeGroupConfiguration.1.ReplicaCount=2"
           "&Tags.Tag.1.Key=env&Tags.Tag.1.Value=&Tags.member.2.Key=team"
           "&LogDeliveryConfigurations.LogDeliveryConfigurationRequest.1.DestinationDetails.CloudWatchLogsDetails."
           "LogGroup=lg");
  EXPECT_EQ(decoded.input, Json::parse(R"({"ReplicationGroupId":"a","ReplicationGroupDescription":"d",
      "NodeGroupConfiguration":[{"Slots":"0-8191","ReplicaCount":2},{"ReplicaAvailabilityZones":["z2"]}],
      "Tags":[{"Key":"env","Value":""},{"Key":"team"}],
      "LogDeliveryConfigurations":[{"DestinationDetails":{"CloudWatchLogsDetails":{"LogGroup":"lg"}}}]})"));
}

TEST(DecodeTest, UnknownParametersAreCollected) {
  const Decoded decoded = Good("DescribeReplicationGroups",
                               "Action=x&Version=y&Durability=async&ReplicationGroupId=a&ReplicationGroupId.x=1"
                               "&replicationgroupid=b&A.B.C.D.E.F.G=1");
  EXPECT_EQ(decoded.input, Json::parse(R"({"ReplicationGroupId":"a"})"));
  EXPECT_EQ(decoded.unknown,
            (std::vector<std::string>{"A.B.C.D.E.F.G", "Durability", "ReplicationGroupId.x", "replicationgroupid"}));
  const Decoded in_list = Good("ModifyReplicationGroup", "ReplicationGroupId=a&SecurityGroupIds.Other.1=x");
  EXPECT_FALSE(in_list.input.contains("SecurityGroupIds"));
  EXPECT_EQ(in_list.unknown, std::vector<std::string>{"SecurityGroupIds.Other.1"});
}

TEST(DecodeTest, WhatIsRequiredIsAskedFor) {
  const std::vector<std::vector<std::string>> cases = {
      {"CreateReplicationGroup", "ReplicationGroupDescription=d", "ReplicationGroupId"},
      {"CreateReplicationGroup", "", "ReplicationGroupId"},
      {"RebootCacheCluster", "CacheClusterId=a", "CacheNodeIdsToReboot"},
      {"IncreaseReplicaCount", "ReplicationGroupId=a", "ApplyImmediately"},
      {"IncreaseReplicaCount",
       "ReplicationGroupId=a&ApplyImmediately=true&ReplicaConfiguration.ConfigureShard.1.NodeGroupId=0001",
       "ReplicaConfiguration.ConfigureShard.1.NewReplicaCount"},
  };
  for (const auto& one : cases) {
    const Fault fault = Bad(one[0], one[1]);
    EXPECT_EQ(fault.code, "MissingParameter") << one[1];
    EXPECT_EQ(fault.message, one[2] + ": is required and was not given");
  }
}

TEST(DecodeTest, WrongValuesAreNamedWithWhatIsAllowed) {
  struct Case {
    std::string parameter;
    std::string value;
    std::string allowed;
  };
  const std::string integer = "a whole number of 32 bits";
  const std::vector<Case> cases = {
      {"Port", "", integer},
      {"Port", "6379x", integer},
      {"Port", "1.5", integer},
      {"Port", "2147483648", integer},
      {"Port", "99999999999999999999", integer},
      {"Port", "0x10", integer},
      {"MultiAZEnabled", "yes", "true, false"},
      {"MultiAZEnabled", "", "true, false"},
      {"MultiAZEnabled", "1", "true, false"},
      {"ClusterMode", "Enabled", "enabled, disabled, compatible"},
      {"NetworkType", "ipv5", "ipv4, ipv6, dual_stack"},
      {"Tags", "x", "items, as Tags.Tag.1"},
      {"SnapshotName", "a\x01", "text without control characters, U+FFFE and U+FFFF"},
      {"SnapshotName", "\xEF\xBF\xBF", "text without control characters, U+FFFE and U+FFFF"},
  };
  for (const auto& [parameter, value, allowed] : cases) {
    const Fault fault =
        Bad("CreateReplicationGroup", "ReplicationGroupId=a&ReplicationGroupDescription=d&" + parameter + "=" + value);
    EXPECT_EQ(fault.code, "InvalidParameterValue") << parameter;
    EXPECT_EQ(fault.message, parameter + ": \"" + value + "\" is not allowed; allowed: " + allowed);
  }
}

TEST(DecodeTest, ListNumbersAreBounded) {
  for (const std::string number : {"0", "-1", "01", "10001", "99999999999999", "x", "", "1x", "member"}) {
    const Fault fault = Bad("ModifyReplicationGroup", "ReplicationGroupId=a&SecurityGroupIds.member." + number + "=x");
    EXPECT_EQ(fault.code, "InvalidParameterValue") << number;
    EXPECT_NE(fault.message.find("\"SecurityGroupIds.member." + number + "\""), std::string::npos) << fault.message;
    EXPECT_NE(fault.message.find("allowed: 1 to 10000"), std::string::npos) << fault.message;
  }
}

TEST(DecodeTest, AStructureIsNoText) {
  const Fault fault = Bad("CreateUser", "UserId=a&UserName=a&Engine=valkey&AccessString=on&AuthenticationMode=iam");
  EXPECT_EQ(fault.message,
            "AuthenticationMode: \"iam\" is not allowed; allowed: members, as AuthenticationMode.<name>");
  EXPECT_FALSE(Good("CreateUser", "UserId=a&UserName=a&Engine=valkey&AccessString=on&AuthenticationMode=")
                   .input.contains("AuthenticationMode"));
}

TEST(DecodeTest, HostileNamesCostNothing) {
  std::string body = "ReplicationGroupId=a&ReplicationGroupDescription=d";
  std::string deep = "Tags.Tag";
  for (int i = 0; i < 20'000; ++i) deep += ".1";
  body += "&" + deep + "=x";
  for (int i = 1; i < 4000; ++i) body += "&NodeGroupConfiguration.NodeGroupConfiguration." + std::to_string(i) + ".x=";
  const Decoded decoded = Good("CreateReplicationGroup", body);
  EXPECT_EQ(decoded.input.at("NodeGroupConfiguration").size(), 3999U);
  EXPECT_EQ(decoded.unknown.size(), 4000U);
}

TEST(DecodeTest, DoublesAreFinite) {
  Shape number;
  number.kind = Kind::kDouble;
  Shape shape;
  shape.kind = Kind::kStructure;
  shape.members = {{"Share", &number, false}};
  const auto decoded = Decode({{"Share", "-1.5e2"}}, shape);
  EXPECT_EQ(std::get<Decoded>(decoded).input.at("Share"), -150.0);
  for (const char* text : {"", "nan", "inf", "-inf", "1e999", "1,5", "0x1p3"}) {
    EXPECT_TRUE(std::holds_alternative<Fault>(Decode({{"Share", text}}, shape))) << text;
  }
}

TEST(TimestampTest, StaysTextInTheInput) {
  EXPECT_EQ(Good("DescribeEvents", "StartTime=2026-01-02T03%3A04%3A05Z").input.at("StartTime"), "2026-01-02T03:04:05Z");
  EXPECT_EQ(Bad("DescribeEvents", "StartTime=yesterday").message,
            "StartTime: \"yesterday\" is not allowed; allowed: a time in ISO 8601, such as 2026-01-02T03:04:05Z");
}

}  // namespace
}  // namespace cacheplane::gateway::aws
