// Who a signed request is from.
#include "controlplane/gateway/aws/signing/key_authenticator.h"

#include <gtest/gtest.h>

#include "tests/unit/gateway_aws/signed_requests.h"
#include "tests/unit/service/world.h"

namespace cacheplane::gateway::aws {
namespace {

// The example key is the first that is created.
class ExampleKeys final : public ports::Secrets, public ports::Identifiers {
 public:
  std::string EnginePassword(const model::ClusterUid&) const override { return ""; }
  std::string AccessKeySecret(const model::AccessKeyId& key) const override {
    return key.str() == kExampleKey ? kExampleSecret : "another";
  }
  std::string New(const char* prefix) override { return prefix; }
  model::AccessKeyId NewAccessKey() override { return model::AccessKeyId(first_++ == 0 ? kExampleKey : "AKIAOTHER"); }

 private:
  int first_ = 0;
};

class KeyAuthenticatorTest : public testing::Test {
 protected:
  std::string CodeOf(const HttpRequest& request) {
    const auto answer = authenticator.Authenticate(request, SignedAt());
    const auto* fault = std::get_if<Fault>(&answer);
    return fault == nullptr ? "" : fault->code;
  }

  service::World world;
  ExampleKeys example;
  service::AccessKeyService keys{world.store, example, example, world.signals, world.clock};
  KeyAuthenticator authenticator{keys};
};

TEST_F(KeyAuthenticatorTest, AGenuineRequestHasTheKeysRole) {
  ASSERT_TRUE(keys.CreateAccessKey({"viewer", ""}).ok());
  const auto answer = authenticator.Authenticate(SignedByBotocore(), SignedAt());
  ASSERT_TRUE(std::holds_alternative<Identity>(answer)) << std::get<Fault>(answer).message;
  EXPECT_EQ(std::get<Identity>(answer).access_key, kExampleKey);
  EXPECT_EQ(std::get<Identity>(answer).role, model::AccessRole::kViewer);
}

TEST_F(KeyAuthenticatorTest, AnUnknownKeyIsInvalid) {
  const auto answer = authenticator.Authenticate(SignedByBotocore(), SignedAt());
  EXPECT_EQ(std::get<Fault>(answer),
            (Fault{"InvalidClientTokenId", 403, "The security token included in the request is invalid."}));
}

TEST_F(KeyAuthenticatorTest, ARevokedKeyIsInvalidAtOnce) {
  ASSERT_TRUE(keys.CreateAccessKey({"admin", ""}).ok());
  EXPECT_EQ(CodeOf(SignedByBotocore()), "");
  ASSERT_TRUE(keys.DeleteAccessKey(kExampleKey).ok());
  EXPECT_EQ(CodeOf(SignedByBotocore()), "InvalidClientTokenId");
}

TEST_F(KeyAuthenticatorTest, AKeySignsForItselfAlone) {
  ASSERT_TRUE(keys.CreateAccessKey({"viewer", ""}).ok());
  ASSERT_TRUE(keys.CreateAccessKey({"admin", ""}).ok());
  HttpRequest request = SignedByBotocore();
  Replace(request, "authorization", kExampleKey, "AKIAOTHER");
  EXPECT_EQ(CodeOf(request), "SignatureDoesNotMatch");
}

TEST_F(KeyAuthenticatorTest, WhatIsNotGenuineIsRefused) {
  ASSERT_TRUE(keys.CreateAccessKey({"admin", ""}).ok());
  HttpRequest request = SignedByBotocore();
  request.body += "&More=1";
  EXPECT_EQ(CodeOf(request), "SignatureDoesNotMatch");
  RemoveHeader(request, "authorization");
  EXPECT_EQ(CodeOf(request), "MissingAuthenticationToken");
  const auto late = authenticator.Authenticate(SignedByBotocore(), SignedAt() + std::chrono::hours(1));
  EXPECT_EQ(std::get<Fault>(late).code, "RequestExpired");
}

TEST_F(KeyAuthenticatorTest, ASessionTokenIsNoneOfOurs) {
  ASSERT_TRUE(keys.CreateAccessKey({"admin", ""}).ok());
  HttpRequest request = SignedByBotocore();
  request.headers.emplace_back("x-amz-security-token", "token");
  const auto answer = authenticator.Authenticate(request, SignedAt());
  EXPECT_EQ(std::get<Fault>(answer).code, "InvalidClientTokenId");
  EXPECT_NE(std::get<Fault>(answer).message.find("AWS_SESSION_TOKEN"), std::string::npos);
}

TEST(AnyKeyAuthenticator, TakesWhatSaysForWhereItIs) {
  AnyKeyAuthenticator any;
  HttpRequest request = SignedByBotocore();
  Replace(request, "authorization", kExampleKey, "test");
  request.body = "changed";
  const auto answer = any.Authenticate(request, SignedAt() + std::chrono::hours(1000));
  ASSERT_TRUE(std::holds_alternative<Identity>(answer)) << std::get<Fault>(answer).message;
  EXPECT_EQ(std::get<Identity>(answer).access_key, "");
  EXPECT_EQ(std::get<Identity>(answer).role, model::AccessRole::kAdmin);
  RemoveHeader(request, "authorization");
  EXPECT_EQ(std::get<Fault>(any.Authenticate(request, SignedAt())).code, "MissingAuthenticationToken");
}

}  // namespace
}  // namespace cacheplane::gateway::aws
