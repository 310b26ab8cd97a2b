// A host is drained: what that leaves in rows, operations and events.
#include <gtest/gtest.h>

#include <algorithm>

#include "controlplane/service/fleet_service.h"
#include "tests/unit/reconcile/rolling_fixture.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

class Drained : public Rolling {
 protected:
  std::vector<model::Operation> Operations() { return world_.operations.ListOperations("orders", {})->items; }
  std::vector<std::string> OnAgent(const std::string& agent) {
    std::vector<std::string> names;
    for (const model::Node& node : installation_.NodesOf("orders")) {
      if (node.agent.str() == agent) names.push_back(node.name.str());
    }
    return names;
  }
  std::size_t Told(const std::string& part) {
    const auto events = world_.Events();
    return static_cast<std::size_t>(std::count_if(
        events.begin(), events.end(), [&](const std::string& event) { return event.find(part) != std::string::npos; }));
  }

  service::FleetService fleet_{world_.store, world_.facts, {world_.signals, world_.signals}, world_.clock};
};

TEST_F(Drained, ThePrimaryLeavesAndItsPauseIsTold) {
  installation_.Creates(1);
  installation_.pause_us = 1500;
  const model::Node primary = installation_.NodesOf("orders").front();
  ASSERT_TRUE(fleet_.DrainAgent(primary.agent.str(), false).ok());
  installation_.Pass(10s);
  EXPECT_TRUE(OnAgent(primary.agent.str()).empty());
  const model::Cluster after = *installation_.Find("orders");
  EXPECT_EQ(after.status, model::ClusterStatus::kAvailable) << after.status_reason;
  EXPECT_EQ(installation_.NodesOf("orders").size(), 2U);
  const model::Operation move = Operations().front();
  EXPECT_EQ(move.kind, model::OperationKind::kMoveNodes);
  EXPECT_EQ(move.status, model::OperationStatus::kSucceeded) << move.progress.reason;
  EXPECT_EQ(move.write_pause_us, 1500) << "though the node that handed over is gone";
  EXPECT_EQ(move.progress.steps.front().detail, "writes were paused for 1.5 ms");
  EXPECT_EQ(Told("Nodes of cluster orders are moved: orders-001 leaves agent-a"), 1U);
  EXPECT_EQ(Told("Moving nodes of cluster orders completed; writes were paused for 1.5 ms"), 1U);
}

TEST_F(Drained, OnlyOnceAnOperationUnderWayHasEnded) {
  installation_.Creates(1);
  const auto upgrade = Asks({ToVersion});
  ASSERT_TRUE(fleet_.DrainAgent("agent-a", false).ok());
  installation_.Pass(20s);
  EXPECT_EQ(Operation(upgrade).status, model::OperationStatus::kSucceeded);
  EXPECT_EQ(Operations().front().kind, model::OperationKind::kMoveNodes);
  EXPECT_TRUE(OnAgent("agent-a").empty());
}

TEST_F(Drained, OpenedAgainNobodyLeavesAnyMore) {
  installation_.Creates(1);
  installation_.ended.insert("orders-003");
  ASSERT_TRUE(fleet_.DrainAgent("agent-b", false).ok());
  installation_.Pass(2s);
  ASSERT_EQ(installation_.NodesOf("orders").size(), 3U);
  ASSERT_TRUE(fleet_.UncordonAgent("agent-b").ok());
  installation_.Pass(2s);
  EXPECT_EQ(Operations().front().status, model::OperationStatus::kSucceeded);
  EXPECT_EQ(installation_.NodesOf("orders").size(), 2U);
  EXPECT_EQ(OnAgent("agent-b"), std::vector<std::string>{"orders-002"});
}

TEST_F(Drained, ANodeThatDoesNotComeUpElsewhereIsTakenAwayAndTriedLater) {
  installation_.Creates(1);
  installation_.hanging_node = "orders-003";
  ASSERT_TRUE(fleet_.DrainAgent("agent-b", false).ok());
  installation_.Pass(5s);
  const model::Operation failed = Operations().front();
  EXPECT_EQ(failed.status, model::OperationStatus::kFailed);
  EXPECT_NE(failed.progress.reason.find("orders-003 did not come up with valkey 8.0.1"), std::string::npos)
      << failed.progress.reason;
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable);
  EXPECT_EQ(installation_.NodesOf("orders").size(), 2U);
  installation_.hanging_node.clear();
  installation_.Pass(60s);
  EXPECT_EQ(Operations().front().id, failed.id) << "not at once";
  installation_.Pass(300s);
  EXPECT_TRUE(OnAgent("agent-b").empty());
}

TEST_F(Drained, OneHostAfterTheOther) {
  installation_.Creates(1);
  ASSERT_TRUE(fleet_.DrainAgent("agent-a", false).ok());
  installation_.Pass(10s);
  ASSERT_TRUE(OnAgent("agent-a").empty());
  ASSERT_TRUE(fleet_.UncordonAgent("agent-a").ok());
  ASSERT_TRUE(fleet_.DrainAgent("agent-b", false).ok());
  installation_.Pass(10s);
  EXPECT_TRUE(OnAgent("agent-b").empty()) << "a move that succeeded keeps nobody from another one";
}

TEST_F(Drained, CannotBeCancelledByItsOperation) {
  installation_.Creates(1);
  installation_.ended.insert("orders-003");
  ASSERT_TRUE(fleet_.DrainAgent("agent-b", false).ok());
  installation_.Pass(1s);
  const auto refused = world_.operations.CancelOperation(Operations().front().id.str());
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("UncordonAgent"), std::string::npos) << refused.error().message;
}

}  // namespace
}  // namespace cacheplane::reconcile
