// Nodes are added and removed: for good, lent, or to spare.
#include "controlplane/decide/scaling.h"

#include <gtest/gtest.h>

#include "tests/unit/decide/upgrade.h"

namespace cacheplane::decide {
namespace {

using model::ProcessState;
using namespace std::chrono_literals;

TEST(Rolling, WhereThereIsRoomOneMoreComesFirstAndGoesLast) {
  Upgrade upgrade;
  upgrade.HasRoom().Adds();
  EXPECT_EQ(upgrade.scenario.Node(4).planned.image_version, "8.1.1");
  for (const int replica : {2, 3}) {
    upgrade.Renews(replica);
    upgrade.ComesUp(replica);
  }
  EXPECT_NE(As<SwitchPrimary>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
  upgrade.scenario.Swapped(2).Runs(2).Runs(1).Runs(3).Runs(4);
  upgrade.scenario.view.shard->attached = upgrade.scenario.view.shard->epoch;
  upgrade.scenario.Facts(1).renewal = 0;
  upgrade.scenario.Facts(1).engine_version = "8.0.1";
  upgrade.scenario.Published();
  upgrade.Renews(1);
  upgrade.scenario.Facts(1).renewal = upgrade.scenario.Node(1).planned.renewal;
  upgrade.scenario.Facts(1).link_up = false;
  EXPECT_NE(As<Waiting>(upgrade.Next()), nullptr) << "not before all others are in sync: " << Describe(upgrade.Next());
  upgrade.ComesUp(1);
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-004")}));
  upgrade.scenario.Node(4).planned.readers_away = true;
  upgrade.scenario.Published();
  EXPECT_EQ(upgrade.Next(), Step(RemoveReplica{model::Incarnation("added")}));
  upgrade.scenario.view.nodes.pop_back();
  EXPECT_EQ(upgrade.Next(), Step(CompleteOperation{}));
}

TEST(Rolling, OneMoreThatDoesNotComeUpIsAllThatIsTakenBack) {
  Upgrade upgrade;
  upgrade.HasRoom().Adds();
  NodeView& added = upgrade.scenario.Node(4);
  added.planned.recovering = true;
  added.since_renewal = 5s;
  added.facts->process = ProcessState::kHung;
  if (As<PublishEndpoints>(upgrade.Next()) != nullptr) upgrade.scenario.Published();
  EXPECT_NE(As<GoBack>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
  upgrade.scenario.view.cluster.spec.engine_version = "8.0";
  upgrade.scenario.view.operation->failure = "it hangs";
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-004")}));
}

TEST(Rolling, ASpareLeavesRoomForWhatTheNodesThereStillTake) {
  Upgrade upgrade;
  upgrade.scenario.view.node_memory_bytes = 2 * kGib;
  for (HostView& host : upgrade.scenario.view.hosts) host.reserved_bytes = host.host.memory_bytes - 5 * kGib / 2;
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-002")}));
  for (HostView& host : upgrade.scenario.view.hosts) host.reserved_bytes -= kGib / 2;
  EXPECT_NE(As<AddReplica>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
}

TEST(Rolling, AfterTheHandoverNobodyIsAddedAnyMore) {
  Upgrade upgrade;
  for (const int replica : {2, 3}) {
    upgrade.Renews(replica);
    upgrade.ComesUp(replica);
  }
  upgrade.HasRoom();
  EXPECT_NE(As<AddReplica>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
  upgrade.scenario.Swapped(2).Runs(2).Runs(1).Runs(3);
  upgrade.scenario.view.shard->attached = upgrade.scenario.view.shard->epoch;
  upgrade.scenario.Facts(1).renewal = 0;
  upgrade.scenario.Facts(1).engine_version = "8.0.1";
  upgrade.scenario.Published();
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-001")}));
}

TEST(Scaling, NodesAreAddedOneByOne) {
  Upgrade upgrade(1);
  upgrade.HasRoom();
  upgrade.scenario.view.cluster.spec.engine_version = "8.0";
  upgrade.scenario.view.cluster.spec.replicas_per_shard = 2;
  const Step step = upgrade.Next();
  ASSERT_NE(As<AddReplica>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<AddReplica>(step)->node.name.str(), "orders-003");
  EXPECT_EQ(As<AddReplica>(step)->node.zone, "zone-c") << "where the shard has nobody";
  EXPECT_EQ(As<AddReplica>(step)->node.joined, model::Epoch{2});
}

TEST(Scaling, WhatFindsNoPlaceOrDoesNotComeUpIsGivenUp) {
  Upgrade upgrade(1);
  upgrade.scenario.view.cluster.spec.replicas_per_shard = 3;
  for (HostView& host : upgrade.scenario.view.hosts) host.connected = false;
  upgrade.scenario.view.operation_age = 59s;
  EXPECT_NE(As<Waiting>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
  upgrade.scenario.view.operation_age = 1h;
  EXPECT_NE(As<GoBack>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
}

TEST(Scaling, AnAddedNodeThatHangsTakesTheUpgradeBackThoughMoreAreToCome) {
  Upgrade upgrade(0);
  upgrade.HasRoom();
  upgrade.scenario.view.cluster.spec.replicas_per_shard = 2;
  const Step step = upgrade.Next();
  ASSERT_NE(As<AddReplica>(step), nullptr) << Describe(step);
  upgrade.scenario.view.nodes.push_back(
      {.planned = As<AddReplica>(step)->node, .facts = model::NodeFacts{}, .agent_connected = true});
  NodeView& added = upgrade.scenario.Node(2);
  added.facts->process = ProcessState::kHung;
  added.since_renewal = 5s;
  EXPECT_NE(As<GoBack>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
}

TEST(Scaling, WhoIsDownGoesFirstAndThenWhereMostAre) {
  Upgrade upgrade;
  upgrade.scenario.view.cluster.spec.engine_version = "8.0";
  upgrade.scenario.view.cluster.spec.replicas_per_shard = 1;
  upgrade.scenario.Node(2).planned.zone = upgrade.scenario.Node(1).planned.zone;
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-002")}));
  upgrade.scenario.Dies(3);
  if (As<PublishEndpoints>(upgrade.Next()) != nullptr) upgrade.scenario.Published();
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-003")}));
}

TEST(Scaling, WhoWasNamedGoesElseWhoCameLast) {
  Upgrade upgrade;
  upgrade.scenario.view.cluster.spec.engine_version = "8.0";
  upgrade.scenario.view.cluster.spec.replicas_per_shard = 1;
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-003")}));
  upgrade.scenario.view.operation->removals = {"orders-002"};
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-002")}));
  upgrade.scenario.Node(2).planned.readers_away = true;
  upgrade.scenario.Published();
  EXPECT_EQ(upgrade.Next(), Step(RemoveReplica{model::Incarnation("i2")}));
}

// Its zone may have been asked for.
TEST(Scaling, ALoneNodeIsLentAReplicaInItsOwnZone) {
  const auto lent = [](Upgrade& upgrade) {
    for (SubnetView& subnet : upgrade.scenario.view.subnets)
      subnet.used.insert(upgrade.scenario.Node(1).planned.address.ip);
    const Step step = upgrade.HasRoom().Next();
    return As<AddReplica>(step) == nullptr ? Describe(step) : As<AddReplica>(step)->node.agent.str();
  };
  Upgrade upgrade(0);
  const std::string zone = upgrade.scenario.Node(1).planned.zone;
  EXPECT_EQ(lent(upgrade), upgrade.scenario.Node(1).planned.agent.str()) << "there is no other host in it";
  upgrade.scenario.Host("agent-z", zone).view.hosts.back().host.images.push_back({"valkey", "8.1.1"});
  EXPECT_EQ(lent(upgrade), "agent-z");
  for (HostView& host : upgrade.scenario.view.hosts)
    host.host.admission = host.host.zone == zone ? model::Admission::kCordoned : model::Admission::kOpen;
  EXPECT_EQ(lent(upgrade), "agent-b") << "better elsewhere than not at all";
}

TEST(Scaling, ALoneNodeIsLentAReplicaUntilItsPlaceIsTaken) {
  Upgrade upgrade(0);
  upgrade.HasRoom();
  const Step step = upgrade.Next();
  ASSERT_NE(As<AddReplica>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<AddReplica>(step)->node.image_version, "8.1.1");
  EXPECT_EQ(WantedNodes(upgrade.scenario.view), 2);
  upgrade.scenario.Node(1).planned.image_version = "8.1.1";
  EXPECT_EQ(WantedNodes(upgrade.scenario.view), 1);
}

}  // namespace
}  // namespace cacheplane::decide
