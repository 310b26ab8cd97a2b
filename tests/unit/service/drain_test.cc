// Cordons and drains: who may be drained, and what is stored and told.
#include "controlplane/service/fleet_service.h"
#include "tests/unit/service/upgrade_fixture.h"

namespace cacheplane::service {
namespace {

// "orders" of three nodes, each on a host of its own; all hosts are in one zone.
class Drain : public Upgrade {
 protected:
  Drain() {
    for (const model::Node& node : shard.nodes) Connect(node.agent.str());
  }

  void Connect(const std::string& agent) { world.facts.facts.agents[model::AgentName(agent)].connected = true; }
  void Spare(const std::string& agent, std::vector<model::Image> images = {{"valkey", "8.0.1"}},
             std::int64_t memory = 8 * kGibibyte, const std::string& zone = "us-east-1a") {
    world.AddHost(HostOf(agent, zone, memory, std::move(images)));
    Connect(agent);
  }
  std::string First() const { return shard.nodes.front().agent.str(); }

  // Refused with this, and nothing is different.
  void Refuses(const std::string& fragment) {
    const auto answer = fleet.DrainAgent(First(), false);
    ASSERT_FALSE(answer.ok()) << fragment;
    EXPECT_EQ(answer.error().code, ErrorCode::kFailedPrecondition);
    EXPECT_NE(answer.error().message.find(fragment), std::string::npos) << answer.error().message;
    EXPECT_EQ(fleet.GetAgent(First())->host.admission, model::Admission::kOpen);
  }
  // Only the first node's host is there, beside what the test adds.
  void FillTheOthers() {
    for (const model::Node& node : shard.nodes) {
      if (node.agent.str() != First()) AddHost(node.agent.str(), {{"valkey", "8.0.1"}}, node.memory_bytes);
    }
  }

  FleetService fleet{world.store, world.facts, {world.signals, world.signals}, world.clock};
};

TEST_F(Drain, IsStoredAndToldOnce) {
  world.signals.clusters = 0;
  const auto answer = fleet.DrainAgent(First(), false);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->leaving, std::vector<std::string>{shard.nodes.front().name.str()});
  EXPECT_EQ(answer->agent.host.admission, model::Admission::kDraining);
  EXPECT_EQ(fleet.GetAgent(First())->host.admission, model::Admission::kDraining);
  EXPECT_EQ(world.signals.clusters, 1) << "its clusters are looked at";
  EXPECT_EQ(world.Events().back(),
            "Agent " + First() + " is draining: " + shard.nodes.front().name.str() + " leave it");
  const std::size_t events = world.Events().size();
  ASSERT_TRUE(fleet.DrainAgent(First(), false).ok());
  EXPECT_EQ(world.Events().size(), events) << "as often as one likes";
}

TEST_F(Drain, OneUnderWayIsNotCheckedAgain) {
  Spare("spare");
  ASSERT_TRUE(fleet.DrainAgent(First(), false).ok());
  FillTheOthers();
  ASSERT_TRUE(fleet.CordonAgent("spare").ok());
  EXPECT_TRUE(fleet.DrainAgent(First(), false).ok());
}

TEST_F(Drain, AFrozenClustersNodeWouldNeverLeave) {
  ClusterDraft spec;
  spec.frozen = true;
  ASSERT_TRUE(Modify({"frozen"}, spec).ok());
  Refuses("which is frozen");
}

TEST_F(Drain, CheckedOnlyItChangesNothing) {
  EXPECT_EQ(fleet.DrainAgent(First(), true)->leaving.size(), 1U);
  EXPECT_EQ(fleet.GetAgent(First())->host.admission, model::Admission::kOpen);
}

TEST_F(Drain, ACordonAndItsEndAskNobody) {
  FillTheOthers();
  EXPECT_EQ(fleet.CordonAgent(First())->agent.host.admission, model::Admission::kCordoned);
  EXPECT_EQ(fleet.UncordonAgent(First())->agent.host.admission, model::Admission::kOpen);
  EXPECT_EQ(fleet.CordonAgent("agent-z").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(fleet.UncordonAgent("").error().code, ErrorCode::kInvalidArgument);
}

TEST_F(Drain, NeedsAHostThatCanTakeTheNode) {
  FillTheOthers();
  Refuses("has 0.00 GiB free of the 1.37 GiB needed");
  Spare("spare", {{"valkey", "7.2.4"}});
  Refuses("spare has no image of valkey 8.0");
  Spare("spare", {{"valkey", "8.0.1"}}, 8 * kGibibyte, "eu-west-1a");
  Refuses("spare is outside subnet group default");
  Spare("spare");
  world.facts.facts.agents[model::AgentName("spare")].connected = false;
  Refuses("spare is not connected");
  Connect("spare");
  ASSERT_TRUE(fleet.CordonAgent("spare").ok());
  Refuses("spare is cordoned");
  ASSERT_TRUE(fleet.UncordonAgent("spare").ok());
  EXPECT_TRUE(fleet.DrainAgent(First(), false).ok());
}

// Each alone could go there; together they would be in one zone.
TEST_F(Drain, NodesThatLeaveTogetherCountTogether) {
  World::Require(world.store.Write([&](ports::Transaction& tx) -> Status {
    model::Cluster cluster = *tx.clusters().Find("orders");
    cluster.spec.multi_az = true;
    CP_RETURN_IF_ERROR(tx.clusters().Update(cluster));
    for (model::Node node : tx.plan().Nodes(cluster.uid)) {
      const bool stays = node.ordinal == 3;
      node.zone = stays ? "us-east-1b" : "us-east-1a";
      if (!stays) node.agent = model::AgentName(First());
      CP_RETURN_IF_ERROR(tx.plan().PutNode(node));
    }
    return {};
  }));
  for (const model::Node& node : shard.nodes) {
    if (node.agent.str() != First()) static_cast<void>(fleet.CordonAgent(node.agent.str()));
  }
  Spare("spare", {{"valkey", "8.0.1"}}, 8 * kGibibyte, "us-east-1b");
  Refuses("spare would leave all nodes in one zone (Multi-AZ)");
  Spare("other", {{"valkey", "8.0.1"}}, 8 * kGibibyte, "us-east-1c");
  EXPECT_TRUE(fleet.DrainAgent(First(), true).ok());
}

TEST_F(Drain, AHostTakesNoMoreThanItHasRoomFor) {
  for (const model::Node& node : shard.nodes) {
    if (node.agent.str() != First()) AddHost(node.agent.str(), {{"valkey", "8.0.1"}}, 0);
  }
  Spare("spare", {{"valkey", "8.0.1"}}, shard.nodes.front().memory_bytes);
  World::Require(world.store.Write([&](ports::Transaction& tx) -> Status {
    model::Node second = shard.nodes.at(1);
    for (const model::Node& planned : tx.plan().Nodes(tx.clusters().Find("orders")->uid)) {
      if (planned.name == second.name) second = planned;
    }
    second.agent = model::AgentName(First());
    return tx.plan().PutNode(second);
  }));
  Refuses("no other host can take " + shard.nodes.at(1).name.str());
}

}  // namespace
}  // namespace cacheplane::service
