// Requests after the first on a connection: what has come of one by the time the one before is answered is read at
// once.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "controlplane/gateway/http_server.h"
#include "tests/unit/gateway/http_client.h"

namespace cacheplane::gateway {
namespace {

using test::RawClient;
using namespace std::chrono_literals;

constexpr const char* kAddress = "127.0.0.1";

class LaterRequest : public testing::Test {
 protected:
  void SetUp() override {
    HttpServer::Options options;
    options.address = kAddress;
    options.port = 0;
    options.io_deadline = 400ms;
    options.header_limit = 1024;
    options.body_limit = 100;
    auto started = HttpServer::Start(options, [](const HttpRequest& request, const HttpReply& reply) {
      HttpResponse response;
      response.body = request.path + " " + request.body;
      reply(response);
    });
    ASSERT_TRUE(started.ok());
    server_ = std::move(started.value());
    client_ = std::make_unique<RawClient>(kAddress, server_->port());
  }

  // Sends `bytes` together with a request before them, and returns when that one is answered.
  void SendBehindAnother(const std::string& bytes) {
    ASSERT_TRUE(client_->Send(test::Post("/first", "1") + bytes));
    const auto first = client_->Read();
    ASSERT_TRUE(first);
    ASSERT_EQ(first->body, "/first 1");
  }
  int NextStatus() {
    const auto next = client_->Read();
    return next ? next->status : 0;
  }

  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<RawClient> client_;
};

TEST_F(LaterRequest, MayBeCutAnywhere) {
  const std::string later = test::Post("/later", "body");
  for (std::size_t cut = 1; cut < later.size(); ++cut) {
    SendBehindAnother(later.substr(0, cut));
    ASSERT_TRUE(client_->Send(later.substr(cut)));
    const auto answer = client_->Read();
    ASSERT_TRUE(answer) << cut;
    ASSERT_EQ(answer->body, "/later body") << cut;
  }
}

TEST_F(LaterRequest, WaitsForContinue) {
  SendBehindAnother("POST /later HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_EQ(NextStatus(), 100);
  ASSERT_TRUE(client_->Send("body"));
  const auto answer = client_->Read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "/later body");
}

TEST_F(LaterRequest, TooLargeABodyIs413) {
  SendBehindAnother(test::Post("/later", std::string(101, 'x')));
  EXPECT_EQ(NextStatus(), 413);
}

TEST_F(LaterRequest, TooLargeHeadersAre431) {
  SendBehindAnother("GET /later HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(2000, 'x') + "\r\n\r\n");
  EXPECT_EQ(NextStatus(), 431);
}

TEST_F(LaterRequest, WhatIsNotHttpIs400) {
  SendBehindAnother("nonsense\r\n\r\n");
  EXPECT_EQ(NextStatus(), 400);
}

TEST_F(LaterRequest, ThatDripsIsNotWaitedFor) {
  SendBehindAnother("GET /later HTTP/1.1\r\nHo");
  EXPECT_TRUE(client_->ClosedWithin(2s));
}

}  // namespace
}  // namespace cacheplane::gateway
