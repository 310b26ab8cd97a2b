// HTTP that is wrong, slow or too much, against the gateway as it is served.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "controlplane/gateway/gateway.h"
#include "tests/unit/gateway/http_client.h"
#include "tests/unit/gateway_aws/hostile/outcome.h"
#include "tests/unit/gateway_aws/hostile/signed_api.h"
#include "tests/unit/gateway_aws/xml_tree.h"

namespace cacheplane::gateway::aws {
namespace {

using std::chrono::milliseconds;
using test::RawClient;
using test::RawResponse;

constexpr const char* kAddress = "127.25.0.9";
constexpr milliseconds kSlow{1000};  // for a whole request
constexpr std::size_t kConnections = 12;
const std::string kDescribe = std::string("Action=DescribeReplicationGroups") + kVersion;
const std::string kDelete = std::string("Action=DeleteReplicationGroup&ReplicationGroupId=orders") + kVersion;

class HostileTransport : public testing::Test {
 protected:
  HostileTransport() : before_(signed_.api().Contents()) {
    Gateway::Options options;
    options.http.address = kAddress;
    options.http.port = 0;
    options.http.io_deadline = kSlow;
    options.http.max_connections = kConnections;
    auto started = Gateway::Start(options, {.channel = nullptr,
                                            .ready = [] { return Status(); },
                                            .figures = [] { return ControlPlaneFigures{}; },
                                            .query =
                                                [this](HttpRequest request, HttpReply reply) {
                                                  signed_.endpoint().Handle(std::move(request), std::move(reply));
                                                }});
    gateway_ = std::move(started.value());
  }
  // Whatever was refused left nothing, and everybody is served.
  ~HostileTransport() override {
    EXPECT_EQ(Difference(before_, signed_.api().Contents()), "");
    EXPECT_EQ(StatusOf(Right()), 200);
    gateway_->Shutdown();
  }

  std::string Right() { return SignedApi::OnTheWire(signed_.Sign(kDescribe, signed_.Admin())); }
  RawClient Connect() { return RawClient(kAddress, gateway_->port()); }

  std::optional<RawResponse> Ask(const std::string& bytes) {
    RawClient client(kAddress, gateway_->port());
    client.Send(bytes);
    return client.Read();
  }
  int StatusOf(const std::string& bytes) {
    const auto response = Ask(bytes);
    return response ? response->status : 0;
  }
  // The code of an AWS error document, with that status; "closed" when there was no answer.
  std::string CodeOf(const std::string& bytes, int status) {
    const auto response = Ask(bytes);
    if (!response) return "closed";
    EXPECT_EQ(response->status, status) << response->headers;
    EXPECT_NE(response->headers.find("text/xml"), std::string::npos) << response->headers << response->body;
    try {
      return ParseXml(response->body).TextAt({"Error", "Code"});
    } catch (const std::exception& error) {
      return std::string(error.what()) + ": " + response->body;
    }
  }

  // A deletion on the wire, signed rightly and at a moment of its own, with other headers than it should have.
  std::string Deletion(const std::string& start, const std::string& more, const std::string& body) {
    signed_.api().world().clock.Advance(std::chrono::seconds(1));
    std::string bytes = start + "\r\n";
    for (const auto& [name, value] : signed_.Sign(kDelete, signed_.Admin()).headers) {
      bytes += fmt::format("{}: {}\r\n", name, value);
    }
    return bytes + more + "\r\n" + body;
  }

