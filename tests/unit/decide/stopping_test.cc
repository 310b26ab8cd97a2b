// A cluster is stopped, and started again.
#include "controlplane/decide/stopping.h"

#include <gtest/gtest.h>

#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {
namespace {

using model::OperationKind;
using model::ProcessState;
using namespace std::chrono_literals;

class Stopping : public testing::Test {
 protected:
  Stopping() {
    scenario.Converge().Asked(OperationKind::kStopCluster, "");
    scenario.view.cluster.status = model::ClusterStatus::kModifying;
  }

  void Held() {
    scenario.Withdrawn().Served();
    for (NodeView& node : scenario.view.nodes) node.planned.intent = model::Intent::kHold;
  }
  void Ended() {
    for (NodeView& node : scenario.view.nodes) {
      scenario.Dies(node.planned.ordinal, "exit status 0");
      node.facts->clean_stop = scenario.view.shard->attached;
      node.facts->saved.emplace().id = "saved-" + node.planned.name.str();
    }
  }
  void Starts() {
    scenario.Asked(OperationKind::kStartCluster, "");
    scenario.view.cluster.status = model::ClusterStatus::kModifying;
  }

  Scenario scenario;
};

TEST_F(Stopping, ClientsAreLedAwayBeforeProcessesEnd) {
  EXPECT_EQ(scenario.Next(), Step(WithdrawEndpoints{}));
  scenario.Withdrawn();
  EXPECT_NE(As<Waiting>(scenario.Next()), nullptr) << "routers do not have it yet: " << Describe(scenario.Next());
  scenario.view.routers.served_version = 2;
  EXPECT_EQ(scenario.Next(), Step(HoldNodes{}));
}

TEST_F(Stopping, ItIsStoppedWhenEveryProcessHasEnded) {
  Held();
  EXPECT_EQ(As<Waiting>(scenario.Next())->reason, "orders-001: saves its data and ends");
  Ended();
  EXPECT_EQ(scenario.Next(), Step(CompleteOperation{}));
}

TEST_F(Stopping, WhatAProcessSavedIsKnownWhenItIsGone) {
  Held();
  Ended();
  scenario.Facts(2).ending = true;
  EXPECT_EQ(scenario.Next(), Step(Waiting{"orders-002: saves its data and ends", 1s}));
}

TEST_F(Stopping, ALostHostIsNotWaitedFor) {
  Held();
  Ended();
  scenario.Facts(3).process = ProcessState::kRunning;
  scenario.FallsSilent(3, 29s);
  EXPECT_NE(As<Waiting>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.FallsSilent(3, 31s);
  EXPECT_EQ(scenario.Next(), Step(CompleteOperation{}));
}

TEST_F(Stopping, NothingHappensToOneThatIsStopped) {
  Held();
  Ended();
  scenario.view.operation.reset();
  scenario.view.cluster.status = model::ClusterStatus::kStopped;
  EXPECT_EQ(scenario.Next(), Step(Converged{}));
  scenario.FallsSilent(3, 10min).FallsSilent(1, 10min);
  EXPECT_EQ(scenario.Next(), Step(Converged{}));
}

TEST_F(Stopping, StartedAgainThePrimaryHasWhatItSaved) {
  Held();
  Ended();
  Starts();
  EXPECT_EQ(scenario.Next(), Step(ReleaseNodes{}));
  for (NodeView& node : scenario.view.nodes) node.planned.intent = model::Intent::kRun;
  const Step step = scenario.Next();
  ASSERT_NE(As<StartPrimary>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<StartPrimary>(step)->node.str(), "orders-001");
  EXPECT_EQ(As<StartPrimary>(step)->data, "saved-orders-001");
}

TEST_F(Stopping, ClientsAreLedToItWhenThePrimaryIsVerified) {
  Starts();
  scenario.Withdrawn();
  scenario.view.routers.served_version = 2;
  scenario.Dies(3);
  scenario.Facts(1).role = model::Role::kReplica;
  EXPECT_EQ(As<PublishEndpoints>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.Facts(1).role = model::Role::kPrimary;
  EXPECT_NE(As<PublishEndpoints>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.Published().Served();
  EXPECT_EQ(As<CompleteOperation>(scenario.Next()), nullptr) << "not all of it is verified";
  scenario.Runs(3);
  if (As<PublishEndpoints>(scenario.Next()) != nullptr) scenario.Published().Served();
  EXPECT_EQ(scenario.Next(), Step(CompleteOperation{}));
}

TEST_F(Stopping, AStartEndsThoughALostNodeFindsNoPlace) {
  Starts();
  scenario.LosesHost(3);
  if (As<PublishEndpoints>(scenario.Next()) != nullptr) scenario.Published();
  scenario.Served();
  for (HostView& host : scenario.view.hosts) host.reserved_bytes = host.host.memory_bytes;
  const Step step = scenario.Next();
  ASSERT_NE(As<FailOperation>(step), nullptr) << Describe(step);
  EXPECT_FALSE(As<FailOperation>(step)->impaired.empty());
}

TEST_F(Stopping, ACancelledStopIsAStart) {
  Held();
  scenario.view.operation->cancelled = true;
  EXPECT_EQ(scenario.Next(), Step(ReleaseNodes{}));
  for (NodeView& node : scenario.view.nodes) node.planned.intent = model::Intent::kRun;
  ASSERT_NE(As<PublishEndpoints>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.Published().Served();
  EXPECT_EQ(scenario.Next(), Step(FailOperation{"it was cancelled"}));
}

}  // namespace
}  // namespace cacheplane::decide
