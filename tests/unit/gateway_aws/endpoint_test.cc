#include "controlplane/gateway/aws/endpoint.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace cacheplane::gateway::aws {
namespace {

constexpr const char* kVersion = "&Version=2015-02-02";

class FixedClock final : public Clock {
 public:
  WallTime Now() const override { return FromUnixMillis(1'795'000'000'000); }
  MonoTime Mono() const override { return mono; }
  MonoTime mono{std::chrono::hours(1)};
};

// Knows the keys that are a role's name.
class FakeAuthenticator final : public Authenticator {
 public:
  std::variant<Identity, Fault> Authenticate(const HttpRequest& request, WallTime now) override {
    EXPECT_EQ(ToUnixMillis(now), 1'795'000'000'000);
    const std::string header(request.Header("authorization"));
    for (const char* role : {"viewer", "operator", "admin", "stranger"}) {
      if (header.find(std::string("Credential=") + role) != std::string::npos) return Identity{role, role};
    }
    return Fault{"MissingAuthenticationToken", 403, "no key"};
  }
};

HttpRequest Request(const std::string& body, const std::string& key = "admin",
                    const std::string& service = "elasticache") {
  HttpRequest request;
  request.method = "POST";
  request.path = "/";
  request.headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"},
                     {"authorization", "AWS4-HMAC-SHA256 Credential=" + key + "/20261123/us-east-2/" + service +
                                           "/aws4_request, SignedHeaders=host, Signature=00"}};
  request.body = body;
  return request;
}

HttpRequest Attempt(const std::string& body, const std::string& invocation) {
  HttpRequest request = Request(body);
  request.headers.emplace_back("amz-sdk-invocation-id", invocation);
  return request;
}

std::string Between(const std::string& text, const std::string& before, const std::string& after) {
  const auto start = text.find(before);
  if (start == std::string::npos) return "";
  const auto from = start + before.size();
  return text.substr(from, text.find(after, from) - from);
}

std::string CodeOf(const HttpResponse& response) { return Between(response.body, "<Code>", "</Code>"); }
std::string MessageOf(const HttpResponse& response) {
  std::string message = Between(response.body, "<Message>", "</Message>");
  const std::string quote = "&quot;";
  for (auto at = message.find(quote); at != std::string::npos; at = message.find(quote)) {
    message.replace(at, quote.size(), "\"");
  }
  return message;
}
std::string IdOf(const HttpResponse& response) { return Between(response.body, "<RequestId>", "</RequestId>"); }

class AwsEndpointTest : public testing::Test {
 protected:
  AwsEndpointTest() {
    HandlerTable table;
    table["DescribeEvents"] = AtOnce([this](const Call& call) -> Answer {
      calls_.push_back(call);
      return Json{{"Events", Json::array({Json{{"Message", "m"}}})}};
    });
    table["DeleteCacheSubnetGroup"] = AtOnce([this](const Call& call) -> Answer {
      calls_.push_back(call);
      return FaultNamed("CacheSubnetGroupInUse", "it is used");
    });
    table["DeleteCacheCluster"] = [this](const Call& call, const Done& done) {
      calls_.push_back(call);
      pending_.push_back(done);
    };
    table["TestFailover"] = [](const Call&, const Done&) { throw std::runtime_error("secret detail"); };
    endpoint_ = std::make_unique<AwsEndpoint>(AwsEndpoint::Deps{authenticator_, clock_, std::move(table)});
  }

  // Answers in the order in which they come; those of calls that wait come later.
  void Send(HttpRequest request) {
    endpoint_->Handle(std::move(request), [this](HttpResponse response) { answers_.push_back(std::move(response)); });
  }
  HttpResponse Ask(HttpRequest request) {
    const std::size_t before = answers_.size();
    Send(std::move(request));
    EXPECT_EQ(answers_.size(), before + 1);
    return answers_.size() > before ? answers_.back() : HttpResponse{};
  }
  void ExpectFault(const HttpResponse& response, int status, const std::string& code, const std::string& message) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(CodeOf(response), code) << response.body;
    EXPECT_EQ(MessageOf(response), message);
    EXPECT_EQ(response.content_type, "text/xml");
    EXPECT_EQ(response.headers, (HttpHeaders{{"x-amzn-RequestId", IdOf(response)}}));
  }

  FixedClock clock_;
  FakeAuthenticator authenticator_;
  std::vector<Call> calls_;
  std::vector<Done> pending_;
  std::vector<HttpResponse> answers_;
  std::unique_ptr<AwsEndpoint> endpoint_;
};

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
              "Could not find operation \"MakeCoffee\" for version \"2015-02-02\" of elasticache; this is version "
              "2015-02-02");
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
  ExpectFault(Ask(Request(good, "admin", "ec2")), 400, "InvalidAction",
              "service \"ec2\": is not served here; allowed: elasticache, sts");
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
  for (const char* key : {"viewer", "stranger"}) {
    EXPECT_EQ(Ask(Request(read, key)).status, 200);
    ExpectFault(Ask(Request(change, key)), 403, "AccessDenied",
                std::string(key) + " has the role \"" + key +
                    "\", which may only read; DeleteCacheSubnetGroup takes the role operator or admin");
  }
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
