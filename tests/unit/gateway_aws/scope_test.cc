#include "controlplane/gateway/aws/signing/scope.h"

#include <gtest/gtest.h>

namespace cacheplane::gateway::aws {
namespace {

std::optional<Scope> Of(const std::string& authorization) {
  HttpRequest request;
  request.headers.emplace_back("authorization", authorization);
  return ScopeOf(request);
}

TEST(ScopeTest, IsReadFromTheCredential) {
  const Scope expected{"AKIA1", "20261123", "us-east-2", "elasticache"};
  EXPECT_EQ(Of("AWS4-HMAC-SHA256 Credential=AKIA1/20261123/us-east-2/elasticache/aws4_request, SignedHeaders=host, "
               "Signature=00"),
            expected);
  EXPECT_EQ(Of("AWS4-HMAC-SHA256 SignedHeaders=host,Credential=AKIA1/20261123/us-east-2/elasticache/aws4_request"),
            expected);
}

TEST(ScopeTest, IsTheOneThatTheSignatureIsCheckedFor) {
  const Scope expected{"A B", "20261123", "us-east-2", "elasticache"};
  EXPECT_EQ(Of("AWS4-HMAC-SHA256   Credential=A  B/20261123/us-east-2/elasticache/aws4_request"), expected);
}

TEST(ScopeTest, NothingElseHasOne) {
  EXPECT_EQ(ScopeOf(HttpRequest{}), std::nullopt);
  for (const char* header : {"", "Bearer x", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 ",
                             "AWS4-HMAC-SHA256 Credential=", "AWS4-HMAC-SHA256 Credential=AKIA1",
                             "AWS4-HMAC-SHA256 Credential=AKIA1/20261123/us-east-2/elasticache",
                             "AWS4-HMAC-SHA256 Credential=AKIA1/20261123/us-east-2/elasticache/aws5_request",
                             "AWS4-HMAC-SHA256 Credential=AKIA1/20261123//elasticache/aws4_request",
                             "AWS4-HMAC-SHA256 Credential=A/B/20261123/us-east-2/elasticache/aws4_request", ",,,"}) {
    EXPECT_EQ(Of(header), std::nullopt) << header;
  }
}

}  // namespace
}  // namespace cacheplane::gateway::aws
