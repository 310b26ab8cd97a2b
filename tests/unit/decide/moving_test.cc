// Nodes leave hosts that are drained.
#include "controlplane/decide/moving.h"

#include <gtest/gtest.h>

#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {
namespace {

using model::Admission;
using model::OperationKind;
using namespace std::chrono_literals;

class Moving : public testing::Test {
 protected:
  Moving() {
    scenario.Converge();
    scenario.Host("agent-d", "zone-c").Host("agent-e", "zone-b");
  }

  void Drains(int ordinal) {
    const model::AgentName agent = scenario.Node(ordinal).planned.agent;
    for (HostView& host : scenario.view.hosts) {
      if (host.host.agent == agent) host.host.admission = Admission::kDraining;
    }
    for (NodeView& node : scenario.view.nodes) {
      if (node.planned.agent == agent) node.admission = Admission::kDraining;
    }
  }
  void Begins() {
    scenario.Asked(OperationKind::kMoveNodes, "");
    scenario.view.cluster.status = model::ClusterStatus::kModifying;
    scenario.view.operation->before = model::BuildOf(scenario.view.cluster.spec);
    scenario.view.operation->before_replicas = scenario.view.cluster.spec.replicas_per_shard;
  }
  // What AddReplica decided has come up.
  void Joins() {
    for (SubnetView& subnet : scenario.view.subnets) {
      for (const NodeView& node : scenario.view.nodes) subnet.used.insert(node.planned.address.ip);
    }
    if (As<PublishEndpoints>(scenario.Next()) != nullptr) scenario.Published().Served();
    const Step step = scenario.Next();
    ASSERT_NE(As<AddReplica>(step), nullptr) << Describe(step);
    model::Node node = As<AddReplica>(step)->node;
    node.incarnation = model::Incarnation("new");
    node.recovering = false;
    scenario.view.nodes.push_back({node, std::nullopt, true, 0ms});
    scenario.view.shard->epoch = scenario.view.shard->attached = As<AddReplica>(step)->epoch;
    for (NodeView& each : scenario.view.nodes) {
      if (each.facts) each.facts->epoch = scenario.view.shard->epoch;
    }
    scenario.Runs(static_cast<int>(scenario.view.nodes.size())).Published().Served();
  }

