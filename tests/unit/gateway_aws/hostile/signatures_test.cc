// Signatures that are wrong, old, of somebody else or for something else; and right ones that are sent again.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/gateway_aws/hostile/ground.h"
#include "tests/unit/gateway_aws/hostile/signed_api.h"
#include "tests/unit/gateway_aws/xml_tree.h"

namespace cacheplane::gateway::aws {
namespace {

using std::chrono::minutes;

const std::string kDescribe = std::string("Action=DescribeReplicationGroups") + kVersion;
const std::string kDelete = std::string("Action=DeleteReplicationGroup&ReplicationGroupId=orders") + kVersion;
const std::set<std::string> kCodes = {"IncompleteSignature",  "SignatureDoesNotMatch",      "RequestExpired",
                                      "InvalidClientTokenId", "MissingAuthenticationToken", "AccessDenied",
                                      "InvalidAction"};

class HostileSignatures : public testing::Test {
 protected:
  // The code of the refusal, which changed nothing; empty when the call was taken.
  std::string CodeOf(const HttpRequest& request) {
    const Stored before = signed_.api().Contents();
    const HttpResponse response = signed_.Send(request);
    EXPECT_EQ(WhatIsWrong(response, kCodes, {}), "") << response.body;
    if (response.status == 200) return "";
    EXPECT_EQ(Difference(before, signed_.api().Contents()), "") << response.body;
    return ParseXml(response.body).TextAt({"Error", "Code"});
  }
  std::string CodeOf(const std::string& body, const Signing& signing) { return CodeOf(signed_.Sign(body, signing)); }

  // A deletion, signed rightly: what is changed afterwards is not what was signed.
  HttpRequest Deletion() { return signed_.Sign(kDelete, signed_.Admin()); }

