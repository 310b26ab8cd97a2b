// What is not built is refused unless it asks for nothing.
#include "controlplane/gateway/aws/operations/not_built.h"

#include <gtest/gtest.h>

namespace cacheplane::gateway::aws {
namespace {

TEST(NotBuilt, AValueThatAsksForSomethingIsNamed) {
  const Json asked = {{"GlobalReplicationGroupId", "g"},
                      {"PreferredOutpostArn", "arn"},
                      {"OutpostMode", "single-outpost"},
                      {"CacheSecurityGroupNames", {"old"}},
                      {"SnapshotArns", {"arn"}},
                      {"SnapshotName", "monday"},
                      {"ServerlessCacheSnapshotName", "monday"},
                      {"FinalSnapshotIdentifier", "last"},
                      {"RetainPrimaryCluster", true},
                      {"NotificationTopicArn", "arn"},
                      {"NotificationTopicStatus", "active"},
                      {"AuthTokenUpdateStrategy", "ROTATE"},
                      {"TransitEncryptionEnabled", true},
                      {"TransitEncryptionMode", "preferred"},
                      {"AtRestEncryptionEnabled", true},
                      {"KmsKeyId", "key"},
                      {"UserGroupIds", {"people"}},
                      {"UserGroupIdsToAdd", {"people"}},
                      {"RemoveUserGroups", true},
                      {"LogDeliveryConfigurations", {{{"LogType", "slow-log"}, {"Enabled", true}}}},
                      {"DataTieringEnabled", true},
                      {"NetworkType", "dual_stack"},
                      {"IpDiscovery", "ipv6"},
                      {"ClusterMode", "compatible"},
                      {"ScaleConfig", {{"ScalePercentage", 5}}}};
  for (const auto& [name, value] : asked.items()) {
    const Status status = CheckBuilt({{name, value}});
    ASSERT_FALSE(status.ok()) << name;
    EXPECT_EQ(status.error().code, ErrorCode::kFailedPrecondition);
    EXPECT_TRUE(status.error().message.starts_with(name + ": ")) << status.error().message;
    EXPECT_NE(status.error().message.find(" asks for what is not built yet; allowed: "), std::string::npos);
    const std::string shown = value.is_string() ? value.get<std::string>() : value.dump();
    EXPECT_NE(status.error().message.find(shown), std::string::npos) << status.error().message;
  }
}

TEST(NotBuilt, AValueThatAsksForNothingIsTaken) {
  const Json off = {{"TransitEncryptionEnabled", false},
                    {"AtRestEncryptionEnabled", false},
                    {"AuthToken", ""},
                    {"UserGroupIds", Json::array()},
                    {"SnapshotName", ""},
                    {"LogDeliveryConfigurations", {{{"LogType", "slow-log"}, {"Enabled", false}}}},
                    {"NetworkType", "ipv4"},
                    {"IpDiscovery", "IPv4"},
                    {"ClusterMode", "disabled"},
                    {"RetainPrimaryCluster", false},
                    {"NotificationTopicStatus", "inactive"},
                    {"ScaleConfig", Json::object()}};
  const Status status = CheckBuilt(off);
  EXPECT_TRUE(status.ok()) << status.error().message;
}

TEST(NotBuilt, LongValuesAreCutBetweenCharacters) {
  std::string euros;
  for (int i = 0; i < 1000; ++i) euros += "\xE2\x82\xAC";
  const Json many = Json::array({euros, euros});
  const Status status = CheckBuilt({{"SnapshotArns", many}});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message,
            "SnapshotArns: " + many.dump().substr(0, 200) + "… asks for what is not built yet; allowed: nothing");
}

TEST(NotBuilt, PasswordsAreNotShown) {
  const Status status = CheckBuilt({{"AuthToken", "open-sesame-open-sesame"}});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message.find("sesame"), std::string::npos) << status.error().message;
}

}  // namespace
}  // namespace cacheplane::gateway::aws
