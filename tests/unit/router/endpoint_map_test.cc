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

TEST(Switched, LeadsWhatIsArmedForJustThat) {
  const ArmedSwitch armed{kTwo, 9};
  const EndpointMap map{3, {{kWriter, {kOne}}, {kReader, {kOne}}}, {{kWriter, armed}}};
  const EndpointMap switched{3, {{kWriter, {kTwo}}, {kReader, {kOne}}}, {{kWriter, armed}}};
  EXPECT_EQ(Switched(map, armed), switched);
  EXPECT_EQ(Switched(switched, armed), switched);
  EXPECT_EQ(Switched(map, {kTwo, 8}), std::nullopt);
  EXPECT_EQ(Switched(map, {kOne, 9}), std::nullopt);
  EXPECT_EQ(Switched({3, {{kWriter, {kOne}}}}, armed), std::nullopt);
}

TEST(Switched, StaysSoWhileItIsArmed) {
  const ArmedSwitch armed{kTwo, 9};
  const EndpointMap planned{3, {{kWriter, {kOne}}}, {{kWriter, armed}}};
  const EndpointMap switched = *Switched(planned, armed);
  EXPECT_EQ(Succeed(switched, planned)->map, switched);
  EndpointMap later = planned;
  later.version = 4;
  later.endpoints[kReader] = {kOne};
  EXPECT_EQ(Succeed(switched, later)->map.endpoints.at(kWriter), Targets{kTwo});
  later.armed[kWriter].epoch = 10;
  EXPECT_EQ(Succeed(switched, later)->map, later);
  EXPECT_EQ(Succeed(switched, {4, {{kWriter, {kOne}}}})->map.endpoints.at(kWriter), Targets{kOne});
}

}  // namespace
}  // namespace cacheplane::network
