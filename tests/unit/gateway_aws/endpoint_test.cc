#include "controlplane/gateway/aws/endpoint.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/unit/gateway_aws/endpoint_fixture.h"

namespace cacheplane::gateway::aws {
namespace {

TEST_F(AwsEndpointTest, ACallReachesItsHandlerAndComesBackAsXml) {
  HttpRequest request = Request(std::string("MaxRecords=7&Colour=red&Action=DescribeEvents") + kVersion);
  request.headers.emplace_back("amz-sdk-invocation-id", "i-1");
  const HttpResponse response = Ask(request);
  ASSERT_EQ(calls_.size(), 1U);
  EXPECT_EQ(calls_[0].action, "DescribeEvents");
  EXPECT_EQ(calls_[0].input, (Json{{"MaxRecords", 7}}));
  EXPECT_EQ(calls_[0].region, "us-east-2");
  EXPECT_EQ(calls_[0].access_key, "admin");
  EXPECT_EQ(calls_[0].invocation_id, "i-1");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/xml");
  EXPECT_EQ(response.body,
            "<DescribeEventsResponse xmlns=\"http://elasticache.amazonaws.com/doc/2015-02-02/\"><DescribeEventsResult>"
            "<Events><Event><Message>m</Message></Event></Events></DescribeEventsResult><ResponseMetadata><RequestId>" +
                IdOf(response) + "</RequestId></ResponseMetadata></DescribeEventsResponse>");
  EXPECT_EQ(response.headers, (HttpHeaders{{"x-amzn-RequestId", IdOf(response)}}));
}

TEST_F(AwsEndpointTest, RequestIdsAreDifferentUuids) {
  std::set<std::string> ids;
  for (int i = 0; i < 50; ++i) {
    const std::string id = IdOf(Ask(Request("")));
    ASSERT_EQ(id.size(), 36U);
    EXPECT_EQ(id[14], '4');
    EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 50U);
}

TEST_F(AwsEndpointTest, AFaultOfTheHandlerHasItsCode) {
  ExpectFault(Ask(Request(std::string("Action=DeleteCacheSubnetGroup&CacheSubnetGroupName=a") + kVersion)), 400,
              "CacheSubnetGroupInUse", "it is used");
}

TEST_F(AwsEndpointTest, WhatIsNoCallIsRefused) {
  const std::string good = std::string("Action=DescribeEvents") + kVersion;
  ExpectFault(Ask(Request("A=%")), 400, "MalformedQueryString", "a \"%\" is not followed by two hexadecimal digits");
  ExpectFault(Ask(Request("Version=2015-02-02")), 400, "MissingAction", "Action: is required and was not given");
  ExpectFault(Ask(Request(std::string("Action=MakeCoffee") + kVersion)), 400, "InvalidAction",
              "Could not find operation \"MakeCoffee\" for version \"2015-02-02\" of elasticache; it has no such "
              "operation, or none that is built");
  ExpectFault(Ask(Request("Action=DescribeEvents&Version=2014-01-01")), 400, "InvalidAction",
              "Could not find operation \"DescribeEvents\" for version \"2014-01-01\" of elasticache; this is version "
              "2015-02-02");
  ExpectFault(
      Ask(Request("Action=DescribeEvents")), 400, "InvalidAction",
      "Could not find operation \"DescribeEvents\" for version \"NO_VERSION_SPECIFIED\" of elasticache; this is "
      "version 2015-02-02");
  ExpectFault(Ask(Request(good + "&MaxRecords=x")), 400, "InvalidParameterValue",
              "MaxRecords: \"x\" is not allowed; allowed: a whole number of 32 bits");
  ExpectFault(Ask(Request(std::string("Action=DeleteCacheCluster") + kVersion)), 400, "MissingParameter",
              "CacheClusterId: is required and was not given");
  ExpectFault(Ask(Request(good, "admin", "s3")), 400, "InvalidAction",
              "service \"s3\": is not served here; allowed: elasticache, sts, ec2");
  EXPECT_TRUE(calls_.empty());
}

TEST_F(AwsEndpointTest, OnlyFormsAreTaken) {
  const std::string good = std::string("Action=DescribeEvents") + kVersion;
  HttpRequest get = Request(good);
  get.method = "GET";
  EXPECT_EQ(CodeOf(Ask(get)), "InvalidAction");
  HttpRequest with_query = Request(good);
  with_query.query = "Action=DescribeEvents";
  EXPECT_EQ(CodeOf(Ask(with_query)), "InvalidAction");
  for (const char* type :
       {"", "application/json", "application/x-amz-json-1.0", "application/x-www-form-urlencoded2"}) {
    HttpRequest request = Request(good);
    request.headers[0].second = type;
    EXPECT_EQ(Ask(request).status, 400) << type;
  }
  EXPECT_TRUE(calls_.empty());
  HttpRequest upper = Request(good);
  upper.headers[0].second = "Application/X-WWW-Form-Urlencoded ; charset=utf-8";
  EXPECT_EQ(Ask(upper).status, 200);
}

TEST_F(AwsEndpointTest, WhatIsNotBuiltSaysSo) {
  for (const char* action : {"CreateSnapshot", "PurchaseReservedCacheNodesOffering", "DescribeUsers"}) {
    ExpectFault(Ask(Request(std::string("Action=") + action + kVersion)), 400, "InvalidAction",
                std::string(action) + " is not built yet");
  }
}

TEST_F(AwsEndpointTest, StrangersLearnNothing) {
  HttpRequest unsigned_request = Request("Action=MakeCoffee");
  unsigned_request.headers.pop_back();
  ExpectFault(Ask(unsigned_request), 403, "MissingAuthenticationToken", "no key");
  ExpectFault(Ask(Request(std::string("Action=DescribeEvents") + kVersion, "nobody")), 403,
              "MissingAuthenticationToken", "no key");
  EXPECT_TRUE(calls_.empty());
}

TEST_F(AwsEndpointTest, AKnownCallerWithoutAScopeIsRefused) {
  HttpRequest request = Request(std::string("Action=DescribeEvents") + kVersion);
  request.headers[1].second = "AWS4-HMAC-SHA256 Credential=admin";
  EXPECT_EQ(CodeOf(Ask(request)), "IncompleteSignature");
}

TEST_F(AwsEndpointTest, ViewersOnlyRead) {
  const std::string read = std::string("Action=DescribeEvents") + kVersion;
  const std::string change = std::string("Action=DeleteCacheSubnetGroup&CacheSubnetGroupName=a") + kVersion;
  EXPECT_EQ(Ask(Request(read, "viewer")).status, 200);
  ExpectFault(Ask(Request(change, "viewer")), 403, "AccessDenied",
              "viewer has the role \"viewer\", which may only read; DeleteCacheSubnetGroup takes the role operator or "
              "admin");
  for (const char* key : {"operator", "admin"}) EXPECT_EQ(CodeOf(Ask(Request(change, key))), "CacheSubnetGroupInUse");
}

TEST_F(AwsEndpointTest, CallersLearnWhoTheyAre) {
  const std::string body = "Action=GetCallerIdentity&Version=2011-06-15";
  for (const char* service : {"sts", "elasticache"}) {
    const HttpResponse response = Ask(Request(body, "viewer", service));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body,
              "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"
              "<UserId>viewer</UserId><Account>000000000000</Account><Arn>arn:aws:iam::000000000000:user/viewer</Arn>"
              "</GetCallerIdentityResult><ResponseMetadata><RequestId>" +
                  IdOf(response) + "</RequestId></ResponseMetadata></GetCallerIdentityResponse>");
  }
  const HttpResponse other = Ask(Request("Action=AssumeRole&Version=2011-06-15", "admin", "sts"));
  EXPECT_EQ(CodeOf(other), "InvalidAction");
  EXPECT_NE(other.body.find("xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\""), std::string::npos);
  EXPECT_EQ(CodeOf(Ask(Request("Action=GetCallerIdentity&Version=2015-02-02"))), "InvalidAction");
}

TEST_F(AwsEndpointTest, AnAnswerMayComeLaterAndCountsOnce) {
  Send(Request(std::string("Action=DeleteCacheCluster&CacheClusterId=a") + kVersion));
  ASSERT_EQ(pending_.size(), 1U);
  EXPECT_TRUE(answers_.empty());
  endpoint_.reset();  // the answer outlives it
  pending_[0](Json{{"CacheCluster", Json{{"CacheClusterId", "a"}}}});
  pending_[0](Fault{"InternalFailure", 500, "again"});
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_NE(answers_[0].body.find("<CacheClusterId>a</CacheClusterId>"), std::string::npos) << answers_[0].body;
}

TEST_F(AwsEndpointTest, RetriesOfAChangeGetTheFirstAnswer) {
  const std::string body = std::string("Action=DeleteCacheCluster&CacheClusterId=a") + kVersion;
  Send(Attempt(body, "i-1"));
  Send(Attempt(body, "i-1"));
  ASSERT_EQ(pending_.size(), 1U);
  pending_[0](Json{{"CacheCluster", Json{{"CacheClusterId", "a"}}}});
  ASSERT_EQ(answers_.size(), 2U);
  Send(Attempt(body, "i-1"));
  ASSERT_EQ(answers_.size(), 3U);
  EXPECT_EQ(answers_[0].body, answers_[1].body);
  EXPECT_EQ(answers_[0].body, answers_[2].body);
  EXPECT_EQ(calls_.size(), 1U);

  Send(Attempt(body, "i-2"));
  Send(Request(body));
  Send(Request(body));
  EXPECT_EQ(calls_.size(), 4U);
  clock_.mono += std::chrono::minutes(5);
  Send(Attempt(body, "i-1"));
  EXPECT_EQ(calls_.size(), 5U);
}

TEST_F(AwsEndpointTest, AnEndlessInvocationIdIsNotRemembered) {
  const std::string body = std::string("Action=DeleteCacheCluster&CacheClusterId=a") + kVersion;
  for (int i = 0; i < 2; ++i) Send(Attempt(body, std::string(129, 'x')));
  EXPECT_EQ(calls_.size(), 2U);
}

TEST_F(AwsEndpointTest, ReadsAreNeverRepeated) {
  for (int i = 0; i < 2; ++i) Ask(Attempt(std::string("Action=DescribeEvents") + kVersion, "i-1"));
  EXPECT_EQ(calls_.size(), 2U);
}

TEST_F(AwsEndpointTest, AHandlerThatThrowsIsAnInternalFailure) {
  const HttpResponse response =
      Ask(Request(std::string("Action=TestFailover&ReplicationGroupId=a&NodeGroupId=0001") + kVersion));
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(CodeOf(response), "InternalFailure");
  EXPECT_EQ(response.body.find("secret detail"), std::string::npos);
}

}  // namespace
}  // namespace cacheplane::gateway::aws