  SignedApi signed_;
  Stored before_;
  std::unique_ptr<Gateway> gateway_;
};

TEST_F(HostileTransport, WhatIsTooLargeIsSaidSo) {
  const std::string mebibyte(1024 * 1024, 'a');
  EXPECT_EQ(CodeOf(Deletion("POST / HTTP/1.1", "Content-Length: 1048577\r\n", ""), 413), "RequestEntityTooLarge");
  EXPECT_EQ(CodeOf(Deletion("POST / HTTP/1.1", "Content-Length: 99999999999999\r\n", ""), 413),
            "RequestEntityTooLarge");
  EXPECT_EQ(
      CodeOf(Deletion("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n", "100001\r\n" + mebibyte + "a\r\n0\r\n\r\n"),
             413),
      "RequestEntityTooLarge");
  EXPECT_EQ(StatusOf(Deletion("POST / HTTP/1.1", "X: " + std::string(20'000, 'a') + "\r\n", "")), 431);
}

TEST_F(HostileTransport, WhatIsNoRequestIsRefusedOrClosed) {
  const std::vector<std::string> starts = {"GET / HTTP/1.1",
                                           "PUT / HTTP/1.1",
                                           "OPTIONS / HTTP/1.1",
                                           "TRACE / HTTP/1.1",
                                           "post / HTTP/1.1",
                                           "POST /?Action=DeleteReplicationGroup HTTP/1.1",
                                           "POST /x HTTP/1.1",
                                           "POST // HTTP/1.1",
                                           "POST /%2e HTTP/1.1",
                                           "POST http://localhost/ HTTP/1.1",
                                           "POST * HTTP/1.1",
                                           "POST / HTTP/9.9",
                                           "POST / HTTP/1.1 x",
                                           "POST  / HTTP/1.1",
                                           "POST /\x01 HTTP/1.1",
                                           "POST",
                                           "PRI * HTTP/2.0",
                                           "CONNECT localhost:1 HTTP/1.1",
                                           ""};
  for (const std::string& start : starts) {
    const auto response = Ask(Deletion(start, fmt::format("Content-Length: {}\r\n", kDelete.size()), kDelete));
    if (!response) continue;
    EXPECT_GE(response->status, 400) << start;
    EXPECT_LT(response->status, 500) << start;
  }
}

TEST_F(HostileTransport, LengthsThatContradictAreRefused) {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const std::string length = fmt::format("Content-Length: {}\r\n", kDelete.size());
  const std::string chunk = fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", kDelete.size(), kDelete);
  const std::vector<std::pair<std::string, std::string>> cases = {{chunked + length, chunk},
                                                                  {length + chunked, chunk},
                                                                  {length + "Content-Length: 1\r\n", kDelete},
                                                                  {"Content-Length: -1\r\n", kDelete},
                                                                  {"Content-Length: 1x\r\n", kDelete},
                                                                  {"Content-Length: \r\n", kDelete},
                                                                  {"Transfer-Encoding: gzip\r\n", kDelete},
                                                                  {chunked, "zz\r\n"},
                                                                  {chunked, "-1\r\n" + kDelete},
                                                                  {chunked, "ffffffffffffffffff\r\n" + kDelete},
                                                                  {chunked, "0\r\nX: y\r\n\r\n"},
                                                                  {"", kDelete}};
  for (const auto& [headers, body] : cases) {
    const auto response = Ask(Deletion("POST / HTTP/1.1", headers, body));
    if (!response) continue;
    EXPECT_GE(response->status, 400) << headers << body;
    EXPECT_LT(response->status, 500) << headers << body;
  }
}

TEST_F(HostileTransport, HeadersThatAreNoneAreRefused) {
  for (const std::string& more :
       {std::string("Host: evil.example\r\n"), std::string("No colon\r\n"), std::string(": empty\r\n"),
        std::string("X: a\x01"
                    "b\r\n"),
        std::string("X: a\0b\r\n", 9), std::string(" folded\r\n"), std::string("X : a\r\n")}) {
    const auto response =
        Ask(Deletion("POST / HTTP/1.1", more + fmt::format("Content-Length: {}\r\n", kDelete.size()), kDelete));
    if (!response) continue;
    EXPECT_GE(response->status, 400) << more;
    EXPECT_LT(response->status, 500) << more;
  }
  EXPECT_EQ(CodeOf("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 403), "AccessDenied");
  EXPECT_EQ(CodeOf("POST / HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n", 403), "AccessDenied");
  EXPECT_EQ(CodeOf("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n", 400),
            "InvalidAction");
}

TEST_F(HostileTransport, ADeletionAsItShouldBeReachesItsHandler) {
  const HttpRequest deletion =
      signed_.Sign(std::string("Action=DeleteReplicationGroup&ReplicationGroupId=nobody") + kVersion, signed_.Admin());
  EXPECT_EQ(CodeOf(SignedApi::OnTheWire(deletion), 404), "ReplicationGroupNotFoundFault");
}

TEST_F(HostileTransport, OldAndImpatientClientsAreServed) {
  std::string old = Right();
  old.replace(old.find("HTTP/1.1"), 8, "HTTP/1.0");
  RawClient old_client(kAddress, gateway_->port());
  old_client.Send(old);
  const auto answer = old_client.Read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_TRUE(old_client.ClosedWithin(std::chrono::seconds(5)));
  RawClient impatient(kAddress, gateway_->port());
  impatient.Send(Right() + Right() + "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n" + Right());
  for (const int status : {200, 200, 400, 200}) {
    const auto next = impatient.Read();
    ASSERT_TRUE(next);
    EXPECT_EQ(next->status, status);
  }
}

TEST_F(HostileTransport, ChunksAreTaken) {
  const HttpRequest request = signed_.Sign(kDescribe, signed_.Admin());
  std::string bytes = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n";
  for (const auto& [name, value] : request.headers) bytes += fmt::format("{}: {}\r\n", name, value);
  bytes += "\r\n";
  for (const char byte : request.body) bytes += fmt::format("1;ext=x\r\n{}\r\n", byte);
  EXPECT_EQ(StatusOf(bytes + "0\r\n\r\n"), 200);
}

TEST_F(HostileTransport, WhoHoldsABodyBackHoldsNobodyUp) {
  const std::string half = Deletion("POST / HTTP/1.1", fmt::format("Content-Length: {}\r\n", kDelete.size()),
                                    kDelete.substr(0, kDelete.size() / 2));
  std::vector<std::unique_ptr<RawClient>> slow;
  for (std::size_t i = 0; i + 1 < kConnections; ++i) {
    slow.push_back(std::make_unique<RawClient>(kAddress, gateway_->port()));
    ASSERT_TRUE(slow.back()->Send(half));
  }
  EXPECT_EQ(StatusOf(Right()), 200);
  for (const auto& client : slow) EXPECT_TRUE(client->ClosedWithin(std::chrono::seconds(5)));
}

TEST_F(HostileTransport, TheSlowAreGoneInTimeForOthers) {
  std::vector<std::unique_ptr<RawClient>> slow;
  for (std::size_t i = 0; i < kConnections; ++i) {
    slow.push_back(std::make_unique<RawClient>(kAddress, gateway_->port()));
    ASSERT_TRUE(slow.back()->Send("POST / HTTP/1.1\r\n"));
  }
  for (const auto& client : slow) EXPECT_TRUE(client->ClosedWithin(std::chrono::seconds(5)));
  // A connection counts until its last thread has let go of it.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  int status = 0;
  while (status != 200 && std::chrono::steady_clock::now() < deadline) status = StatusOf(Right());
  EXPECT_EQ(status, 200);
}

}  // namespace
}  // namespace cacheplane::gateway::aws
