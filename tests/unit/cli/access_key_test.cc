#include "cacheplane/v1/access_key.pb.h"
#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

class AccessKeyCommandsTest : public CommandLineTest {
 protected:
  AccessKeyCommandsTest() {
    v1::CreateAccessKeyResponse created;
    created.mutable_access_key()->set_id("AKIAB");
    created.mutable_access_key()->set_role("viewer");
    created.set_secret_access_key("se+cr/et");
    server_.Answer<v1::CreateAccessKeyRequest>(created);
  }
};

TEST_F(AccessKeyCommandsTest, CreatePrintsLinesForAShell) {
  const auto ran = Run("access-key create --role viewer --description build");
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out, "export AWS_ACCESS_KEY_ID=AKIAB\nexport AWS_SECRET_ACCESS_KEY=se+cr/et\n");
  EXPECT_EQ(ran.err, "the secret is shown this once\n");
  const auto asked = server_.Asked<v1::CreateAccessKeyRequest>().front();
  EXPECT_EQ(asked.role(), "viewer");
  EXPECT_EQ(asked.description(), "build");
}

TEST_F(AccessKeyCommandsTest, CreateInJsonHasTheWholeAnswer) {
  const std::string out = Run("access-key create -o json").out;
  EXPECT_NE(out.find("\"secret_access_key\": \"se+cr/et\""), std::string::npos) << out;
  EXPECT_NE(out.find("\"id\": \"AKIAB\""), std::string::npos) << out;
  EXPECT_EQ(Run("access-key create -o names").out, "AKIAB\n");
  EXPECT_EQ(server_.Asked<v1::CreateAccessKeyRequest>().front().role(), "");
}

TEST_F(AccessKeyCommandsTest, CreateTakesKnownRolesAlone) {
  EXPECT_EQ(Run("access-key create --role root").code, 252);
  EXPECT_TRUE(server_.Asked<v1::CreateAccessKeyRequest>().empty());
}

TEST_F(AccessKeyCommandsTest, ListShowsWhichAreRevoked) {
  v1::ListAccessKeysResponse list;
  v1::AccessKey& valid = *list.add_access_keys();
  valid.set_id("AKIAB");
  valid.set_role("admin");
  valid.set_description("build");
  valid.mutable_create_time()->set_seconds(1'795'395'945);
  v1::AccessKey& revoked = *list.add_access_keys();
  revoked = valid;
  revoked.set_id("AKIAC");
  revoked.mutable_revoke_time()->set_seconds(1'795'395'946);
  server_.Answer<v1::ListAccessKeysRequest>(list);
  EXPECT_EQ(Run("access-key list").out,
            "ID     ROLE   CREATED               REVOKED               DESCRIPTION\n"
            "AKIAB  admin  2026-11-23T01:05:45Z  -                     build\n"
            "AKIAC  admin  2026-11-23T01:05:45Z  2026-11-23T01:05:46Z  build\n");
  EXPECT_EQ(Run("access-key list -o names").out, "AKIAB\nAKIAC\n");
}

TEST_F(AccessKeyCommandsTest, Revoke) {
  EXPECT_EQ(Run("access-key revoke AKIAB").out, "access key AKIAB revoked\n");
  EXPECT_EQ(server_.Asked<v1::DeleteAccessKeyRequest>().front().id(), "AKIAB");
  EXPECT_EQ(Run("access-key revoke AKIAB -o names").out, "AKIAB\n");
  server_.Refuse<v1::DeleteAccessKeyRequest>(NotFound("id: there is no access key \"AKIAB\""));
  EXPECT_EQ(Run("access-key revoke AKIAB").code, 3);
  EXPECT_EQ(Run("access-key revoke").code, 252);
}

}  // namespace
}  // namespace cacheplane::cli
