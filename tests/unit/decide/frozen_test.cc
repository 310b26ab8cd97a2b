// Nothing is done to a frozen cluster that nobody asked for.
#include <gtest/gtest.h>

#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {
namespace {

class Frozen : public testing::Test {
 protected:
  Frozen() {
    scenario.Converge();
    scenario.view.cluster.spec.frozen = true;
  }

  // The status says what is left undone, and nothing else happens.
  void IsLeftAlone(const std::string& because) {
    const std::string reason = because +
                               "; nothing is done about it, because the cluster is frozen; \"cachectl cluster modify "
                               "orders --no-frozen\" ends that";
    EXPECT_EQ(scenario.Next(), Step(SetStatus{model::ClusterStatus::kImpaired, reason}));
    scenario.view.cluster.status = model::ClusterStatus::kImpaired;
    EXPECT_EQ(scenario.Next(), Step(Blocked{reason}));
  }

  Scenario scenario;
};

TEST_F(Frozen, AWellOneIsAvailable) { EXPECT_EQ(scenario.Next(), Step(Converged{})); }

TEST_F(Frozen, ADeadPrimaryIsNotReplaced) {
  scenario.Dies(1);
  IsLeftAlone("orders-001: ended: signal 9");
  scenario.view.cluster.spec.frozen = false;
  EXPECT_NE(As<DetachReplicas>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST_F(Frozen, WhatIsAskedForGoesOnWithTheFailoverThatItNeeds) {
  scenario.Asked(model::OperationKind::kSwitchover, "orders-002");
  EXPECT_NE(As<SwitchPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.Dies(1);
  EXPECT_NE(As<DetachReplicas>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST_F(Frozen, ALostReplicaIsNotReplaced) {
  scenario.Host("agent-d", "zone-c");
  scenario.LosesHost(3);
  if (As<PublishEndpoints>(scenario.Next()) != nullptr) scenario.Published();
  scenario.Served();
  IsLeftAlone("orders-003 is lost");
}

TEST_F(Frozen, ReadersAreStillLedToWhoServesThem) {
  scenario.Dies(3);
  EXPECT_NE(As<PublishEndpoints>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST_F(Frozen, NoMaintenanceAndNoMoveBegins) {
  scenario.view.cluster.pending = model::BuildOf(scenario.view.cluster.spec);
  scenario.view.cluster.pending->parameter_group = "other";
  scenario.view.window_left = scenario.view.window_length = std::chrono::hours(1);
  scenario.view.pending_data_bytes = kGib;
  scenario.Node(3).admission = model::Admission::kDraining;
  EXPECT_EQ(scenario.Next(), Step(Converged{}));
  scenario.view.cluster.spec.frozen = false;
  EXPECT_NE(As<StartPending>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.view.cluster.pending.reset();
  EXPECT_EQ(scenario.Next(), Step(StartMove{}));
}

}  // namespace
}  // namespace cacheplane::decide
