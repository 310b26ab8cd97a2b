#include <gtest/gtest.h>

#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {
namespace {

using model::Role;

std::string ReasonOf(const Step& step) {
  const auto* blocked = As<Blocked>(step);
  return blocked == nullptr ? "not blocked: " + Describe(step) : blocked->reason;
}

bool Contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Placement, FirstZoneGetsThePrimaryAndReplicasFollowRoundTheZones) {
  Scenario scenario;
  scenario.Place();
  ASSERT_EQ(scenario.view.nodes.size(), 3U);
  EXPECT_EQ(scenario.Node(1).planned.role, Role::kPrimary);
  EXPECT_EQ(scenario.Node(1).planned.zone, "zone-a");
  EXPECT_EQ(scenario.Node(2).planned.zone, "zone-b");
  EXPECT_EQ(scenario.Node(3).planned.zone, "zone-c");
  EXPECT_EQ(scenario.Node(2).planned.role, Role::kReplica);
}

TEST(Placement, NodesAndEndpointsGetDifferentAddressesOnTheSamePort) {
  Scenario scenario;
  scenario.Place();
  std::set<model::Address> addresses;
  for (const NodeView& node : scenario.view.nodes) addresses.insert(node.planned.address);
  for (const model::Endpoint& endpoint : scenario.view.endpoints) addresses.insert(endpoint.address);
  EXPECT_EQ(addresses.size(), 5U);
  for (const model::Address& address : addresses) EXPECT_EQ(address.port, 6379);
}

TEST(Placement, FirstFourAddressesOfASubnetStayFree) {
  Scenario scenario;
  scenario.Place();
  EXPECT_EQ(scenario.Node(1).planned.address.ip, "127.20.0.4");
}

TEST(Placement, OnlyThePrimaryHasAPermitToStartAsOne) {
  Scenario scenario;
  scenario.Place();
  EXPECT_EQ(scenario.Node(1).planned.boot, model::Boot{1});
  EXPECT_EQ(scenario.Node(2).planned.boot, model::Boot{0});
}

TEST(Placement, PreferredZonesAreObeyed) {
  Scenario scenario;
  scenario.view.cluster.spec.preferred_zones = {"zone-c", "zone-a", "zone-b"};
  scenario.Place();
  EXPECT_EQ(scenario.Node(1).planned.zone, "zone-c");
  EXPECT_EQ(scenario.Node(2).planned.zone, "zone-a");
}

TEST(Placement, LeastLoadedHostOfTheZoneWins) {
  Scenario scenario(0, false);
  scenario.Host("agent-a2", "zone-a");
  scenario.view.hosts[0].reserved_bytes = 2 * kGib;
  scenario.Place();
  EXPECT_EQ(scenario.Node(1).planned.agent.str(), "agent-a2");
}

TEST(Placement, EqualHostsAreDecidedByName) {
  Scenario scenario(0, false);
  scenario.Host("agent-a0", "zone-a");
  scenario.Place();
  EXPECT_EQ(scenario.Node(1).planned.agent.str(), "agent-a");
}

TEST(Placement, NewestImageOfTheVersionIsTaken) {
  Scenario scenario(0, false);
  scenario.view.hosts[0].host.images = {
      {"redis", "8.0.2"}, {"valkey", "8.0.1"}, {"valkey", "8.0.2"}, {"valkey", "8.1.1"}};
  scenario.Place();
  EXPECT_EQ(scenario.Node(1).planned.image_version, "8.0.2");
}

TEST(Placement, MultiAzIsBlockedByAZoneWithoutAgentAndSaysSo) {
  Scenario scenario;
  scenario.view.hosts.pop_back();
  EXPECT_EQ(ReasonOf(scenario.Next()), "cannot place orders-003 (Multi-AZ): no agent in zone-c");
}

TEST(Placement, ResolvesByItselfWhenTheAgentJoins) {
  Scenario scenario;
  scenario.view.hosts.pop_back();
  ASSERT_NE(As<Blocked>(scenario.Next()), nullptr);
  scenario.Host("agent-z", "zone-c");
  EXPECT_NE(As<PlaceNodes>(scenario.Next()), nullptr);
}

TEST(Placement, WithoutMultiAzAZoneWithoutRoomIsPassedOver) {
  Scenario scenario(2, false);
  scenario.view.hosts[2].connected = false;
  scenario.Place();
  EXPECT_EQ(scenario.Node(3).planned.zone, "zone-a");
}

TEST(Placement, SilentHostsAreNotUsed) {
  Scenario scenario;
  scenario.view.hosts[1].connected = false;
  EXPECT_TRUE(Contains(ReasonOf(scenario.Next()), "agent-b is not connected"));
}

TEST(Placement, MissingMemoryIsNamed) {
  Scenario scenario;
  scenario.view.hosts[0].reserved_bytes = 8 * kGib - kGib / 2;
  EXPECT_TRUE(Contains(ReasonOf(scenario.Next()), "agent-a has 0.50 GiB free of the 1.00 GiB needed"));
}

TEST(Placement, MissingImageIsNamed) {
  Scenario scenario;
  scenario.view.cluster.spec.engine_version = "9.1";
  EXPECT_TRUE(Contains(ReasonOf(scenario.Next()), "agent-a has no image of valkey 9.1"));
}

TEST(Placement, NodesOfOneClusterCountAgainstTheSameHost) {
  Scenario scenario(5, true);
  for (HostView& host : scenario.view.hosts) host.host.memory_bytes = 2 * kGib;
  scenario.Place();
  EXPECT_EQ(scenario.view.nodes.size(), 6U);
  scenario = Scenario(5, true);
  for (HostView& host : scenario.view.hosts) host.host.memory_bytes = 2 * kGib - 1;
  EXPECT_TRUE(Contains(ReasonOf(scenario.Next()), "cannot place orders-004"));
}

TEST(Placement, AFullSubnetIsNamed) {
  Scenario scenario;
  for (int i = 0; i < 16; ++i) scenario.view.subnets[1].used.insert("127.20.16." + std::to_string(i));
  EXPECT_TRUE(Contains(ReasonOf(scenario.Next()), "no free address in the subnets of zone-b"));
}

TEST(Placement, SecondSubnetOfAZoneIsUsedWhenTheFirstIsFull) {
  Scenario scenario;
  for (int i = 0; i < 16; ++i) scenario.view.subnets[0].used.insert("127.20.0." + std::to_string(i));
  scenario.view.subnets.push_back({{"subnet-more", "zone-a", *model::ParseCidr("127.20.1.0/28")}, {}});
  scenario.Place();
  EXPECT_EQ(scenario.Node(1).planned.subnet, "subnet-more");
}

}  // namespace
}  // namespace cacheplane::decide
