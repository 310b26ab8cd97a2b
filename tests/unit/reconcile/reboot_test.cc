// Reboots carried out, and operations that are cancelled in the middle.
#include <gtest/gtest.h>

#include "tests/unit/reconcile/rolling_fixture.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

TEST_F(Rolling, ARebootRestartsEveryNodeOnceAsItIs) {
  installation_.Creates(2);
  installation_.pause_us = 1500;
  const model::ClusterSpec before = installation_.Find("orders")->spec;
  const auto reboot = Reboots();
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kModifying);
  installation_.Pass(10s);
  ASSERT_EQ(Operation(reboot).status, model::OperationStatus::kSucceeded) << Operation(reboot).progress.reason;
  EXPECT_EQ(Operation(reboot).progress.steps.front().detail, "3 of 3 nodes restarted; writes were paused for 1.5 ms");
  EXPECT_EQ(Renewals(), std::vector<std::uint64_t>(3, 1));
  const model::Cluster after = *installation_.Find("orders");
  EXPECT_EQ(after.spec, before);
  EXPECT_EQ(after.status, model::ClusterStatus::kAvailable) << after.status_reason;
  for (const model::Node& node : installation_.NodesOf("orders")) EXPECT_EQ(node.image_version, "8.0.1");
}

TEST_F(Rolling, ARebootOfAReplicaLeavesTheOthersAlone) {
  installation_.Creates(2);
  const auto reboot = Reboots({"Orders-003"});
  installation_.Pass(5s);
  ASSERT_EQ(Operation(reboot).status, model::OperationStatus::kSucceeded) << Operation(reboot).progress.reason;
  EXPECT_EQ(Renewals(), (std::vector<std::uint64_t>{0, 0, 1}));
  EXPECT_EQ(installation_.NodesOf("orders").front().role, model::Role::kPrimary);
}

TEST_F(Rolling, ANodeThatDoesNotComeUpAgainEndsTheReboot) {
  installation_.Creates(2);
  const auto reboot = Reboots();
  installation_.hanging_image = "8.0.1";
  installation_.hanging_from_renewal = 1;
  installation_.Pass(15s);
  const model::Operation operation = Operation(reboot);
  EXPECT_EQ(operation.status, model::OperationStatus::kFailed);
  EXPECT_EQ(operation.progress.reason, "orders-002 did not come up again: it starts, and does not answer");
  EXPECT_EQ(Renewals(), (std::vector<std::uint64_t>{0, 1, 0})) << "nothing else is touched";
  const model::Cluster cluster = *installation_.Find("orders");
  EXPECT_EQ(cluster.status, model::ClusterStatus::kImpaired);
  EXPECT_EQ(cluster.status_reason, "orders-002: the process lives and does not answer");
  installation_.hanging_image.clear();
  installation_.Pass(3s);
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable);
}

TEST_F(Rolling, ACancelledRebootLeavesTheRestAlone) {
  installation_.Creates(2);
  installation_.handovers_fail = true;
  const auto reboot = Reboots();
  installation_.Pass(5s);
  ASSERT_EQ(Operation(reboot).status, model::OperationStatus::kRunning);
  ASSERT_TRUE(world_.operations.CancelOperation(reboot.str()).ok());
  installation_.Pass(5s);
  EXPECT_EQ(Operation(reboot).status, model::OperationStatus::kFailed);
  EXPECT_EQ(Operation(reboot).progress.reason, "it was cancelled");
  EXPECT_EQ(Operation(reboot).progress.steps.front().detail, "2 of 3 nodes restarted");
  EXPECT_EQ(Renewals(), (std::vector<std::uint64_t>{0, 1, 1}));
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable);
}

TEST_F(Rolling, WhatALoneNodeWasLentIsTakenAwayWhenItDoesNotComeUp) {
  installation_.Creates(0);
  const auto reboot = Reboots();
  installation_.hanging_node = "orders-002";
  installation_.Pass(15s);
  EXPECT_EQ(Operation(reboot).status, model::OperationStatus::kFailed);
  EXPECT_NE(Operation(reboot).progress.reason.find("orders-002 did not come up with valkey 8.0.1"), std::string::npos)
      << Operation(reboot).progress.reason;
  EXPECT_EQ(installation_.NodesOf("orders").size(), 1U);
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable);
}

TEST_F(Rolling, ARebootWhoseHandoversAllFailEnds) {
  installation_.Creates(1);
  installation_.handovers_fail = true;
  const auto reboot = Reboots();
  installation_.Pass(30s);
  EXPECT_EQ(Operation(reboot).status, model::OperationStatus::kFailed);
  EXPECT_EQ(Operation(reboot).progress.reason, "5 handovers were given up");
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable);
}

TEST_F(Rolling, ACancelledUpgradeLeavesItsSpareInPlaceOfALostNode) {
  installation_.Creates(2);
  const auto upgrade = Asks({ToVersion});
  installation_.Loses("agent-c");
  installation_.Pass(2s);
  ASSERT_TRUE(world_.operations.CancelOperation(upgrade.str()).ok());
  installation_.Pass(60s);
  EXPECT_EQ(Operation(upgrade).status, model::OperationStatus::kFailed);
  EXPECT_EQ(installation_.Find("orders")->spec.engine_version, "8.0");
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable);
  EXPECT_EQ(installation_.NodesOf("orders").back().name.str(), "orders-004");
}

TEST_F(Rolling, ACancelledUpgradeEndsThoughAHostIsLost) {
  installation_.Creates(2);
  installation_.HasNoRoom();
  const auto upgrade = Asks({ToVersion});
  installation_.Loses("agent-c");
  installation_.Pass(2s);
  ASSERT_TRUE(world_.operations.CancelOperation(upgrade.str()).ok());
  installation_.Pass(20s);
  EXPECT_EQ(Operation(upgrade).status, model::OperationStatus::kFailed);
  EXPECT_EQ(installation_.Find("orders")->spec.engine_version, "8.0");
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kImpaired);
}

TEST_F(Rolling, ACancelledUpgradeGoesBack) {
  installation_.Creates(1);
  installation_.handovers_fail = true;
  const model::ClusterSpec before = installation_.Find("orders")->spec;
  const auto upgrade = Asks({ToVersion});
  installation_.Pass(3s);
  ASSERT_EQ(Operation(upgrade).status, model::OperationStatus::kRunning);
  ASSERT_TRUE(world_.operations.CancelOperation(upgrade.str()).ok());
  installation_.Pass(10s);
  EXPECT_EQ(Operation(upgrade).status, model::OperationStatus::kFailed);
  EXPECT_EQ(Operation(upgrade).failure, "it was cancelled");
  EXPECT_EQ(installation_.Find("orders")->spec, before);
  for (const model::Node& node : installation_.NodesOf("orders")) EXPECT_EQ(node.image_version, "8.0.1");
  EXPECT_EQ(installation_.NodesOf("orders").front().role, model::Role::kPrimary) << "nobody was to notice";
}

TEST_F(Rolling, CancelledScalingGoesBackToAsManyAsThereWere) {
  installation_.Creates(1);
  const auto scaling = Asks({ToReplicas(2)});
  ASSERT_TRUE(world_.operations.CancelOperation(scaling.str()).ok());
  installation_.Pass(5s);
  EXPECT_EQ(Operation(scaling).status, model::OperationStatus::kFailed);
  EXPECT_EQ(installation_.Find("orders")->spec.replicas_per_shard, 1);
  EXPECT_EQ(installation_.NodesOf("orders").size(), 2U);
}

}  // namespace
}  // namespace cacheplane::reconcile
