#include "controlplane/gateway/http_server.h"

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/gateway/http_client.h"

namespace cacheplane::gateway {
namespace {

using test::RawClient;
using namespace std::chrono_literals;

constexpr const char* kAddress = "127.25.0.1";

HttpServer::Options Options() {
  HttpServer::Options options;
  options.address = kAddress;
  options.port = 0;
  options.io_deadline = 400ms;
  options.idle_limit = 700ms;
  options.handler_deadline = 500ms;
  return options;
}

void Echo(const HttpRequest& request, const HttpReply& reply) {
  HttpResponse response;
  response.content_type = "text/plain";
  response.body = request.method + " " + request.path + " [" + request.query + "] " + request.body;
  reply(response);
}

std::unique_ptr<HttpServer> StartOrDie(const HttpServer::Options& options, HttpHandler handler = Echo) {
  auto started = HttpServer::Start(options, std::move(handler));
  EXPECT_TRUE(started.ok());
  return std::move(started.value());
}

// Until one more client is served; those before it are turned away.
void AwaitPlace(int port) {
  const auto until = std::chrono::steady_clock::now() + 20s;
  for (bool served = false; !served;) {
    ASSERT_LT(std::chrono::steady_clock::now(), until);
    RawClient again(kAddress, port);
    const auto response = again.Send(test::Get("/again")) ? again.Read() : std::nullopt;
    served = response && response->status == 200;
  }
}

TEST(HttpServer, AnswersManyRequestsOnOneConnection) {
  const auto server = StartOrDie(Options());
  RawClient client(kAddress, server->port());
  for (int i = 0; i < 50; ++i) {
    const std::string body = std::to_string(i);
    ASSERT_TRUE(client.Send(test::Post("/echo?a=b", body)));
    const auto response = client.Read();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "POST /echo [a=b] " + body);
  }
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  const auto server = StartOrDie(Options());
  RawClient client(kAddress, server->port());
  ASSERT_TRUE(client.Send(test::Post("/1", "one") + test::Post("/2", "two") + test::Get("/3")));
  EXPECT_EQ(client.Read()->body, "POST /1 [] one");
  EXPECT_EQ(client.Read()->body, "POST /2 [] two");
  EXPECT_EQ(client.Read()->body, "GET /3 [] ");
}

TEST(HttpServer, ReadsChunkedBodies) {
  const auto server = StartOrDie(Options());
  RawClient client(kAddress, server->port());
  ASSERT_TRUE(
      client.Send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
  EXPECT_EQ(client.Read()->body, "POST / [] abcde");
}

TEST(HttpServer, HeadHasTheLengthAndNoBody) {
  const auto server = StartOrDie(Options());
  RawClient client(kAddress, server->port());
  ASSERT_TRUE(client.Send("HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(client.Read());  // a body is announced and does not come
  EXPECT_TRUE(client.ClosedWithin(1s));
}

TEST(HttpServer, ClosesWhenAskedTo) {
  const auto server = StartOrDie(Options());
  RawClient client(kAddress, server->port());
  ASSERT_TRUE(client.Send("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_EQ(client.Read()->status, 200);
  EXPECT_TRUE(client.ClosedWithin(1s));
}

TEST(HttpServer, TooLargeABodyIs413EvenWhileItIsStillBeingSent) {
  HttpServer::Options options = Options();
  options.io_deadline = 5s;
  const auto server = StartOrDie(options);
  RawClient announced(kAddress, server->port());
  announced.Send(test::Post("/x", std::string(2 * 1024 * 1024, 'x')));
  auto response = announced.Read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 413);
  EXPECT_NE(response->body.find("1048576"), std::string::npos) << response->body;

  RawClient chunked(kAddress, server->port());
  chunked.Send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n");
  chunked.Send(std::string(0x200000, 'x'));
  response = chunked.Read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 413);
  EXPECT_TRUE(chunked.ClosedWithin(4s));
}

TEST(HttpServer, ABodyOfTheLimitIsTaken) {
  HttpServer::Options options = Options();
  options.io_deadline = 5s;
  const auto server = StartOrDie(options);
  RawClient client(kAddress, server->port());
  ASSERT_TRUE(client.Send(test::Post("/x", std::string(1024 * 1024, 'x'))));
  EXPECT_EQ(client.Read()->status, 200);
}

TEST(HttpServer, WaitsForContinue) {
  const auto server = StartOrDie(Options());
  RawClient client(kAddress, server->port());
  ASSERT_TRUE(client.Send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(client.Read()->status, 100);
  ASSERT_TRUE(client.Send("ab"));
  EXPECT_EQ(client.Read()->body, "POST /x [] ab");
}

TEST(HttpServer, TooLargeHeadersAre431) {
  const auto server = StartOrDie(Options());
  RawClient client(kAddress, server->port());
  client.Send("GET /x HTTP/1.1\r\nHost: a\r\nX-Long: " + std::string(20 * 1024, 'h') + "\r\n\r\n");
  const auto response = client.Read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 431);
  EXPECT_TRUE(client.ClosedWithin(4s));
}

TEST(HttpServer, WhatIsNotHttpIs400AndClosed) {
  const auto server = StartOrDie(Options());
  const std::vector<std::string> requests = {
      "hello\r\n\r\n",
      "GET / HTTP/3.0\r\n\r\n",
      std::string("\x16\x03\x01\x02\x00\x01", 6) + "\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
      "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
      "POST / HTTP/1.1\r\nContent-Length: -3\r\n\r\nabc"};
  for (const std::string& request : requests) {
    RawClient client(kAddress, server->port());
    ASSERT_TRUE(client.Send(request));
    const auto response = client.Read();
    ASSERT_TRUE(response) << request;
    EXPECT_EQ(response->status, 400) << request;
    EXPECT_TRUE(client.ClosedWithin(4s)) << request;
  }
}

// A byte now and then keeps an inactivity timer from firing; the deadline is for the whole request.
TEST(HttpServer, ClosesDrippingClientsAndServesOthersMeanwhile) {
  const auto server = StartOrDie(Options());
  std::vector<std::unique_ptr<RawClient>> drippers;
  for (int i = 0; i < 50; ++i) {
    drippers.push_back(std::make_unique<RawClient>(kAddress, server->port()));
    ASSERT_TRUE(drippers.back()->Send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"));
  }
  RawClient other(kAddress, server->port());
  ASSERT_TRUE(other.Send(test::Get("/other")));
  EXPECT_EQ(other.Read()->status, 200);
  const auto until = std::chrono::steady_clock::now() + 5s;
  for (const auto& dripper : drippers) {
    while (!dripper->ClosedWithin(20ms)) {
      ASSERT_LT(std::chrono::steady_clock::now(), until);
      for (const auto& each : drippers) each->Send("x");
    }
  }
}

TEST(HttpServer, ClosesSilentConnectionsBeforeAndBetweenRequests) {
  const auto server = StartOrDie(Options());
  RawClient silent(kAddress, server->port());
  RawClient idle(kAddress, server->port());
  ASSERT_TRUE(idle.Send(test::Get("/x")));
  EXPECT_EQ(idle.Read()->status, 200);
  EXPECT_TRUE(silent.ClosedWithin(3s));
  EXPECT_TRUE(idle.ClosedWithin(3s));
}

TEST(HttpServer, ClosesAClientThatDoesNotTakeItsAnswer) {
  HttpServer::Options options = Options();
  options.handler_deadline = 5s;
  options.max_connections = 1;
  const auto server = StartOrDie(options, [](const HttpRequest& request, const HttpReply& reply) {
    HttpResponse response;
    response.body.assign(request.path == "/large" ? 64 * 1024 * 1024 : 1, 'x');
    reply(std::move(response));
  });
  RawClient client(kAddress, server->port());
  ASSERT_TRUE(client.Send(test::Get("/large")));
  // It reads nothing until another one has its place; then what the kernel holds comes, and the end instead of the
  // rest.
  AwaitPlace(server->port());
  EXPECT_FALSE(client.Read());
  EXPECT_TRUE(client.ClosedWithin(3s));
}

TEST(HttpServer, AnAnswerThatNeverComesIs504AndALateOneIsDropped) {
  std::mutex mutex;
  std::vector<HttpReply> kept;
  const auto server = StartOrDie(Options(), [&](const HttpRequest& request, const HttpReply& reply) {
    if (request.path == "/fast") return Echo(request, reply);
    std::scoped_lock lock(mutex);
    kept.push_back(reply);
  });
  RawClient client(kAddress, server->port());
  ASSERT_TRUE(client.Send(test::Get("/slow")));
  EXPECT_EQ(client.Read()->status, 504);
  {
    std::scoped_lock lock(mutex);
    kept.front()({.status = 200, .content_type = "text/plain", .body = "late", .headers = {}});
  }
  ASSERT_TRUE(client.Send(test::Get("/fast")));
  EXPECT_EQ(client.Read()->body, "GET /fast [] ");
  server->Shutdown();
  kept.front()({});  // after the end: nothing happens
}

TEST(HttpServer, TurnsConnectionsAboveTheLimitAway) {
  HttpServer::Options options = Options();
  options.max_connections = 2;
  options.idle_limit = 10s;
  const auto server = StartOrDie(options);
  RawClient first(kAddress, server->port());
  auto second = std::make_unique<RawClient>(kAddress, server->port());
  ASSERT_TRUE(first.Send(test::Get("/1")));
  EXPECT_EQ(first.Read()->status, 200);
  ASSERT_TRUE(second->Send(test::Get("/2")));
  EXPECT_EQ(second->Read()->status, 200);
  RawClient third(kAddress, server->port());
  const auto refused = third.Read();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503);
  EXPECT_TRUE(third.ClosedWithin(1s));
  second.reset();
  AwaitPlace(server->port());
}

TEST(HttpServer, ShutdownClosesEveryConnection) {
  auto server = StartOrDie(Options());
  RawClient client(kAddress, server->port());
  ASSERT_TRUE(client.Send(test::Get("/x")));
  EXPECT_EQ(client.Read()->status, 200);
  server->Shutdown();
  EXPECT_TRUE(client.ClosedWithin(1s));
}

// The connection is there before the server's accept has run, which may then meet the closing.
TEST(HttpServer, ShutdownEndsWhileConnectionsComeIn) {
  for (int i = 0; i < 500; ++i) {
    const auto server = StartOrDie(Options());
    RawClient client(kAddress, server->port());
    server->Shutdown();
    EXPECT_TRUE(client.ClosedWithin(2s));
  }
}

TEST(HttpServer, SaysWhyItCannotListen) {
  const auto server = StartOrDie(Options());
  HttpServer::Options taken = Options();
  taken.port = server->port();
  EXPECT_EQ(HttpServer::Start(taken, Echo).error().code, ErrorCode::kUnavailable);
  HttpServer::Options malformed = Options();
  malformed.address = "nowhere";
  EXPECT_EQ(HttpServer::Start(malformed, Echo).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace cacheplane::gateway
