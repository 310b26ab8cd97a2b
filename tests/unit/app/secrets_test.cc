// What is derived of the installation's key, and what is random.
#include "controlplane/app/secrets.h"

#include <gtest/gtest.h>

#include <set>

#include "common/file.h"
#include "tests/contract/temporary_directory.h"

namespace cacheplane::app {
namespace {

using model::AccessKeyId;
using model::ClusterUid;

constexpr const char* kOfBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr const char* kOfIds = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

class Secrets : public testing::Test {
 protected:
  DerivedSecrets Open(const std::string& name) { return *DerivedSecrets::Open(directory.path() / name); }

  test::TemporaryDirectory directory;
};

TEST_F(Secrets, OfAccessKeysHave40CharactersThatNeedNoQuoting) {
  const std::string secret = Open("a").AccessKeySecret(AccessKeyId("AKIAB"));
  EXPECT_EQ(secret.size(), 40U);
  EXPECT_EQ(secret.find_first_not_of(kOfBase64), std::string::npos) << secret;
}

TEST_F(Secrets, AreTheSameWheneverAskedForAndOthersForOthers) {
  const DerivedSecrets secrets = Open("a");
  const std::string secret = secrets.AccessKeySecret(AccessKeyId("AKIAB"));
  EXPECT_EQ(Open("a").AccessKeySecret(AccessKeyId("AKIAB")), secret);
  EXPECT_NE(secrets.AccessKeySecret(AccessKeyId("AKIAC")), secret);
  EXPECT_NE(Open("b").AccessKeySecret(AccessKeyId("AKIAB")), secret);
  EXPECT_EQ(Open("a").EnginePassword(ClusterUid("cl-1")).size(), 64U);
}

// Worked out with openssl(1): a change of either derivation would lock everybody out.
TEST_F(Secrets, AreThoseOfEveryVersion) {
  ASSERT_TRUE(ReplaceFile(directory.path() / "a", std::string(64, '0') + "\n").ok());
  EXPECT_EQ(Open("a").EnginePassword(ClusterUid("cl-1")),
            "69e21b3d6de42153199cfacfd506269f3badbff376d44b114373a7c4b61d9506");
  EXPECT_EQ(Open("a").AccessKeySecret(AccessKeyId("AKIAB")), "WxSwm3608DamQ4RP0w6liat+QFfdIxiSKjeyj1lp");
}

TEST(Identifiers, OfAccessKeysLookLikeThoseOfAws) {
  RandomIdentifiers identifiers;
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    const std::string id = identifiers.NewAccessKey().str();
    EXPECT_EQ(id.size(), 20U);
    EXPECT_EQ(id.find("AKIA"), 0U);
    EXPECT_EQ(id.find_first_not_of(kOfIds), std::string::npos) << id;
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 100U);
}

}  // namespace
}  // namespace cacheplane::app
