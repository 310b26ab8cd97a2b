// A cluster is stopped and started: what that leaves in rows, operations and events.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/reconcile/rolling_fixture.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

TEST_F(Rolling, AStoppedClusterIsHeldUntilItIsStarted) {
  installation_.Creates(1);
  const auto stop = world_.clusters.StopCluster({.name = "orders"})->operation->id;
  installation_.Pass(5s);
  EXPECT_EQ(Operation(stop).status, model::OperationStatus::kSucceeded) << Operation(stop).progress.reason;
  EXPECT_EQ(Operation(stop).progress.steps.back().detail, "2 of 2 engines stopped");
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kStopped);
  EXPECT_TRUE(installation_.published.endpoints.empty());
  for (const model::Node& node : installation_.NodesOf("orders")) EXPECT_EQ(node.intent, model::Intent::kHold);
  installation_.Pass(60s);
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kStopped);

  const auto start = world_.clusters.StartCluster({.name = "orders"})->operation->id;
  installation_.Pass(10s);
  EXPECT_EQ(Operation(start).status, model::OperationStatus::kSucceeded) << Operation(start).progress.reason;
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable);
  EXPECT_EQ(installation_.published.endpoints.size(), 2U);
  const auto events = world_.Events();
  for (const char* told : {"Cluster orders is stopped; its data are kept", "Cluster orders is started"}) {
    EXPECT_EQ(std::count(events.begin(), events.end(), told), 1) << told;
  }
}

TEST_F(Rolling, AStoppedClusterCanBeDeleted) {
  installation_.Creates(1);
  ASSERT_TRUE(world_.clusters.StopCluster({.name = "orders"}).ok());
  installation_.Pass(5s);
  ASSERT_TRUE(world_.clusters.DeleteCluster({"orders", "", ""}).ok());
  installation_.Pass(5s);
  EXPECT_EQ(installation_.Find("orders"), std::nullopt);
}

}  // namespace
}  // namespace cacheplane::reconcile