  Scenario scenario;
};

TEST_F(Moving, BeginsByItselfOnceTheClusterIsIdle) {
  EXPECT_EQ(scenario.Next(), Step(Converged{}));
  Drains(3);
  EXPECT_EQ(scenario.Next(), Step(StartMove{}));
}

TEST_F(Moving, DoesNotWaitForTheTurnOfMaintenance) {
  for (HostView& host : scenario.view.hosts) host.host.images.push_back({"valkey", "8.1.1"});
  scenario.view.cluster.pending = model::Build{"valkey", "8.1", "cache.t4g.small", "default.valkey8"};
  scenario.view.pending_memory_bytes = scenario.view.pending_data_bytes = kGib;
  scenario.view.window_length = scenario.view.window_left = 60min;
  scenario.view.rolling_clusters = 4;
  EXPECT_EQ(scenario.Next(), Step(Waiting{"4 other clusters are changed first", 2s}));
  scenario.view.cluster.status_reason = "a node could not leave";
  EXPECT_EQ(scenario.Next(), Step(SetStatus{model::ClusterStatus::kAvailable, ""}));
  Drains(3);
  EXPECT_EQ(scenario.Next(), Step(StartMove{}));
}

TEST_F(Moving, ACordonMovesNobody) {
  scenario.Node(3).admission = Admission::kCordoned;
  EXPECT_EQ(scenario.Next(), Step(Converged{}));
}

TEST_F(Moving, WaitsAfterOneThatFailedAndWhileOthersJoin) {
  Drains(3);
  scenario.view.since_move = 1min;
  EXPECT_EQ(scenario.Next(), Step(Waiting{"its nodes could not be moved just now", 4min}));
  scenario.view.since_move = 5min;
  EXPECT_EQ(scenario.Next(), Step(StartMove{}));
  Begins();
  scenario.view.replacements = {1s, 1s, 1s, 1s};
  EXPECT_EQ(scenario.Next(), Step(Waiting{"4 other replacements come first", 1s}));
}

TEST_F(Moving, DoesNotBeginBeforeAHostCanTakeANode) {
  Drains(3);
  for (HostView& host : scenario.view.hosts) host.reserved_bytes = host.host.memory_bytes;
  const Step step = scenario.Next();
  ASSERT_NE(As<Blocked>(step), nullptr) << Describe(step);
  EXPECT_TRUE(As<Blocked>(step)->reason.starts_with("orders-003 cannot leave agent-c: ")) << Describe(step);
  scenario.view.cluster.status_reason = As<Blocked>(step)->reason;
  scenario.Node(3).admission = Admission::kOpen;
  EXPECT_EQ(scenario.Next(), Step(SetStatus{model::ClusterStatus::kAvailable, ""})) << "the reason is gone";
}

TEST_F(Moving, OneThatLeavesAndIsLostIsRemovedAndNotReplaced) {
  Drains(3);
  Begins();
  Joins();
  scenario.LosesHost(3);
  for (HostView& host : scenario.view.hosts) host.reserved_bytes = host.host.memory_bytes;
  scenario.Node(3).planned.readers_away = true;
  if (As<PublishEndpoints>(scenario.Next()) != nullptr) scenario.Published().Served();
  EXPECT_EQ(scenario.Next(), Step(RemoveReplica{scenario.Node(3).planned.incarnation}));
}

TEST_F(Moving, AnotherNodeInTheSameZoneComesFirst) {
  Drains(3);
  Begins();
  const Step step = scenario.Next();
  ASSERT_NE(As<AddReplica>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<AddReplica>(step)->node.name.str(), "orders-004");
  EXPECT_EQ(As<AddReplica>(step)->node.agent.str(), "agent-d");
  EXPECT_EQ(As<AddReplica>(step)->node.zone, "zone-c");
}

TEST_F(Moving, OnlyThenTheReplicaLeaves) {
  Drains(3);
  Begins();
  Joins();
  EXPECT_EQ(scenario.Next(), Step(LeadReadersAway{model::NodeName("orders-003")}));
  scenario.Node(3).planned.readers_away = true;
  scenario.Published().Served();
  EXPECT_EQ(scenario.Next(), Step(RemoveReplica{scenario.Node(3).planned.incarnation}));
}

TEST_F(Moving, NobodyLeavesBeforeTheNewOneIsInSync) {
  Drains(3);
  Begins();
  Joins();
  scenario.Facts(1).replicas.back().state = "send_bulk";
  const Step step = scenario.Next();
  ASSERT_NE(As<Waiting>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<Waiting>(step)->reason, "orders-004: synchronising (send_bulk)");
}

TEST_F(Moving, OneThatIsDownLeavesAllTheSame) {
  Drains(3);
  Begins();
  scenario.Dies(3);
  Joins();
  scenario.Node(3).planned.readers_away = true;
  EXPECT_EQ(scenario.Next(), Step(RemoveReplica{scenario.Node(3).planned.incarnation}));
}

TEST_F(Moving, APrimaryHandsOverToOneThatStays) {
  Drains(1);
  Begins();
  Joins();
  const Step step = scenario.Next();
  ASSERT_NE(As<SwitchPrimary>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<SwitchPrimary>(step)->node.str(), "orders-002");
}

TEST_F(Moving, ItIsDoneWhenNobodyIsLeft) {
  Begins();
  EXPECT_EQ(scenario.Next(), Step(CompleteOperation{}));
}

TEST_F(Moving, WhoeverWasAddedForNothingGoesAgain) {
  Drains(3);
  Begins();
  Joins();
  scenario.Node(3).admission = Admission::kOpen;
  EXPECT_EQ(scenario.Next(), Step(LeadReadersAway{model::NodeName("orders-004")}));
}

TEST_F(Moving, WithoutAPlaceItFailsAndLeavesAllAsItWas) {
  Drains(3);
  Begins();
  for (HostView& host : scenario.view.hosts) host.reserved_bytes = host.host.memory_bytes;
  const Step waits = scenario.Next();
  ASSERT_NE(As<Waiting>(waits), nullptr) << Describe(waits);
  EXPECT_NE(As<Waiting>(waits)->reason.find("orders-004 finds no place: "), std::string::npos) << Describe(waits);
  EXPECT_NE(As<Waiting>(waits)->reason.find("agent-c is draining"), std::string::npos) << Describe(waits);
  scenario.view.operation_age = 61s;
  const Step gives_up = scenario.Next();
  ASSERT_NE(As<GoBack>(gives_up), nullptr) << Describe(gives_up);
  scenario.view.operation->failure = As<GoBack>(gives_up)->reason;
  EXPECT_EQ(scenario.Next(), Step(FailOperation{As<GoBack>(gives_up)->reason}));
}

TEST_F(Moving, NobodyIsPlacedOnACordonedHost) {
  Scenario fresh;
  for (HostView& host : fresh.view.hosts) host.host.admission = Admission::kCordoned;
  const Step step = fresh.Next();
  ASSERT_NE(As<Blocked>(step), nullptr) << Describe(step);
  EXPECT_NE(As<Blocked>(step)->reason.find("agent-a is cordoned"), std::string::npos) << Describe(step);
}

TEST(MovingAlone, ALoneNodeHandsOverToTheOneThatTakesItsPlace) {
  Scenario scenario(0, false);
  scenario.Converge();
  scenario.Asked(OperationKind::kMoveNodes, "");
  scenario.view.cluster.status = model::ClusterStatus::kModifying;
  scenario.view.operation->before = model::BuildOf(scenario.view.cluster.spec);
  scenario.Node(1).admission = scenario.view.hosts[0].host.admission = Admission::kDraining;
  const Step step = scenario.Next();
  ASSERT_NE(As<AddReplica>(step), nullptr) << Describe(step);
  EXPECT_NE(As<AddReplica>(step)->node.agent, scenario.Node(1).planned.agent);
}

}  // namespace
}  // namespace cacheplane::decide
