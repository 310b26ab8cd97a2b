// An endpoint with callers and handlers of the tests' own.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "controlplane/gateway/aws/endpoint.h"
#include "tests/support/memory_store.h"

namespace cacheplane::gateway::aws {

inline constexpr const char* kVersion = "&Version=2015-02-02";

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
    for (const char* role : {"viewer", "operator", "admin"}) {
      if (header.find(std::string("Credential=") + role) == std::string::npos) continue;
      Identity identity{role, model::AccessRoleNamed(role).value(), std::string("the ") + role};
      identity.signature = std::string(request.Header("x-test-signature"));
      identity.signature_ends = now + std::chrono::minutes(15);
      return identity;
    }
    return Fault{"MissingAuthenticationToken", 403, "no key"};
  }
};

inline HttpRequest Request(const std::string& body, const std::string& key = "admin",
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

inline HttpRequest Attempt(const std::string& body, const std::string& invocation) {
  HttpRequest request = Request(body);
  request.headers.emplace_back("amz-sdk-invocation-id", invocation);
  return request;
}

inline std::string Between(const std::string& text, const std::string& before, const std::string& after) {
  const auto start = text.find(before);
  if (start == std::string::npos) return "";
  const auto from = start + before.size();
  return text.substr(from, text.find(after, from) - from);
}

inline std::string CodeOf(const HttpResponse& response) { return Between(response.body, "<Code>", "</Code>"); }
inline std::string MessageOf(const HttpResponse& response) {
  std::string message = Between(response.body, "<Message>", "</Message>");
  const std::string quote = "&quot;";
  for (auto at = message.find(quote); at != std::string::npos; at = message.find(quote)) {
    message.replace(at, quote.size(), "\"");
  }
  return message;
}
inline std::string IdOf(const HttpResponse& response) { return Between(response.body, "<RequestId>", "</RequestId>"); }

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
    table["BatchApplyUpdateAction"] = AtOnce([](const Call&) -> Answer {
      const Json refused{{"ErrorType", "ReplicationGroupNotFoundFault"}, {"ErrorMessage", "there is none"}};
      return Json{{"ProcessedUpdateActions", Json::array()}, {"UnprocessedUpdateActions", Json::array({refused})}};
    });
    table["TestFailover"] = [](const Call&, const Done&) { throw std::runtime_error("secret detail"); };
    endpoint_ = std::make_unique<AwsEndpoint>(AwsEndpoint::Deps{authenticator_, clock_, std::move(table), trail_});
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
  test::MemoryStore store_;
  service::AuditTrail trail_{store_, clock_};
  std::unique_ptr<AwsEndpoint> endpoint_;
};

}  // namespace cacheplane::gateway::aws
