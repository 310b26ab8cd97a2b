#include "controlplane/decide/rolling.h"

#include <gtest/gtest.h>

#include "tests/unit/decide/upgrade.h"

namespace cacheplane::decide {
namespace {

using model::ProcessState;
using namespace std::chrono_literals;

TEST(Rolling, ReplicasFirstThenTheHandoverThenTheFormerPrimary) {
  Upgrade upgrade;
  for (const int replica : {2, 3}) {
    upgrade.Renews(replica);
    EXPECT_NE(As<Waiting>(upgrade.Next()), nullptr) << "one at a time: " << Describe(upgrade.Next());
    upgrade.ComesUp(replica);
  }
  EXPECT_EQ(upgrade.Next(), Step(SwitchPrimary{model::NodeName("orders-002"), model::Epoch{2}, 2, 1}));
  upgrade.scenario.Swapped(2).Runs(2).Runs(1).Runs(3);
  upgrade.scenario.view.shard->attached = upgrade.scenario.view.shard->epoch;
  upgrade.scenario.Facts(1).renewal = 0;
  upgrade.scenario.Facts(1).engine_version = "8.0.1";
  upgrade.scenario.Published();
  upgrade.Renews(1);
  upgrade.ComesUp(1);
  EXPECT_EQ(upgrade.Next(), Step(CompleteOperation{}));
}

TEST(Rolling, ReadersAreLedAwayBeforeAProcessGoes) {
  Upgrade upgrade;
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-002")}));
  upgrade.scenario.Node(2).planned.readers_away = true;
  const Step published = upgrade.Next();
  ASSERT_NE(As<PublishEndpoints>(published), nullptr) << Describe(published);
  EXPECT_EQ(As<PublishEndpoints>(published)->reader, std::vector{upgrade.scenario.Node(3).planned.address});
  upgrade.scenario.Published();
  upgrade.scenario.view.routers.served_version = 0;
  EXPECT_NE(As<Waiting>(upgrade.scenario.Next()), nullptr) << "the router does not serve it yet";
  EXPECT_NE(As<RenewNode>(upgrade.Next()), nullptr);
}

TEST(Rolling, ALoneReplicasReadersGoToThePrimary) {
  Upgrade upgrade(1);
  upgrade.scenario.Node(2).planned.readers_away = true;
  const Step published = upgrade.Next();
  ASSERT_NE(As<PublishEndpoints>(published), nullptr) << Describe(published);
  EXPECT_EQ(As<PublishEndpoints>(published)->reader, std::vector{upgrade.scenario.Node(1).planned.address});
}

TEST(Rolling, NothingGoesWhileAnotherReplicaIsDown) {
  Upgrade upgrade;
  upgrade.scenario.Dies(3);
  if (As<PublishEndpoints>(upgrade.Next()) != nullptr) upgrade.scenario.Published();
  EXPECT_NE(As<Waiting>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
}

TEST(Rolling, TheFirstThatDoesNotComeUpTakesEverythingBack) {
  struct Case {
    const char* name;
    ProcessState state;
    std::uint64_t ends;
    std::chrono::milliseconds since;
    const char* problem;
    bool given_up;
  };
  for (const Case& c :
       {Case{"ends again and again", ProcessState::kStopped, 3, 1s, "", true},
        Case{"ended twice", ProcessState::kStopped, 2, 1s, "", false},
        Case{"hangs", ProcessState::kHung, 1, 1s, "", true}, Case{"starts", ProcessState::kStarting, 1, 30s, "", false},
        Case{"starts for ever", ProcessState::kStarting, 1, 61s, "", true},
        Case{"has no image", ProcessState::kStopped, 0, 11s, "no image", true},
        Case{"has no image yet", ProcessState::kStopped, 0, 9s, "no image", false}}) {
    Upgrade upgrade;
    upgrade.Renews(2);
    upgrade.Fails(c.state, c.ends);
    upgrade.scenario.Facts(2).problem = c.problem;
    upgrade.scenario.Node(2).since_renewal = c.since;
    EXPECT_EQ(As<GoBack>(upgrade.Next()) != nullptr, c.given_up) << c.name << ": " << Describe(upgrade.Next());
  }
}

TEST(Rolling, WhatWasInSyncIsRepairedAndNotTakenBack) {
  Upgrade upgrade;
  upgrade.Renews(2);
  upgrade.ComesUp(2);
  upgrade.Renews(3);
  upgrade.scenario.Node(2).since_renewal = 120s;
  upgrade.scenario.Dies(2);
  if (As<PublishEndpoints>(upgrade.Next()) != nullptr) upgrade.scenario.Published();
  EXPECT_NE(As<Waiting>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
}

TEST(Rolling, LargeDataAreGivenTheTimeTheyTake) {
  Upgrade upgrade;
  upgrade.Renews(2);
  upgrade.Fails(ProcessState::kStarting, 1);
  upgrade.scenario.Facts(1).used_memory_bytes = 20 * kGib;
  upgrade.scenario.Facts(2).used_memory_bytes = 0;
  upgrade.scenario.Node(2).since_renewal = 10min;
  EXPECT_NE(As<Waiting>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
  upgrade.scenario.Node(2).since_renewal = 20min;
  EXPECT_NE(As<GoBack>(upgrade.Next()), nullptr);
}

TEST(Rolling, GoingBackLeavesWhatIsWellForLast) {
  Upgrade upgrade;
  upgrade.Renews(2);
  upgrade.ComesUp(2);
  upgrade.Renews(3);
  upgrade.scenario.Dies(3);
  if (As<PublishEndpoints>(upgrade.Next()) != nullptr) upgrade.scenario.Published();
  upgrade.scenario.view.cluster.spec.engine_version = "8.0";
  upgrade.scenario.view.operation->failure = "it ends";
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-003")}));
}

TEST(Rolling, APrimaryThatIsNotHeardMayHaveBeenWrittenTo) {
  Upgrade upgrade(1);
  upgrade.scenario.Node(1).planned.image_version = "8.1.1";
  EXPECT_FALSE(MayGoBack(upgrade.scenario.view));
  upgrade.scenario.Node(1).facts.reset();
  EXPECT_FALSE(MayGoBack(upgrade.scenario.view));
  upgrade.scenario.Node(1).planned.image_version = "8.0.1";
  EXPECT_TRUE(MayGoBack(upgrade.scenario.view));
}

TEST(Rolling, SilenceIsNoFailureOfWhatIsNew) {
  Upgrade upgrade;
  upgrade.Renews(2);
  upgrade.Fails(ProcessState::kHung, 1);
  upgrade.scenario.FallsSilent(2, 2s);
  EXPECT_EQ(As<GoBack>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
}

TEST(Rolling, GoingBackKillsWhatDoesNotRunAndFailsInTheEnd) {
  Upgrade upgrade;
  upgrade.Renews(2);
  upgrade.Fails(ProcessState::kHung, 1);
  upgrade.scenario.view.cluster.spec.engine_version = "8.0";
  upgrade.scenario.view.operation->failure = "it hangs";
  upgrade.scenario.Node(2).planned.readers_away = true;
  const Step step = upgrade.Next();
  ASSERT_NE(As<RenewNode>(step), nullptr) << Describe(step);
  EXPECT_TRUE(As<RenewNode>(step)->kill);
  EXPECT_EQ(As<RenewNode>(step)->image_version, "8.0.1");
  upgrade.Renews(2);
  upgrade.ComesUp(2);
  EXPECT_EQ(upgrade.Next(), Step(FailOperation{"it hangs"}));
}

TEST(Rolling, WhatIsNewGoesBackWithoutAPrimaryToo) {
  Upgrade upgrade;
  upgrade.Renews(2);
  upgrade.Fails(ProcessState::kStopped, 3);
  upgrade.scenario.Dies(1).Detached().Dies(3);
  const Step step = upgrade.Next();
  EXPECT_NE(As<GoBack>(step), nullptr) << Describe(step);
}

// A failover in the middle: the node that was to give way is the primary now, with its old process.
TEST(Rolling, APrimaryWhoseProcessWasToGiveWayHandsOverFirst) {
  Upgrade upgrade;
  upgrade.Renews(2);
  upgrade.ComesUp(2);
  upgrade.Renews(3);
  upgrade.scenario.Swapped(3).Runs(3).Runs(1).Runs(2);
  upgrade.scenario.view.shard->attached = upgrade.scenario.view.shard->epoch;
  upgrade.scenario.Facts(3).renewal = 0;
  upgrade.scenario.Facts(3).engine_version = "8.0.1";
  upgrade.scenario.Node(3).planned.recovering = false;  // FinishRecovery
  upgrade.scenario.Published();
  EXPECT_FALSE(IsRenewed(upgrade.scenario.view, upgrade.scenario.Node(3)));
  upgrade.Renews(1);
  upgrade.ComesUp(1);
  const Step step = upgrade.Next();
  ASSERT_NE(As<SwitchPrimary>(step), nullptr) << Describe(step);
}

TEST(Rolling, HandoversAreTriedAFewTimesWithPauses) {
  Upgrade upgrade(1);
  upgrade.Renews(2);
  upgrade.ComesUp(2);
  upgrade.scenario.view.operation->attempts = 4;
  upgrade.scenario.view.until_retry = 1500ms;
  ASSERT_NE(As<Waiting>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
  upgrade.scenario.view.until_retry = 0ms;
  EXPECT_NE(As<SwitchPrimary>(upgrade.Next()), nullptr);
  upgrade.scenario.view.operation->attempts = 5;
  EXPECT_NE(As<GoBack>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
}

TEST(Rolling, NodesOfAnotherSizeAreRenewedAsWell) {
  Upgrade upgrade(1);
  upgrade.scenario.view.cluster.spec.engine_version = "8.0";
  EXPECT_EQ(upgrade.Next(), Step(CompleteOperation{}));
  upgrade.scenario.view.node_memory_bytes = 2 * kGib;
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-002")}));
}

}  // namespace
}  // namespace cacheplane::decide
