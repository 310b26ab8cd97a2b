// A modification carried out: what it leaves in rows and in its operation, whatever comes between.
#include <gtest/gtest.h>

#include "tests/unit/reconcile/rolling_fixture.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

TEST_F(Rolling, OnlyItsOwnHandoverIsWhatItCostWriters) {
  installation_.Creates(1);
  installation_.pause_us = 1500;
  const auto switchover = SwitchesOver();
  installation_.Pass(2s);
  EXPECT_EQ(Operation(switchover).write_pause_us, 1500);
  const auto scaling = Asks({ToReplicas(2)});
  installation_.Pass(3s);
  ASSERT_EQ(Operation(scaling).status, model::OperationStatus::kSucceeded) << Operation(scaling).progress.reason;
  EXPECT_EQ(Operation(scaling).write_pause_us, 0);
  installation_.pause_us = 2500;
  const auto upgrade = Asks({ToVersion});
  installation_.Pass(10s);
  ASSERT_EQ(Operation(upgrade).status, model::OperationStatus::kSucceeded) << Operation(upgrade).progress.reason;
  EXPECT_EQ(Operation(upgrade).write_pause_us, 2500);
}

TEST_F(Rolling, ASpareThatDoesNotComeUpIsTakenAwayAgain) {
  installation_.Creates(1);
  installation_.hanging_image = "8.1.1";
  const std::vector<model::Node> before = installation_.NodesOf("orders");
  const auto upgrade = Asks({ToVersion});
  installation_.Pass(15s);
  EXPECT_EQ(Operation(upgrade).status, model::OperationStatus::kFailed);
  EXPECT_NE(Operation(upgrade).progress.reason.find("orders-003 did not come up with valkey 8.1.1"), std::string::npos)
      << Operation(upgrade).progress.reason;
  EXPECT_EQ(installation_.NodesOf("orders"), before) << "nobody who serves was touched";
}

TEST_F(Rolling, WhatDoesNotComeUpTakesTheDefinitionBack) {
  installation_.Creates(1);
  installation_.HasNoRoom();
  installation_.hanging_image = "8.1.1";
  const model::ClusterSpec before = installation_.Find("orders")->spec;
  const auto upgrade = Asks({ToVersion});
  installation_.Pass(15s);
  const model::Operation operation = Operation(upgrade);
  EXPECT_EQ(operation.status, model::OperationStatus::kFailed);
  EXPECT_NE(operation.progress.reason.find("orders-002 did not come up with valkey 8.1.1"), std::string::npos)
      << operation.progress.reason;
  const model::Cluster after = *installation_.Find("orders");
  EXPECT_EQ(after.spec, before);
  EXPECT_EQ(after.status, model::ClusterStatus::kAvailable) << after.status_reason;
  ASSERT_EQ(operation.progress.steps.size(), 3U);
  EXPECT_EQ(operation.progress.steps.front(),
            (model::OperationStep{"put nodes back", model::StepStatus::kDone, "2 of 2 nodes as defined"}));
  EXPECT_EQ(installation_.NodesOf("orders")[1].condemned, 2U) << "what hung was not asked to save";
  for (const model::Node& node : installation_.NodesOf("orders"))
    EXPECT_EQ(node.image_version, "8.0.1") << node.name.str();
}

TEST_F(Rolling, WhatWaitsIsGivenUpWithWhatItWasAddedTo) {
  installation_.Creates(1);
  installation_.handovers_fail = true;
  Asks({ToVersion});
  service::ModifyClusterRequest later = Request({[](service::ClusterDraft& spec, std::vector<std::string>& mask) {
    spec.node_type = "cache.t4g.medium";
    mask.emplace_back("node_type");
  }});
  later.apply_immediately = false;
  Asks(later);
  ASSERT_NE(installation_.Find("orders")->pending, std::nullopt);
  installation_.Pass(30s);
  EXPECT_EQ(installation_.Find("orders")->spec.engine_version, "8.0");
  EXPECT_EQ(installation_.Find("orders")->pending, std::nullopt);
}