  SignedApi signed_;
};

TEST_F(HostileSignatures, ARightOneIsTaken) {
  EXPECT_EQ(CodeOf(kDescribe, signed_.Admin()), "");
  EXPECT_EQ(CodeOf(kDescribe, signed_.Viewer()), "");
}

TEST_F(HostileSignatures, AreOfAKeyThatIsValid) {
  Signing stranger = signed_.Admin();
  stranger.access_key = "AKIANOBODY";
  EXPECT_EQ(CodeOf(kDelete, stranger), "InvalidClientTokenId");
  Signing guessed = signed_.Admin();
  guessed.secret = "a guess";
  EXPECT_EQ(CodeOf(kDelete, guessed), "SignatureDoesNotMatch");
  EXPECT_EQ(CodeOf(kDelete, signed_.Viewer()), "AccessDenied");
  ASSERT_TRUE(signed_.keys().DeleteAccessKey(signed_.Admin().access_key).ok());
  EXPECT_EQ(CodeOf(kDelete, signed_.Admin()), "InvalidClientTokenId");
}

TEST_F(HostileSignatures, AreOfTheseMinutes) {
  Signing signing = signed_.Admin();
  for (const auto& [ago, code] :
       std::vector<std::pair<minutes, std::string>>{{minutes(15), ""},
                                                    {minutes(16), "RequestExpired"},
                                                    {minutes(60 * 24), "RequestExpired"},
                                                    {minutes(-15), ""},
                                                    {minutes(-16), "SignatureDoesNotMatch"}}) {
    signing.ago = ago;
    EXPECT_EQ(CodeOf(kDescribe, signing), code) << ago.count();
  }
}

TEST_F(HostileSignatures, AreForThisServiceAndAnyRegion) {
  Signing signing = signed_.Admin();
  signing.region = "eu-west-1";
  EXPECT_EQ(CodeOf(kDescribe, signing), "");
  signing.service = "s3";
  EXPECT_EQ(CodeOf(kDelete, signing), "InvalidAction");
  signing.service = "sts";
  EXPECT_EQ(CodeOf(kDelete, signing), "InvalidAction");
}

TEST_F(HostileSignatures, HoldForWhatWasSigned) {
  HttpRequest other_body = Deletion();
  other_body.body += "&FinalSnapshotIdentifier=";
  EXPECT_EQ(CodeOf(other_body), "SignatureDoesNotMatch");
  for (const auto& [part, by] : std::vector<std::pair<std::string, std::string>>{
           {"us-east-2", "us-east-1"}, {"/elasticache/", "/sts/"}, {"Signature=", "Signature=0"}}) {
    HttpRequest request = Deletion();
    std::string& header = HeaderIn(request, "authorization");
    header.replace(header.find(part), part.size(), by);
    EXPECT_EQ(CodeOf(request), "SignatureDoesNotMatch") << part;
  }
  for (const char* name : {"host", "content-type", "x-amz-date"}) {
    HttpRequest changed = Deletion();
    HeaderIn(changed, name) += name == std::string("content-type") ? "; charset=x" : "0";
    EXPECT_NE(CodeOf(changed), "") << name;
    HttpRequest twice = Deletion();
    twice.headers.emplace_back(name, "localhost");
    EXPECT_NE(CodeOf(twice), "") << name;
  }
  HttpRequest elsewhere = Deletion();
  elsewhere.path = "/other";
  EXPECT_EQ(CodeOf(elsewhere), "SignatureDoesNotMatch");
}

TEST_F(HostileSignatures, NoneInTheUrlAndNoTokens) {
  HttpRequest presigned = Deletion();
  std::erase_if(presigned.headers, [](const auto& header) { return header.first == "authorization"; });
  EXPECT_EQ(CodeOf(presigned), "MissingAuthenticationToken");
  presigned.query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00";
  EXPECT_EQ(CodeOf(presigned), "InvalidAction");
  Signing with_token = signed_.Admin();
  with_token.more = {{"x-amz-security-token", "token"}};
  EXPECT_EQ(CodeOf(kDelete, with_token), "InvalidClientTokenId");
  Signing without_body = signed_.Admin();
  without_body.more = {{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"}};
  EXPECT_EQ(CodeOf(kDelete, without_body), "SignatureDoesNotMatch");
}

TEST_F(HostileSignatures, ARequestThatIsSentAgainIsCarriedOutOnce) {
  Signing signing = signed_.Admin();
  signing.more = {{"amz-sdk-invocation-id", "3f7c"}};
  const HttpRequest request = signed_.Sign(kDelete, signing);
  const HttpResponse first = signed_.Send(request);
  ASSERT_EQ(first.status, 200) << first.body;
  const Stored after = signed_.api().Contents();
  EXPECT_EQ(signed_.Send(request).body, first.body);
  EXPECT_EQ(Difference(after, signed_.api().Contents()), "");
  signed_.api().world().clock.Advance(minutes(16));
  EXPECT_EQ(CodeOf(request), "RequestExpired");
}

TEST_F(HostileSignatures, NoneSurvivesACharacterThatIsAnother) {
  const std::uint64_t seed = Seed();
  SCOPED_TRACE(fmt::format("again with HOSTILE_SEED={}", seed));
  std::mt19937_64 random(seed);
  HttpRequest right = Deletion();
  const std::size_t length = HeaderIn(right, "authorization").size();
  for (std::size_t at = 0; at < length; ++at) {
    for (int times = 0; times < 3; ++times) {
      HttpRequest request = right;
      std::string& header = HeaderIn(request, "authorization");
      const char was = header[at];
      while (header[at] == was) header[at] = "0123456789abcdefghijklmnopqrstuvwxyz/=,; \x01\xFF"[random() % 43];
      const std::string garbled = header;
      ASSERT_NE(CodeOf(request), "") << garbled;
    }
  }
}

TEST_F(HostileSignatures, NoneIsLeftOfAHeaderThatIsCutOrDoubled) {
  HttpRequest right = Deletion();
  const std::string header = HeaderIn(right, "authorization");
  for (std::size_t length = 0; length < header.size(); ++length) {
    HttpRequest cut = right;
    HeaderIn(cut, "authorization") = header.substr(0, length);
    ASSERT_NE(CodeOf(cut), "") << header.substr(0, length);
    HttpRequest tail = right;
    HeaderIn(tail, "authorization") = header.substr(header.size() - length);
    ASSERT_NE(CodeOf(tail), "") << length;
  }
  for (const std::string& more : {header, std::string(10'000, 'a'), std::string(10'000, ','), std::string("=")}) {
    HttpRequest longer = right;
    HeaderIn(longer, "authorization") += ", " + more;
    EXPECT_NE(CodeOf(longer), "") << more.substr(0, 20);
  }
  HttpRequest two = right;
  two.headers.emplace_back("authorization", header);
  EXPECT_EQ(CodeOf(two), "IncompleteSignature");
}

}  // namespace
}  // namespace cacheplane::gateway::aws
