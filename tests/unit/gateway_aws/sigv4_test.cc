// Genuine requests of clients, and every way to break one.
#include "controlplane/gateway/aws/signing/sigv4.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/unit/gateway_aws/signed_requests.h"

namespace cacheplane::gateway::aws {
namespace {

std::optional<Fault> Check(const HttpRequest& request, WallTime now, const std::string& secret = kExampleSecret) {
  const auto read = ReadAuthorization(request);
  if (const auto* fault = std::get_if<Fault>(&read)) return *fault;
  const auto& authorization = std::get<Authorization>(read);
  if (auto fault = CheckTime(authorization, now)) return fault;
  return CheckSignature(request, authorization, secret);
}

TEST(SigV4, TakesWhatClientsSign) {
  for (const HttpRequest& request : {SignedByBotocore(), SignedLikeGo(), SignedLikeJs()}) {
    const auto fault = Check(request, SignedAt());
    EXPECT_EQ(fault, std::nullopt) << request.body << ": " << fault->message;
  }
}

TEST(SigV4, TellsWhoSignedAndForWhat) {
  const auto authorization = std::get<Authorization>(ReadAuthorization(SignedByBotocore()));
  EXPECT_EQ(authorization.access_key, kExampleKey);
  EXPECT_EQ(authorization.region, "eu-west-1");
  EXPECT_EQ(authorization.service, "elasticache");
  EXPECT_EQ(authorization.Scope(), "20261123/eu-west-1/elasticache/aws4_request");
  EXPECT_EQ(authorization.time, SignedAt());
}

TEST(SigV4, ClocksMayDifferByAQuarterOfAnHour) {
  using std::chrono::minutes;
  using std::chrono::seconds;
  const HttpRequest request = SignedByBotocore();
  EXPECT_EQ(Check(request, SignedAt() + minutes(15)), std::nullopt);
  EXPECT_EQ(Check(request, SignedAt() - minutes(15)), std::nullopt);
  EXPECT_EQ(Check(request, SignedAt() + minutes(15) + seconds(1)),
            (Fault{"RequestExpired", 400,
                   "Signature expired: 20261123T010545Z is now earlier than 20261123T010546Z (20261123T012046Z - 15 "
                   "min.)"}));
  EXPECT_EQ(Check(request, SignedAt() - minutes(15) - seconds(1)),
            (Fault{"SignatureDoesNotMatch", 403,
                   "Signature not yet current: 20261123T010545Z is still later than 20261123T010544Z "
                   "(20261123T005044Z + 15 min.)"}));
}

// What the text of a header does not change.
TEST(SigV4, TakesTheHeaderWithoutBlanksAndInAnyOrder) {
  HttpRequest request = SignedByBotocore();
  HeaderOf(request, "authorization") =
      "AWS4-HMAC-SHA256 Signature=43fd53aa6843f644a2f9b277eceed0530da7b0044fb694aca2b7cc45441aac86,"
      "SignedHeaders=content-type;host;x-amz-date,Credential=AKIAIOSFODNN7EXAMPLE/20261123/eu-west-1/elasticache/"
      "aws4_request";
  EXPECT_EQ(Check(request, SignedAt()), std::nullopt);
}

TEST(SigV4, HeadersThatAreNotSignedMayChange) {
  HttpRequest request = SignedByBotocore();
  HeaderOf(request, "amz-sdk-request") = "attempt=2";
  RemoveHeader(request, "user-agent");
  EXPECT_EQ(Check(request, SignedAt()), std::nullopt);
}

TEST(SigV4, ADateHeaderDoesWhereThereIsNoXAmzDate) {
  HttpRequest request = SignedByBotocore();
  RemoveHeader(request, "x-amz-date");
  Replace(request, "authorization", ";x-amz-date", ";date");
  for (const char* date : {"Mon, 23 Nov 2026 01:05:45 GMT", "20261123T010545Z"}) {
    request.headers.emplace_back("date", date);
    EXPECT_EQ(std::get<Authorization>(ReadAuthorization(request)).time, SignedAt()) << date;
    RemoveHeader(request, "date");
  }
}

struct Break {
  const char* name;
  std::function<void(HttpRequest&)> make;
  const char* code;
  int http;
  const char* words;
};

std::function<void(HttpRequest&)> Authorized(const std::string& what, const std::string& by) {
  return [=](HttpRequest& request) { Replace(request, "authorization", what, by); };
}
std::function<void(HttpRequest&)> Header(const std::string& name, const std::string& value) {
  return [=](HttpRequest& request) { HeaderOf(request, name) = value; };
}
std::function<void(HttpRequest&)> Without(const std::string& name) {
  return [=](HttpRequest& request) { RemoveHeader(request, name); };
}

constexpr const char* kMismatch = "SignatureDoesNotMatch";
constexpr const char* kIncomplete = "IncompleteSignature";
constexpr const char* kCalculated = "The request signature we calculated does not match";

const std::vector<Break>& Changed() {
  static const std::vector<Break> kBreaks = {
      {"body", [](HttpRequest& r) { r.body += "&x=y"; }, kMismatch, 403, kCalculated},
      {"empty body", [](HttpRequest& r) { r.body.clear(); }, kMismatch, 403, kCalculated},
      {"method", [](HttpRequest& r) { r.method = "PUT"; }, kMismatch, 403, kCalculated},
      {"path", [](HttpRequest& r) { r.path = "/other"; }, kMismatch, 403, kCalculated},
      {"query", [](HttpRequest& r) { r.query = "Action=DeleteReplicationGroup"; }, kMismatch, 403, kCalculated},
      {"host", Header("host", "127.0.0.1:7081"), kMismatch, 403, kCalculated},
      {"content type", Header("content-type", "application/json"), kMismatch, 403, kCalculated},
      {"time", Header("x-amz-date", "20261123T010546Z"), kMismatch, 403, kCalculated},
      {"doubled header", [](HttpRequest& r) { r.headers.emplace_back("host", "evil"); }, kMismatch, 403, kCalculated},
      {"region", Authorized("/eu-west-1/", "/eu-west-2/"), kMismatch, 403, kCalculated},
      {"service", Authorized("/elasticache/", "/sts/"), kMismatch, 403, kCalculated},
      {"signature", Authorized("Signature=43fd", "Signature=43fe"), kMismatch, 403, kCalculated},
      {"half a signature", Authorized("b694aca2b7cc45441aac86", ""), kMismatch, 403, kCalculated},
      {"fewer headers", Authorized("content-type;", ""), kMismatch, 403, kCalculated},
      {"body not signed any more",
       [](HttpRequest& r) { r.headers.emplace_back("x-amz-content-sha256", "UNSIGNED-PAYLOAD"); }, kMismatch, 403,
       "The provided 'x-amz-content-sha256' header does not match"},
      {"hash of another body",
       [](HttpRequest& r) { r.headers.emplace_back("x-amz-content-sha256", std::string(64, 'a')); }, kMismatch, 403,
       "The provided 'x-amz-content-sha256' header does not match"},
  };
  return kBreaks;
}

const std::vector<Break>& Malformed() {
  static const std::vector<Break> kBreaks = {
      {"no header", Without("authorization"), "MissingAuthenticationToken", 403, "missing Authentication Token"},
      {"empty header", Header("authorization", ""), "MissingAuthenticationToken", 403, "missing Authentication Token"},
      {"basic", Header("authorization", "Basic dXNlcjpwYXNz"), kIncomplete, 400,
       "\"Basic\"; allowed: 'AWS4-HMAC-SHA256'"},
      {"sigv4a", Authorized("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), kIncomplete, 400,
       "\"AWS4-ECDSA-P256-SHA256\""},
      {"algorithm alone", Header("authorization", "AWS4-HMAC-SHA256"), kIncomplete, 400, "\"\" not a valid key=value"},
      {"no equals sign", Authorized("Signature=", "Signature "), kIncomplete, 400, "not a valid key=value pair"},
      {"no signature", Authorized(", Signature=", ", Sig="), kIncomplete, 400, "requires 'Signature' parameter"},
      {"no signed headers", Authorized("SignedHeaders=", "Headers="), kIncomplete, 400, "'SignedHeaders' parameter"},
      {"no credential", Authorized("Credential=", "Key="), kIncomplete, 400, "requires 'Credential' parameter"},
      {"empty credential", Authorized("AKIAIOSFODNN7EXAMPLE/20261123/eu-west-1/elasticache/aws4_request", ""),
       kIncomplete, 400, "requires 'Credential' parameter"},
      {"short scope", Authorized("/elasticache", ""), kIncomplete, 400, "exactly 5 slash-delimited elements"},
      {"long scope", Authorized("/elasticache", "/elasticache/more"), kIncomplete, 400, "exactly 5 slash-delimited"},
      {"empty key", Authorized("AKIAIOSFODNN7EXAMPLE", ""), kIncomplete, 400, "exactly 5 slash-delimited elements"},
      {"no region", Authorized("eu-west-1", ""), kIncomplete, 400, "exactly 5 slash-delimited elements"},
      {"odd region", Authorized("eu-west-1", "eu<west"), kMismatch, 403, "valid region, not \"eu<west\""},
      {"terminator", Authorized("aws4_request", "aws5_request"), kMismatch, 403, "not \"aws5_request\""},
      {"another day", Authorized("20261123", "20261122"), kMismatch, 403,
       "\"20261122\" != '20261123', from '20261123T010545Z'"},
      {"no day", Authorized("20261123", "today"), kMismatch, 403, "Date in Credential scope does not match"},
      {"no time", Without("x-amz-date"), kIncomplete, 400, "either a 'X-Amz-Date' or a 'Date' header"},
      {"no time of ours", Header("x-amz-date", "2026-11-23T01:05:45Z"), kIncomplete, 400, "ISO-8601 'basic format'"},
      {"no day of a calendar", Header("x-amz-date", "20260231T010545Z"), kIncomplete, 400, "\"20260231T010545Z\""},
      {"time and more", Header("x-amz-date", "20261123T010545Z!"), kIncomplete, 400, "ISO-8601 'basic format'"},
      {"unsigned host", Authorized("content-type;host;", "content-type;"), kMismatch, 403, "must be a 'SignedHeader'"},
      {"header that did not come", Authorized("host;", "host;x-other;"), kMismatch, 403, "\"x-other\" is signed"},
      {"upper case", Authorized("content-type;host", "Content-Type;host"), kIncomplete, 400, "not in lower case"},
      {"control bytes", Header("x-amz-date", "2026\x01\xff"), kIncomplete, 400, "\"2026\\x01\\xff\""},
  };
  return kBreaks;
}

void ExpectFault(const Break& broken) {
  HttpRequest request = SignedByBotocore();
  broken.make(request);
  const auto fault = Check(request, SignedAt());
  ASSERT_TRUE(fault) << broken.name;
  EXPECT_EQ(fault->code, broken.code) << broken.name;
  EXPECT_EQ(fault->http, broken.http) << broken.name;
  EXPECT_NE(fault->message.find(broken.words), std::string::npos) << broken.name << ": " << fault->message;
}

TEST(SigV4, WhatWasChangedDoesNotMatch) {
  for (const Break& broken : Changed()) ExpectFault(broken);
}

TEST(SigV4, WhatIsMalformedIsTold) {
  for (const Break& broken : Malformed()) ExpectFault(broken);
}

TEST(SigV4, AnotherSecretDoesNotMatch) {
  EXPECT_EQ(Check(SignedByBotocore(), SignedAt(), "")->code, kMismatch);
  EXPECT_EQ(Check(SignedByBotocore(), SignedAt(), std::string(kExampleSecret) + "x")->code, kMismatch);
}

TEST(SigV4, ABodyThatNobodySignedIsRefused) {
  EXPECT_EQ(Check(SignedWithoutBody(), SignedAt())->code, kMismatch) << "though the signature is right";
}

// Whoever reads the scope must read the one that was verified.
TEST(SigV4, NothingIsSaidTwice) {
  HttpRequest request = SignedByBotocore();
  Replace(request, "authorization", "Credential=", "Credential=X/20261123/eu-west-2/sts/aws4_request, Credential=");
  EXPECT_EQ(Check(request, SignedAt())->code, kIncomplete);
  request = SignedByBotocore();
  request.headers.emplace_back("authorization", HeaderOf(request, "authorization"));
  EXPECT_EQ(Check(request, SignedAt())->code, kIncomplete);
}

}  // namespace
}  // namespace cacheplane::gateway::aws