TEST_F(Rolling, ALoneNodeGoesBackToBeingAlone) {
  installation_.Creates(0);
  installation_.hanging_image = "8.1.1";
  const model::ClusterSpec before = installation_.Find("orders")->spec;
  const auto upgrade = Asks({ToVersion, ToReplicas(1), Spread});
  installation_.Pass(15s);
  EXPECT_EQ(Operation(upgrade).status, model::OperationStatus::kFailed);
  EXPECT_EQ(installation_.Find("orders")->spec, before);
  EXPECT_EQ(installation_.NodesOf("orders").size(), 1U);
}

TEST_F(Rolling, AHandoverThatIsGivenUpIsTriedAgainLater) {
  installation_.Creates(1);
  installation_.handovers_fail = true;
  const auto upgrade = Asks({ToVersion});
  installation_.Pass(3s);
  const model::Operation waiting = Operation(upgrade);
  EXPECT_EQ(waiting.status, model::OperationStatus::kRunning);
  ASSERT_TRUE(waiting.expected_end.has_value());
  EXPECT_GT(*waiting.expected_end, waiting.created);
  EXPECT_FALSE(installation_.NodesOf("orders")[1].readers_away) << "it is in sync again";
  EXPECT_GE(waiting.attempts, 1);
  EXPECT_GT(waiting.retry_at, world_.clock.Now() - 2s);
  EXPECT_EQ(installation_.NodesOf("orders").front().role, model::Role::kPrimary);
  installation_.handovers_fail = false;
  installation_.Pass(8s);
  EXPECT_EQ(Operation(upgrade).expected_end, std::nullopt);
  EXPECT_EQ(Operation(upgrade).status, model::OperationStatus::kSucceeded) << Operation(upgrade).progress.reason;
}

TEST_F(Rolling, HandoversThatAllFailGoBack) {
  installation_.Creates(1);
  installation_.handovers_fail = true;
  const auto upgrade = Asks({ToVersion});
  installation_.Pass(30s);
  const model::Operation operation = Operation(upgrade);
  EXPECT_EQ(operation.status, model::OperationStatus::kFailed);
  EXPECT_NE(operation.failure.find("5 handovers were given up"), std::string::npos) << operation.failure;
  EXPECT_EQ(installation_.Find("orders")->spec.engine_version, "8.0");
}

TEST_F(Rolling, ReadersComeBackToAPrimaryThatWasToLeave) {
  installation_.Creates(1);
  const auto scaling = Asks({ToReplicas(2)});
  // As it stands where a failover made a node primary that was about to be renewed.
  service::World::Require(world_.store.Write([&](ports::Transaction& tx) {
    model::Node primary = installation_.NodesOf("orders").front();
    primary.readers_away = true;
    return tx.plan().PutNode(primary);
  }));
  installation_.Pass(3s);
  ASSERT_EQ(Operation(scaling).status, model::OperationStatus::kSucceeded) << Operation(scaling).progress.reason;
  for (const model::Node& node : installation_.NodesOf("orders")) EXPECT_FALSE(node.readers_away) << node.name.str();
}

TEST_F(Rolling, WhatWaitedBeginsInsideTheWindow) {
  installation_.Creates(1);
  service::ModifyClusterRequest request = Request({ToVersion});
  request.apply_immediately = false;
  Asks(request);
  installation_.Pass(3s);
  ASSERT_EQ(installation_.Find("orders")->spec.engine_version, "8.0");
  UntilWindowOpens();
  installation_.Pass(15s);
  const model::Cluster after = *installation_.Find("orders");
  EXPECT_EQ(after.spec.engine_version, "8.1");
  EXPECT_EQ(after.pending, std::nullopt);
  EXPECT_EQ(after.status, model::ClusterStatus::kAvailable) << after.status_reason;
  for (const model::Node& node : installation_.NodesOf("orders"))
    EXPECT_EQ(node.image_version, "8.1.1") << node.name.str();
}

}  // namespace
}  // namespace cacheplane::reconcile
