// Which authenticator the options ask for.
#include "controlplane/app/authenticator.h"

#include <gtest/gtest.h>

#include "common/log.h"
#include "tests/unit/service/world.h"

namespace cacheplane::app {
namespace {

// Well formed, and signed by nobody.
gateway::HttpRequest Forged() {
  return {.method = "POST",
          .path = "/",
          .query = "",
          .headers = {{"host", "127.0.0.1:7080"},
                      {"x-amz-date", "20261123T010545Z"},
                      {"authorization",
                       "AWS4-HMAC-SHA256 Credential=AKIAX/20261123/us-east-1/elasticache/aws4_request, "
                       "SignedHeaders=host;x-amz-date, Signature=0"}},
          .body = ""};
}

class AuthenticatorOfOptions : public testing::Test {
 protected:
  bool Takes(const Options& options) {
    const auto authenticator = MakeAuthenticator(options, keys);
    const WallTime signed_at = FromUnixMillis(1'795'395'945'000);
    return std::holds_alternative<gateway::aws::Identity>(authenticator->Authenticate(Forged(), signed_at));
  }

  service::World world;
  service::SpelledSecrets secrets;
  service::AccessKeyService keys{world.store, secrets, world.identifiers, world.signals, world.clock};
};

TEST_F(AuthenticatorOfOptions, ChecksSignaturesUnlessAskedNotTo) {
  Options options;
  EXPECT_FALSE(Takes(options));
  testing::internal::CaptureStdout();  // where lines go without log::Init
  options.any_access_key = true;
  EXPECT_TRUE(Takes(options));
  log::Flush();
  EXPECT_NE(testing::internal::GetCapturedStdout().find("--any-access-key"), std::string::npos);
}

}  // namespace
}  // namespace cacheplane::app
