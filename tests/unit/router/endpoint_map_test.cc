#include "nodeagent/network/endpoint_map.h"

#include <gtest/gtest.h>

namespace cacheplane::network {
namespace {

const SocketAddress kWriter{"127.20.0.5", 6379};
const SocketAddress kReader{"127.20.0.6", 6379};
const SocketAddress kOne{"127.20.1.1", 6379};
const SocketAddress kTwo{"127.20.1.2", 6380};

TEST(ParseSocketAddress, TakesDottedQuadsAndPortsOnly) {
  EXPECT_EQ(*ParseSocketAddress("127.20.0.5", 6379), kWriter);
  for (const char* address : {"", "localhost", "127.20.0.5 ", "1.2.3", "::1", "1.2.3.4; flush ruleset", "01.2.3.4"}) {
    EXPECT_FALSE(ParseSocketAddress(address, 6379).ok()) << address;
  }
  for (const int port : {-1, 0, 65536}) EXPECT_FALSE(ParseSocketAddress("127.20.0.5", port).ok()) << port;
}

TEST(Succeed, TakesTheNewMapAsItIs) {
  const EndpointMap served{1, {{kWriter, {kOne}}, {kReader, {kTwo}}}};
  const EndpointMap wanted{2, {{kWriter, {kTwo}}}};
  EXPECT_EQ(*Succeed(served, wanted), (Succession{wanted, {}, {}}));
}

TEST(Succeed, RefusesALowerVersionAndTakesTheSameAgain) {
  const EndpointMap served{7, {{kWriter, {kOne}}}};
  const auto lower = Succeed(served, {6, {{kWriter, {kTwo}}}});
  ASSERT_FALSE(lower.ok());
  EXPECT_EQ(lower.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(Succeed(served, served).ok());
}

TEST(Succeed, AnEndpointIsNeverPublishedEmpty) {
  const EndpointMap served{1, {{kWriter, {kOne}}}};
  const EndpointMap wanted{2, {{kWriter, {}}, {kReader, {}}}};
  EXPECT_EQ(*Succeed(served, wanted), (Succession{{2, {{kWriter, {kOne}}}}, {kWriter}, {kReader}}));
}

TEST(Changed, NamesNewAndRepointedEndpoints) {
  const Endpoints before = {{kWriter, {kOne}}, {kReader, {kOne, kTwo}}};
  EXPECT_EQ(Changed(before, {{kWriter, {kTwo}}, {kReader, {kOne, kTwo}}}), std::vector{kWriter});
  EXPECT_EQ(Changed({}, before), (std::vector{kWriter, kReader}));
  EXPECT_EQ(Changed(before, {}), std::vector<SocketAddress>{});
}

}  // namespace
}  // namespace cacheplane::network
