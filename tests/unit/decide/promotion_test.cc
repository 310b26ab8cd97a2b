#include "controlplane/decide/promotion.h"

#include <gtest/gtest.h>

#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {
namespace {

using namespace std::chrono_literals;

// A dead primary, and two detached replicas with these offsets.
Scenario DeadInFrontOf(std::int64_t second, std::int64_t third) {
  Scenario scenario;
  scenario.Converge().Dies(1).Detached();
  scenario.Facts(2).replication_offset = second;
  scenario.Facts(3).replication_offset = third;
  return scenario;
}

PromoteReplica Promotion(const Scenario& scenario) {
  const Step step = scenario.Next();
  const auto* promotion = As<PromoteReplica>(step);
  if (promotion != nullptr) return *promotion;
  ADD_FAILURE() << Describe(step);
  return {};
}

std::string Reason(const Step& step) {
  if (const auto* waiting = As<Waiting>(step)) return waiting->reason;
  if (const auto* blocked = As<Blocked>(step)) return blocked->reason;
  if (const auto* status = As<SetStatus>(step)) return status->reason;
  return Describe(step);
}

TEST(Promotion, TakesTheHighestOffsetAndSaysWhyNotTheOthers) {
  const PromoteReplica promotion = Promotion(DeadInFrontOf(120, 400));
  EXPECT_EQ(promotion.node.str(), "orders-003");
  EXPECT_EQ(promotion.epoch, model::Epoch{3});
  EXPECT_EQ(promotion.passed_over, std::vector<std::string>{"orders-002: 280 bytes behind orders-003"});
  EXPECT_EQ(promotion.streak, 1);
  EXPECT_FALSE(promotion.unproven);
}

TEST(Promotion, NeverComparesOffsetsOfTwoHistories) {
  Scenario scenario = DeadInFrontOf(120, 400);
  scenario.Facts(3).replication_id = "history-0";
  const PromoteReplica promotion = Promotion(scenario);
  EXPECT_EQ(promotion.node.str(), "orders-002");
  EXPECT_EQ(promotion.passed_over, std::vector<std::string>{"orders-003: its data are of another history"});
}

TEST(Promotion, NeedsNobodysWordWhileTheClusterIsBeingCreated) {
  Scenario scenario = DeadInFrontOf(120, 400);
  scenario.view.cluster.spec.automatic_failover = false;
  EXPECT_EQ(As<PromoteReplica>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.view.cluster.status = model::ClusterStatus::kCreating;
  EXPECT_EQ(Promotion(scenario).node.str(), "orders-003") << "nobody could ask for it: calls are refused until then";
}

TEST(Promotion, WaitsForAReplicaThatCanStillAnswer) {
  Scenario scenario = DeadInFrontOf(120, 400);
  scenario.Facts(3).epoch = model::Epoch{1};
  EXPECT_EQ(As<PromoteReplica>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Promotion, DoesNotTakeAReportOfAReplicaThatStillFollows) {
  Scenario scenario = DeadInFrontOf(120, 400);
  scenario.Facts(3).primary = scenario.Node(1).planned.address;
  EXPECT_EQ(As<PromoteReplica>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Promotion, DoesNotWaitForASilentReplica) {
  Scenario scenario = DeadInFrontOf(120, 400);
  scenario.FallsSilent(3, 2s);
  const PromoteReplica promotion = Promotion(scenario);
  EXPECT_EQ(promotion.node.str(), "orders-002");
  EXPECT_EQ(promotion.passed_over, std::vector<std::string>{"orders-003: agent-c is silent"});
}

TEST(Promotion, SaysWhoCannotTakeOverAndWhy) {
  Scenario scenario = DeadInFrontOf(120, 0);
  scenario.HoldsNothing(3);
  scenario.Facts(2).process = model::ProcessState::kHung;
  const std::string reason = Reason(DecidePromotion(scenario.view, scenario.policy, "it ended", std::nullopt));
  EXPECT_NE(reason.find("cannot fail over, because no replica can take over"), std::string::npos) << reason;
  EXPECT_NE(reason.find("orders-002: its process is hung"), std::string::npos) << reason;
  EXPECT_NE(reason.find("orders-003: holds nothing"), std::string::npos) << reason;
}

TEST(FlapGuard, LetsTheFirstGoAndThenWaitsLongerEachTime) {
  Scenario scenario = DeadInFrontOf(120, 400);
  scenario.view.since_failover = 1s;
  scenario.view.shard->failovers = 2;
  EXPECT_EQ(Promotion(scenario).streak, 3);
  scenario.view.shard->failovers = 3;
  EXPECT_EQ(As<PromoteReplica>(scenario.Next()), nullptr);
  scenario.view.since_failover = 10s;
  EXPECT_NE(As<PromoteReplica>(scenario.Next()), nullptr);
  scenario.view.shard->failovers = 4;
  EXPECT_EQ(As<PromoteReplica>(scenario.Next()), nullptr);
  scenario.view.since_failover = 20s;
  EXPECT_NE(As<PromoteReplica>(scenario.Next()), nullptr);
  scenario.view.since_failover = 1s;
  scenario.Asked(model::OperationKind::kSwitchover, "orders-003");
  EXPECT_EQ(Promotion(scenario).streak, 0) << "who asks is not made to wait, and counts for nobody";
}

TEST(UnresponsivePrimary, IsKilledWhereAnotherCanTakeOver) {
  Scenario scenario;
  scenario.Converge();
  scenario.Facts(1).frozen = true;
  const Step step = scenario.Next();
  ASSERT_NE(As<CondemnNode>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<CondemnNode>(step)->starts, 1U);
  scenario.Node(1).planned.condemned = 1;
  EXPECT_EQ(As<CondemnNode>(scenario.Next()), nullptr);
  scenario.Facts(1).starts = 2;
  EXPECT_NE(As<CondemnNode>(scenario.Next()), nullptr) << "a later process is another matter";
}

TEST(UnresponsivePrimary, IsNeverKilledWhenItHoldsTheOnlyCopy) {
  Scenario alone(0, false);
  alone.Converge();
  alone.Facts(1).frozen = true;
  EXPECT_EQ(As<CondemnNode>(alone.Next()), nullptr);
  Scenario empty;
  empty.Converge();
  empty.Facts(1).process = model::ProcessState::kHung;
  empty.HoldsNothing(2).HoldsNothing(3);
  EXPECT_EQ(As<CondemnNode>(empty.Next()), nullptr);
  Scenario unwritten;
  unwritten.Converge();
  unwritten.Facts(1).process = model::ProcessState::kHung;
  for (const int ordinal : {1, 2, 3}) unwritten.Facts(ordinal).replication_offset = 0;
  EXPECT_NE(As<CondemnNode>(unwritten.Next()), nullptr) << "they hold all that there is";
}

TEST(SilentPrimary, IsGivenLongerWhenNobodyWasInSync) {
  Scenario scenario;
  scenario.Converge().FallsSilent(1, 4s);
  scenario.Node(1).lease_left = -1s;
  scenario.Node(2).planned.recovering = scenario.Node(3).planned.recovering = true;
  EXPECT_EQ(Reason(scenario.Next()), "orders-001: agent-a is silent, and no replica that is heard was in sync");
  scenario.FallsSilent(1, 5s + 1ms);
  EXPECT_NE(As<DetachReplicas>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.FallsSilent(1, 4s);
  scenario.Node(3).planned.recovering = false;
  EXPECT_NE(As<DetachReplicas>(scenario.Next()), nullptr) << "one was: " << Describe(scenario.Next());
  scenario.FallsSilent(3, 4s);
  EXPECT_EQ(As<DetachReplicas>(scenario.Next()), nullptr) << "it cannot take over now: " << Describe(scenario.Next());
}

TEST(SilentPrimary, IsReplacedOnlyAfterItsLease) {
  Scenario scenario;
  scenario.Converge().FallsSilent(1, 800ms);
  EXPECT_EQ(As<DetachReplicas>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.Node(1).lease_left = 0ms;
  EXPECT_EQ(As<DetachReplicas>(scenario.Next()), nullptr) << "a session that ended says little by itself";
  scenario.FallsSilent(1, 1000ms);
  const Step step = scenario.Next();
  ASSERT_NE(As<DetachReplicas>(step), nullptr) << Describe(step);
  EXPECT_EQ(UnprovenIn(step), scenario.Node(1).planned.incarnation);
  scenario.Detached();
  EXPECT_EQ(Promotion(scenario).unproven, scenario.Node(1).planned.incarnation);
}

TEST(SilentPrimary, IsNotReplacedWhileAReplicaHearsIt) {
  Scenario scenario;
  scenario.Converge().FallsSilent(1, 3s);
  scenario.Node(1).lease_left = -1s;
  scenario.Facts(2).promised = true;
  EXPECT_EQ(As<DetachReplicas>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(SilentPrimary, IsNotReplacedWhereNothingWouldEndItsWrites) {
  Scenario scenario;
  scenario.Converge().FallsSilent(1, 3s);
  scenario.Node(1).lease_left = -1s;
  scenario.Node(1).fence = "none";
  EXPECT_NE(Reason(scenario.Next()).find("nothing on agent-a would end the writes"), std::string::npos)
      << Describe(scenario.Next());
}

}  // namespace
}  // namespace cacheplane::decide
