#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

#include "controlplane/gateway/http_server.h"
#include "tests/unit/gateway/http_client.h"

namespace cacheplane::gateway {
namespace {

using test::RawClient;

constexpr const char* kAddress = "127.25.0.3";

TEST(HttpComplaint, SaysWhyInTheWordsOfWhoServesThere) {
  HttpServer::Options options;
  options.address = kAddress;
  options.port = 0;
  options.handler_deadline = std::chrono::milliseconds(500);
  options.body_limit = 100;
  options.complain = [](std::string_view path, int status, std::string_view code, std::string_view) {
    HttpResponse response;
    response.status = status;
    response.body = std::string(path) + " " + std::string(code);
    return response;
  };
  auto started = HttpServer::Start(options, [](const HttpRequest&, const HttpReply&) {});
  ASSERT_TRUE(started.ok());
  const auto server = std::move(started.value());
  RawClient slow(kAddress, server->port());
  ASSERT_TRUE(slow.Send(test::Get("/slow?x=y")));
  EXPECT_EQ(slow.Read()->body, "/slow DEADLINE_EXCEEDED");
  RawClient large(kAddress, server->port());
  ASSERT_TRUE(large.Send("POST /large?x=y HTTP/1.1\r\nHost: localhost\r\nContent-Length: 101\r\n\r\n"));
  EXPECT_EQ(large.Read()->body, "/large INVALID_ARGUMENT");
  RawClient garbled(kAddress, server->port());
  ASSERT_TRUE(garbled.Send("nonsense\r\n\r\n"));
  EXPECT_EQ(garbled.Read()->body, " INVALID_ARGUMENT");
}

}  // namespace
}  // namespace cacheplane::gateway
