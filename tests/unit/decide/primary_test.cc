#include "controlplane/decide/primary.h"

#include <gtest/gtest.h>

#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {
namespace {

using model::ClusterStatus;
using namespace std::chrono_literals;

std::string ReasonOf(const Step& step) {
  if (const auto* waiting = As<Waiting>(step)) return waiting->reason;
  if (const auto* blocked = As<Blocked>(step)) return blocked->reason;
  if (const auto* status = As<SetStatus>(step)) return status->reason;
  return "no reason in " + Describe(step);
}

bool Contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(DeadPrimary, IsNeverStartedInFrontOfReplicasThatHoldData) {
  Scenario scenario;
  scenario.Converge().Dies(1);
  EXPECT_EQ(scenario.Next(), Step(DetachReplicas{model::Epoch{2}}));
  scenario.Detached();
  ASSERT_NE(As<PromoteReplica>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(DeadPrimary, AndNotItsSuccessorIsWhatIsWrong) {
  Scenario scenario;
  scenario.Converge().Dies(1).Detached().Swapped(2).Published();
  scenario.view.shard->former = scenario.Node(1).planned.name;
  EXPECT_EQ(scenario.Next(),
            Step(SetStatus{ClusterStatus::kImpaired, "orders-001: ended: signal 9; orders-002 takes over"}));
  scenario.FallsSilent(1, 2s);
  EXPECT_EQ(ReasonOf(scenario.Next()), "orders-001: agent-a is silent; orders-002 takes over");
}

TEST(DeadPrimary, WithoutAutomaticFailoverWaitsForAnOperator) {
  Scenario scenario;
  scenario.Converge().Dies(1).Detached();
  scenario.view.cluster.spec.automatic_failover = false;
  const Step step = scenario.Next();
  ASSERT_NE(As<SetStatus>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<SetStatus>(step)->status, ClusterStatus::kImpaired);
  scenario.view.cluster.status = ClusterStatus::kImpaired;
  EXPECT_TRUE(Contains(ReasonOf(scenario.Next()), "automatic failover is off")) << Describe(scenario.Next());
  scenario.Asked(model::OperationKind::kSwitchover, "orders-003");
  ASSERT_NE(As<PromoteReplica>(scenario.Next()), nullptr) << Describe(scenario.Next());
  EXPECT_EQ(As<PromoteReplica>(scenario.Next())->node.str(), "orders-003");
}

TEST(DeadPrimary, AloneIsStartedAgain) {
  Scenario scenario(0, false);
  scenario.Converge().Dies(1);
  EXPECT_EQ(scenario.Next(), Step(StartPrimary{model::NodeName("orders-001"), model::Epoch{2},
                                               "the shard's only node; what it held in memory is lost"}));
}

TEST(DeadPrimary, GetsAPermitAboveEveryOneItsAgentEverUsed) {
  Scenario scenario(0, false);
  scenario.Converge().Dies(1);
  scenario.Facts(1).boot = model::Boot{7};
  ASSERT_NE(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
  EXPECT_EQ(As<StartPrimary>(scenario.Next())->epoch, model::Epoch{8});
  scenario.view.shard->epoch = scenario.view.shard->detached = model::Epoch{2};
  scenario.Node(1).planned.boot = model::Boot{2};
  EXPECT_NE(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(DeadPrimary, ThatStoppedCleanlyAsTheLastOpenPrimaryIsStartedAgain) {
  Scenario scenario;
  scenario.Converge().Dies(1, "stopped");
  scenario.Facts(1).clean_stop = model::Epoch{1};
  EXPECT_NE(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.Detached();
  EXPECT_NE(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(DeadPrimary, ThatStoppedCleanlyBeforeAnotherWasOpenIsNot) {
  Scenario scenario;
  scenario.Converge().Dies(1, "stopped");
  scenario.view.shard->epoch = scenario.view.shard->attached = model::Epoch{2};
  scenario.Facts(1).clean_stop = model::Epoch{1};
  EXPECT_EQ(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(DeadPrimary, InFrontOfReplicasThatReportEmptinessAfterTheDetachIsStartedAgain) {
  Scenario scenario;
  scenario.Converge().Dies(1).Detached();
  scenario.HoldsNothing(2).HoldsNothing(3);
  EXPECT_NE(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(DeadPrimary, ThatWasNeverWrittenToIsReplacedByAReplicaThatHoldsTheSameNothing) {
  Scenario scenario;
  scenario.Converge().Dies(1).Detached();
  for (const int ordinal : {1, 2, 3}) scenario.Facts(ordinal).replication_offset = 0;
  EXPECT_NE(As<PromoteReplica>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.view.cluster.spec.automatic_failover = false;
  EXPECT_NE(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(DeadPrimary, IsNotReplacedByOneThatHoldsNothingWhileSomebodyHoldsMore) {
  Scenario scenario;
  scenario.Converge().Dies(1).Detached();
  scenario.Facts(2).replication_offset = 0;
  scenario.Facts(3).frozen = true;
  EXPECT_NE(As<SetStatus>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

// A report from before the detach may be older than the last write the replica received.
TEST(DeadPrimary, InFrontOfAReplicaWithAnOldReportOfEmptinessIsNot) {
  Scenario scenario;
  scenario.Converge().Dies(1).Detached();
  scenario.HoldsNothing(2).HoldsNothing(3);
  scenario.Facts(3).epoch = model::Epoch{1};
  EXPECT_EQ(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(DeadPrimary, StartedAgainTakesItsReplicasBackInTheNewEpoch) {
  Scenario scenario;
  scenario.Converge().Dies(1).Detached();
  scenario.Node(1).planned.boot = model::Boot{2};
  scenario.Runs(1);
  EXPECT_EQ(scenario.Next(), Step(AttachReplicas{model::Epoch{2}}));
}

TEST(DeadPrimary, BeforeAnyClientCouldWriteIsStartedAgain) {
  Scenario scenario;
  scenario.Place().Runs(1).Runs(2).Runs(3).Dies(1);
  scenario.view.shard->attached = model::Epoch{1};
  EXPECT_NE(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(DeadPrimary, WhosePermitIsNotUsedYetIsWaitedFor) {
  Scenario scenario(0, false);
  scenario.Converge().Dies(1);
  scenario.Node(1).planned.boot = model::Boot{2};
  scenario.view.shard->epoch = scenario.view.shard->detached = model::Epoch{2};
  EXPECT_EQ(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(DeadPrimary, OfASilentAgentIsNotJudged) {
  Scenario scenario(0, false);
  scenario.Converge().Dies(1).FallsSilent(1, 60s);
  EXPECT_EQ(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

// An agent that lost its disk reports that it never used a permit.
TEST(DeadPrimary, OfAnAgentThatForgotItIsNotStartedInFrontOfReplicas) {
  Scenario scenario;
  scenario.Converge().Dies(1);
  scenario.Facts(1).boot = model::Boot{0};
  scenario.Facts(1).epoch = model::Epoch{0};
  EXPECT_EQ(scenario.Next(), Step(DetachReplicas{model::Epoch{2}}));
}

}  // namespace
}  // namespace cacheplane::decide
