#include "controlplane/decide/restore.h"

#include <gtest/gtest.h>

#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {
namespace {

using namespace std::chrono_literals;

WallTime Second(int second) { return WallTime(std::chrono::seconds(1'800'000'000 + second)); }

// Every process of the shard has ended: replicas run again, empty, and were asked in an epoch of their own.
Scenario AllLost() {
  Scenario scenario;
  scenario.Converge().Dies(1).Detached().HoldsNothing(2).HoldsNothing(3);
  scenario.Facts(1).replication_id.clear();
  return scenario;
}

void Saves(Scenario& scenario, int ordinal, const std::string& history, std::int64_t offset, int second) {
  scenario.Facts(ordinal).saved = model::SavedData{"file-" + std::to_string(ordinal), history, offset, Second(second)};
}

RestoreShard Restored(const Scenario& scenario) {
  const Step step = scenario.Next();
  if (const auto* restore = As<RestoreShard>(step)) return *restore;
  ADD_FAILURE() << Describe(step);
  return {};
}

std::string Reason(const Step& step) {
  if (const auto* waiting = As<Waiting>(step)) return waiting->reason;
  if (const auto* blocked = As<Blocked>(step)) return blocked->reason;
  if (const auto* status = As<SetStatus>(step)) return status->reason;
  return Describe(step);
}

bool Contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Restore, TakesTheHighestOffsetOfAHistoryHoweverOld) {
  Scenario scenario = AllLost();
  Saves(scenario, 1, "history-1", 100, 50);
  Saves(scenario, 2, "history-1", 300, 10);
  Saves(scenario, 3, "history-1", 200, 90);
  const RestoreShard restore = Restored(scenario);
  EXPECT_EQ(restore.node.str(), "orders-002");
  EXPECT_EQ(restore.data, "file-2");
  EXPECT_EQ(restore.epoch, model::Epoch{3});
  EXPECT_EQ(restore.attempt, 1);
  EXPECT_FALSE(restore.unproven);
  EXPECT_TRUE(Contains(restore.reason, "as of 2027-01-15T08:00:10Z")) << restore.reason;
  EXPECT_EQ(restore.others,
            (std::vector<std::string>{"orders-001: saved as of 2027-01-15T08:00:50Z, 200 bytes behind",
                                      "orders-003: saved as of 2027-01-15T08:01:30Z, 100 bytes behind"}));
  EXPECT_EQ(restore.lost, "whatever was written after 2027-01-15T08:00:10Z is lost");
}

TEST(Restore, OfTwoHistoriesTakesTheLater) {
  Scenario scenario = AllLost();
  Saves(scenario, 1, "history-1", 900, 50);
  Saves(scenario, 2, "history-2", 100, 40);
  Saves(scenario, 3, "history-2", 200, 45);
  EXPECT_EQ(Restored(scenario).node.str(), "orders-001");
  EXPECT_EQ(Restored(scenario).others.back(), "orders-003: saved as of 2027-01-15T08:00:45Z, in another history");
  Saves(scenario, 3, "history-2", 200, 55);
  EXPECT_EQ(Restored(scenario).node.str(), "orders-003");
}

TEST(Restore, FilesThatDoNotSayTheirHistoryAreComparedByTime) {
  Scenario scenario = AllLost();
  Saves(scenario, 2, "", 0, 60);
  Saves(scenario, 3, "", 0, 61);
  EXPECT_EQ(Restored(scenario).node.str(), "orders-003");
}

TEST(Restore, TheFormerPrimaryWinsTies) {
  Scenario scenario = AllLost();
  for (const int ordinal : {1, 2, 3}) Saves(scenario, ordinal, "history-1", 100, 50);
  EXPECT_EQ(Restored(scenario).node.str(), "orders-001");
  EXPECT_EQ(Restored(scenario).others.front(), "orders-002: saved as much");
}

TEST(Restore, SaysHowMuchOfTheStreamIsKnownToBeLost) {
  Scenario scenario = AllLost();
  Saves(scenario, 3, "history-1", 100, 50);
  scenario.Facts(1).replication_id = "history-1";
  scenario.Facts(1).replication_offset = 170;
  EXPECT_TRUE(Contains(Restored(scenario).lost, "at least 70 bytes of its stream")) << Restored(scenario).lost;
}

TEST(Restore, NeverBesideAProcessThatHoldsData) {
  Scenario scenario = AllLost();
  Saves(scenario, 2, "history-1", 300, 10);
  scenario.SaysInEpoch(3, 5);
  EXPECT_NE(As<PromoteReplica>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Restore, NeverBesideAProcessThatHasNotAnsweredYet) {
  Scenario scenario = AllLost();
  Saves(scenario, 2, "history-1", 300, 10);
  scenario.Facts(3).epoch = model::Epoch{1};
  EXPECT_TRUE(Contains(Reason(scenario.Next()), "asked what they hold")) << Describe(scenario.Next());
  scenario.Facts(3).epoch = model::Epoch{2};
  scenario.Facts(3).process = model::ProcessState::kStarting;
  EXPECT_EQ(As<RestoreShard>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Restore, ALoneNodeStartsWithWhatItSaved) {
  Scenario scenario(0, false);
  scenario.Converge().Dies(1);
  Saves(scenario, 1, "", 0, 5);
  EXPECT_EQ(Restored(scenario).data, "file-1");
  EXPECT_TRUE(Restored(scenario).others.empty());
}

TEST(Restore, NothingSavedStartsEmptyInTheFormerPrimary) {
  EXPECT_EQ(AllLost().Next(), Step(StartPrimary{model::NodeName("orders-001"), model::Epoch{2},
                                                "no replica holds data; what the shard held in memory is lost"}));
}

TEST(Restore, WaitsForASilentHostBeforeItIsGivenUp) {
  Scenario scenario = AllLost();
  Saves(scenario, 2, "history-1", 300, 10);
  scenario.FallsSilent(3, 59s);
  scenario.view.cluster.status = model::ClusterStatus::kImpaired;
  EXPECT_TRUE(Contains(Reason(scenario.Next()), "what orders-003 has is waited for")) << Describe(scenario.Next());
  scenario.FallsSilent(3, 61s);
  const RestoreShard restore = Restored(scenario);
  EXPECT_EQ(restore.node.str(), "orders-002");
  EXPECT_EQ(restore.others.back(), "orders-003: agent-c is silent, and what it has is unknown");
}

TEST(Restore, GivesNobodyUpWhileMostHostsAreSilentOrWereLately) {
  Scenario scenario = AllLost();
  Saves(scenario, 2, "history-1", 300, 10);
  scenario.FallsSilent(3, 61s);
  scenario.view.unbroken = 59s;
  EXPECT_EQ(As<RestoreShard>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.view.unbroken = 61s;
  EXPECT_NE(As<RestoreShard>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.view.hosts[0].connected = scenario.view.hosts[2].connected = false;
  EXPECT_EQ(As<RestoreShard>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Restore, NeverStartsEmptyInFrontOfASilentHost) {
  Scenario scenario = AllLost();
  scenario.FallsSilent(3, 1h);
  EXPECT_EQ(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
  EXPECT_EQ(As<RestoreShard>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

// A host that went with the primary: what others saved is all that is left.
TEST(Restore, GivesUpASilentPrimaryOnceItsLeaseHasEnded) {
  Scenario scenario;
  scenario.Converge().HoldsNothing(2).HoldsNothing(3).FallsSilent(1, 61s);
  Saves(scenario, 2, "history-1", 300, 10);
  EXPECT_EQ(As<DetachReplicas>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.Node(1).lease_left = 0ms;
  EXPECT_EQ(scenario.Next(), Step(DetachReplicas{model::Epoch{2}, model::Incarnation("i1")}));
  scenario.Detached();
  EXPECT_EQ(Restored(scenario).node.str(), "orders-002");
  EXPECT_EQ(Restored(scenario).unproven, model::Incarnation("i1"));
  scenario.Node(1).fence = "none";
  EXPECT_EQ(As<RestoreShard>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Restore, DoesNotGiveUpASilentPrimaryForNothing) {
  Scenario scenario;
  scenario.Converge().HoldsNothing(2).HoldsNothing(3).FallsSilent(1, 1h);
  scenario.Node(1).lease_left = 0ms;
  EXPECT_EQ(As<DetachReplicas>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

// As carried out: the chosen one has the permit, in the epoch of the step.
Scenario Permitted(int attempt) {
  Scenario scenario = AllLost();
  Saves(scenario, 1, "history-1", 100, 50);
  Saves(scenario, 2, "history-1", 300, 60);
  scenario.Swapped(2);
  scenario.Node(2).planned.boot = model::Boot{scenario.view.shard->epoch.value};
  scenario.Node(2).planned.restore = "file-2";
  scenario.Node(2).planned.restores = attempt;
  scenario.HoldsNothing(1).SaysInEpoch(1, 0).SaysInEpoch(3, 0);
  scenario.Facts(1).process = model::ProcessState::kRunning;
  scenario.Facts(1).role = model::Role::kReplica;
  scenario.Facts(2).process = model::ProcessState::kStopped;
  return scenario;
}

TEST(Restore, WaitsForThePermitToBeUsed) {
  Scenario scenario = Permitted(1);
  EXPECT_EQ(As<RestoreShard>(scenario.Next()), nullptr) << Describe(scenario.Next());
  EXPECT_EQ(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

// As when its agent had started it again before it heard that it was chosen.
TEST(Restore, WhatRunsAtThePrimaryIsOpenedOnlyWhenItHoldsData) {
  Scenario scenario = AllLost();
  Saves(scenario, 3, "history-1", 300, 10);
  scenario.Node(1).planned.chosen_start = 1;
  scenario.Facts(1).starts = 2;
  scenario.Facts(1).process = model::ProcessState::kStarting;
  EXPECT_TRUE(Contains(Reason(scenario.Next()), "not known yet")) << Describe(scenario.Next());
  scenario.Facts(1).process = model::ProcessState::kRunning;
  scenario.Facts(1).role = model::Role::kReplica;
  scenario.Facts(1).replication_offset = 0;
  EXPECT_EQ(Restored(scenario).node.str(), "orders-003");
  scenario.Facts(1).replication_offset = 500;
  EXPECT_NE(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Restore, TriesTheSameDataAgainWhenTheirProcessEnds) {
  Scenario scenario = Permitted(1);
  scenario.Facts(2).boot = model::Boot{3};
  EXPECT_EQ(Restored(scenario).node.str(), "orders-002");
  EXPECT_EQ(Restored(scenario).attempt, 2);
  EXPECT_EQ(Restored(scenario).epoch, model::Epoch{4});
}

TEST(Restore, PassesOverDataThatNoStartSurvives) {
  Scenario scenario = Permitted(Policy().restore_attempts);
  scenario.Facts(2).boot = model::Boot{3};
  const RestoreShard restore = Restored(scenario);
  EXPECT_EQ(restore.node.str(), "orders-001");
  EXPECT_EQ(restore.others.front(), "orders-002: no start with what it saved as of 2027-01-15T08:01:00Z succeeded");
  scenario.Facts(1).saved.reset();
  ASSERT_NE(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
  EXPECT_TRUE(Contains(As<StartPrimary>(scenario.Next())->reason, "no start with what was saved succeeded"));
  Saves(scenario, 2, "history-1", 300, 61);
  scenario.Facts(2).saved->id = "another file";
  EXPECT_EQ(Restored(scenario).attempt, 1);
}

TEST(Restore, DecidesAgainWhenTheDataOfThePermitAreGone) {
  Scenario scenario = Permitted(1);
  scenario.Facts(2).saved.reset();
  EXPECT_EQ(Restored(scenario).node.str(), "orders-001");
}

// A clean stop's permit names what was saved.
TEST(Restore, TheDataOfACleanStopAreNamed) {
  Scenario scenario;
  scenario.Converge().Dies(1, "stopped");
  scenario.Facts(1).clean_stop = model::Epoch{1};
  Saves(scenario, 1, "history-1", 100, 5);
  ASSERT_NE(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
  EXPECT_EQ(As<StartPrimary>(scenario.Next())->data, "file-1");
  scenario.Facts(1).saved.reset();
  EXPECT_EQ(As<StartPrimary>(scenario.Next())->data, "");
}

}  // namespace
}  // namespace cacheplane::decide
