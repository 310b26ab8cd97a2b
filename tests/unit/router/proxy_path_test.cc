#include "nodeagent/network/proxy_path.h"

#include <gtest/gtest.h>

#include "tests/unit/router/support.h"

namespace cacheplane::network {
namespace {

class ProxyPathTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { WhyNoPrivateNetwork(); }

  const SocketAddress endpoint_ = At(1, 6379);
  const SocketAddress other_endpoint_ = At(2, 6379);
  const SocketAddress at_a_ = At(11, 7001);
  const SocketAddress at_b_ = At(12, 7002);
  ProxyPath path_;
};

TEST_F(ProxyPathTest, ForwardsBothWays) {
  const NamedEcho a("a", at_a_);
  ASSERT_TRUE(path_.Apply({{endpoint_, {at_a_}}}).ok());
  Client client(endpoint_);
  EXPECT_EQ(client.Greeting(), "a");
  EXPECT_EQ(client.Echo("hello"), "hello");
}

TEST_F(ProxyPathTest, SpreadsConnectionsOverTargetsInTurn) {
  const NamedEcho a("a", at_a_);
  const NamedEcho b("b", at_b_);
  ASSERT_TRUE(path_.Apply({{endpoint_, {at_a_, at_b_}}}).ok());
  EXPECT_EQ(Answers(endpoint_, 10), (std::map<std::string, int>{{"a", 5}, {"b", 5}}));
}

TEST_F(ProxyPathTest, PassesOverATargetThatRefuses) {
  const NamedEcho b("b", at_b_);
  ASSERT_TRUE(path_.Apply({{endpoint_, {at_a_, at_b_}}}).ok());
  EXPECT_EQ(Answers(endpoint_, 6), (std::map<std::string, int>{{"b", 6}}));
}

TEST_F(ProxyPathTest, ARepointedEndpointClosesItsConnectionsAndNoOthers) {
  const NamedEcho a("a", at_a_);
  const NamedEcho b("b", at_b_);
  ASSERT_TRUE(path_.Apply({{endpoint_, {at_a_}}, {other_endpoint_, {at_a_}}}).ok());
  Client client(endpoint_);
  Client other(other_endpoint_);
  ASSERT_EQ(client.Greeting(), "a");
  ASSERT_EQ(other.Greeting(), "a");

  ASSERT_TRUE(path_.Apply({{endpoint_, {at_b_}}, {other_endpoint_, {at_a_}}}).ok());
  EXPECT_TRUE(client.Ended());
  EXPECT_EQ(Client(endpoint_).Greeting(), "b");
  EXPECT_EQ(other.Echo("still here"), "still here");
}

TEST_F(ProxyPathTest, KeepsConnectionsToTargetsThatStay) {
  const NamedEcho a("a", at_a_);
  const NamedEcho b("b", at_b_);
  ASSERT_TRUE(path_.Apply({{endpoint_, {at_a_, at_b_}}}).ok());
  Client first(endpoint_);
  Client second(endpoint_);
  ASSERT_EQ(first.Greeting(), "a");
  ASSERT_EQ(second.Greeting(), "b");
  ASSERT_TRUE(path_.Apply({{endpoint_, {at_b_}}}).ok());
  EXPECT_TRUE(first.Ended());
  EXPECT_EQ(second.Echo("still here"), "still here");
}

TEST_F(ProxyPathTest, ARemovedEndpointRefusesAndCloses) {
  const NamedEcho a("a", at_a_);
  ASSERT_TRUE(path_.Apply({{endpoint_, {at_a_}}}).ok());
  Client client(endpoint_);
  ASSERT_EQ(client.Greeting(), "a");
  ASSERT_TRUE(path_.Apply({}).ok());
  EXPECT_TRUE(client.Ended());
  EXPECT_FALSE(Client(endpoint_).connected());
}

TEST_F(ProxyPathTest, HoldsNewConnectionsUntilATargetIsThere) {
  ASSERT_TRUE(path_.Apply({{endpoint_, {at_a_}}}).ok());
  EXPECT_EQ(path_.Unanswered({endpoint_}, std::chrono::milliseconds(50)), std::vector{endpoint_});
  Client client(endpoint_);
  ASSERT_TRUE(client.connected());
  const NamedEcho b("b", at_b_);
  ASSERT_TRUE(path_.Apply({{endpoint_, {at_b_}}}).ok());
  EXPECT_EQ(client.Greeting(), "b");
  EXPECT_EQ(path_.Unanswered({endpoint_}, std::chrono::milliseconds(50)), std::vector<SocketAddress>{});
}

TEST_F(ProxyPathTest, PassesOnTheEndOfOneDirectionAndFinishesTheOther) {
  const NamedEcho a("a", at_a_);
  ASSERT_TRUE(path_.Apply({{endpoint_, {at_a_}}}).ok());
  Client client(endpoint_);
  ASSERT_EQ(client.Greeting(), "a");
  ASSERT_TRUE(client.Send("last words"));
  client.EndSending();
  EXPECT_EQ(client.Receive(10), "last words");
  EXPECT_TRUE(client.Ended());
  EXPECT_TRUE(Eventually([&] { return a.connections() == 0; }));
}

// Both directions busy at once, with many times what the proxy itself holds.
TEST_F(ProxyPathTest, LosesNothingOfALargeExchange) {
  const NamedEcho a("a", at_a_);
  ASSERT_TRUE(path_.Apply({{endpoint_, {at_a_}}}).ok());
  Client client(endpoint_);
  ASSERT_EQ(client.Greeting(), "a");
  std::string sent(32 << 20, '\0');
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * 31 + i / 4096);
  std::thread writer([&] { EXPECT_TRUE(client.Send(sent)); });
  EXPECT_TRUE(client.Receive(sent.size()) == sent);
  writer.join();
}

TEST_F(ProxyPathTest, AnAddressInUseIsAProblemForItsEndpointOnly) {
  const NamedEcho a("a", at_a_);
  const NamedEcho squatter("squatter", endpoint_);
  EXPECT_FALSE(path_.Apply({{endpoint_, {at_a_}}, {other_endpoint_, {at_a_}}}).ok());
  EXPECT_EQ(Client(other_endpoint_).Greeting(), "a");
}

TEST_F(ProxyPathTest, AnotherProxyTakesTheAddressesOverAtOnce) {
  const NamedEcho a("a", at_a_);
  auto first = std::make_unique<ProxyPath>();
  ASSERT_TRUE(first->Apply({{endpoint_, {at_a_}}}).ok());
  Client client(endpoint_);
  ASSERT_EQ(client.Greeting(), "a");
  first.reset();
  EXPECT_TRUE(client.Ended());
  ASSERT_TRUE(path_.Apply({{endpoint_, {at_a_}}}).ok());
  EXPECT_EQ(Client(endpoint_).Greeting(), "a");
}

}  // namespace
}  // namespace cacheplane::network
