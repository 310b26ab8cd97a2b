// The table of the agent's judgement: assignment and local state in, one step out.
#include "nodeagent/decide/decide_node.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "tests/unit/nodeagent/builders.h"

namespace cacheplane::agent {
namespace {

const MonoTime kNow = At(1'000'000);

Decision Next(const Assignment& wish, const LocalState& state) { return DecideNode(wish, state, kNow); }

template <typename Step>
bool Is(const Decision& decision) {
  return std::holds_alternative<Step>(decision);
}

struct Row {
  const char* name;
  Assignment wish;
  LocalState state;
  Decision step;
};

class DecideTable : public testing::TestWithParam<Row> {};

TEST_P(DecideTable, GivesTheStep) { EXPECT_EQ(Next(GetParam().wish, GetParam().state), GetParam().step); }

LocalState Clean(LocalState state, std::uint64_t epoch) {
  state.clean_stop_epoch = epoch;
  return state;
}

LocalState Ending(LocalState state) {
  state.process = ProcessStage::kEnding;
  return state;
}

Assignment WithoutPrimary(Assignment wish) {
  wish.primary.reset();
  return wish;
}

LocalState Outdated(LocalState state) {
  state.settings = {{"maxmemory-policy", "noeviction"}, {"timeout", "60"}};
  return state;
}

Assignment Renewed(Assignment wish) {
  wish.renewal = 1;
  return wish;
}

const ApplyParameters kApply{{{"maxmemory-policy", "noeviction"}, {"timeout", "60"}}};
const StartEngine kReplicaStart{kPrimaryAddress, 3, 0, false};

INSTANTIATE_TEST_SUITE_P(Parameters, DecideTable,
                         testing::Values(Row{"OpenPrimaryTakesThem", PrimaryWish(1, 1), Outdated(RunningPrimary(1, 1)),
                                             kApply},
                                         Row{"FollowingReplicaTakesThem", ReplicaWish(3),
                                             Outdated(RunningReplica(3, 0, kPrimaryAddress)), kApply},
                                         Row{"ReplicaOfNobodyTakesThem", WithoutPrimary(ReplicaWish(3)),
                                             Outdated(RunningReplica(3, 0, kNobody)), kApply},
                                         Row{"OpeningComesFirst", PrimaryWish(4, 0),
                                             Outdated(RunningReplica(3, 0, kPrimaryAddress)), OpenAsPrimary{4, 0}},
                                         Row{"FollowingComesFirst", ReplicaWish(4),
                                             Outdated(RunningReplica(3, 0, kOtherPrimary)), Follow{kPrimaryAddress, 4}},
                                         Row{"ReplicaThatIsToBeUpgradedIsStopped", Renewed(ReplicaWish(3)),
                                             Outdated(RunningReplica(3, 0, kPrimaryAddress)), StopEngine{true}},
                                         Row{"WhatIsHeldIsStopped", With(ReplicaWish(3), Intent::kHold),
                                             Outdated(RunningReplica(3, 0, kPrimaryAddress)), StopEngine{true}}),
                         [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Run, DecideTable,
    testing::Values(
        Row{"NewPrimaryStartsAsReplicaOfNobody", PrimaryWish(1, 1), Absent(), StartEngine{std::nullopt, 0, 1, false}},
        Row{"StartedPrimaryIsOpened", PrimaryWish(1, 1), RunningReplica(0, 1, kNobody), OpenAsPrimary{1, 1}},
        Row{"OpenedPrimaryIsConverged", PrimaryWish(1, 1), RunningPrimary(1, 1), Converged{}},
        Row{"OpenIsRepeatedAfterACrashBeforeTheCommand", PrimaryWish(2, 1), RunningReplica(2, 1, kNobody),
            OpenAsPrimary{2, 1}},
        Row{"PrimaryTakesANewEpoch", PrimaryWish(5, 1), RunningPrimary(2, 1), OpenAsPrimary{5, 1}},
        Row{"ReplicaThatFollowsGivesItsSavedDataUp", ReplicaWish(3), Clean(RunningReplica(3, 0, kPrimaryAddress), 2),
            Follow{kPrimaryAddress, 3}},
        Row{"ReplicaOfNobodyKeepsThem", WithoutPrimary(ReplicaWish(3)), Clean(RunningReplica(3, 0, kNobody), 3),
            Converged{}},
        Row{"OpenedPrimaryGivesItsSavedDataUp", PrimaryWish(3, 1), Clean(RunningReplica(3, 1, kNobody), 3),
            OpenAsPrimary{3, 1}},
        Row{"PrimaryWithoutAPermitRunsOn", PrimaryWish(3, 0), RunningPrimary(3, 1), Converged{}},
        Row{"StartedPrimaryIsOpenedWhenItsPermitIsUsedUp", PrimaryWish(3, 0), RunningReplica(2, 1, kNobody),
            OpenAsPrimary{3, 1}},
        Row{"ReplicaIsPromoted", PrimaryWish(4, 0), RunningReplica(3, 0, kPrimaryAddress), OpenAsPrimary{4, 0}},
        Row{"PromotionUsesTheBoot", PrimaryWish(4, 2), RunningReplica(3, 0, kPrimaryAddress), OpenAsPrimary{4, 2}},
        Row{"BootThatArrivesWhileItLivesIsUsed", PrimaryWish(4, 3), RunningPrimary(4, 2), OpenAsPrimary{4, 3}},
        Row{"HigherBootStartsADeadPrimary", PrimaryWish(4, 3), Stopped(4, 2), StartEngine{std::nullopt, 4, 3, false}},
        Row{"CleanStopKeepsData", PrimaryWish(4, 3), Clean(Stopped(4, 2), 4), StartEngine{std::nullopt, 4, 3, true}},
        Row{"ReplicaStartsBehindItsPrimary", ReplicaWish(3), Stopped(2, 0), kReplicaStart},
        Row{"ReplicaRestartsFreely", ReplicaWish(3), Stopped(3, 0), kReplicaStart},
        Row{"ReplicaKeepsDataOfACleanStop", ReplicaWish(3), Clean(Stopped(3, 0), 3),
            StartEngine{kPrimaryAddress, 3, 0, true}},
        Row{"ReplicaWithoutPrimaryStartsBehindNobody", WithoutPrimary(ReplicaWish(3)), Stopped(2, 0),
            StartEngine{std::nullopt, 2, 0, false}},
        Row{"ReplicaStartKeepsAUsedBoot", ReplicaWish(5), Stopped(3, 7), StartEngine{kPrimaryAddress, 5, 7, false}},
        Row{"FollowingReplicaIsConverged", ReplicaWish(3), RunningReplica(3, 0, kPrimaryAddress), Converged{}},
        Row{"ReplicaOfAnotherFollows", ReplicaWish(3), RunningReplica(3, 0, kOtherPrimary), Follow{kPrimaryAddress, 3}},
        Row{"NewEpochIsTakenByFollowing", ReplicaWish(6), RunningReplica(3, 0, kPrimaryAddress),
            Follow{kPrimaryAddress, 6}},
        Row{"OldPrimaryIsDemoted", ReplicaWish(5), RunningPrimary(4, 1), Follow{kPrimaryAddress, 5}},
        Row{"DemotedToNobody", WithoutPrimary(ReplicaWish(5)), RunningPrimary(4, 1), Follow{kNobody, 5, false}},
        Row{"ReplicaOfNobodyIsConverged", WithoutPrimary(ReplicaWish(5)), RunningReplica(5, 0, kNobody), Converged{}}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    HoldAndErase, DecideTable,
    testing::Values(
        Row{"HoldStopsWithSave", With(PrimaryWish(2, 1), Intent::kHold), RunningPrimary(2, 1), StopEngine{true}},
        Row{"HeldIsConverged", With(PrimaryWish(2, 1), Intent::kHold), Stopped(2, 1), Converged{}},
        Row{"HoldOfNothingIsConverged", With(ReplicaWish(2), Intent::kHold), Absent(), Converged{}},
        Row{"EraseKills", With(PrimaryWish(2, 1), Intent::kErase), RunningPrimary(2, 1), StopEngine{false}},
        Row{"EraseKillsAStartingOne", With(PrimaryWish(2, 1), Intent::kErase), Starting(0, 1), StopEngine{false}},
        Row{"EraseRemovesOnceNothingRuns", With(ReplicaWish(2), Intent::kErase), Stopped(2, 1), EraseDirectory{}},
        Row{"ErasedIsConverged", With(ReplicaWish(2), Intent::kErase), Absent(), Converged{}}),
    [](const auto& row) { return row.param.name; });

TEST(DecideNode, OnHoldNothingThatCannotSaveIsKilledWhereItMustSave) {
  Assignment hold = With(PrimaryWish(2, 1), Intent::kHold);
  LocalState state = RunningPrimary(2, 1);
  state.stop = StopStage::kSaveFailed;
  const MonoTime late = state.stop_since + SaveDeadline(0) + std::chrono::seconds(1);
  state.stop_retry = late;
  EXPECT_EQ(DecideNode(hold, state, late), Decision(StopEngine{false}));
  hold.must_save = true;
  EXPECT_EQ(DecideNode(hold, state, late), Decision(StopEngine{true}));
}

TEST(DecideNode, OnHoldAnOpenOneIsClosedBeforeItSavesWhereThatIsAskedFor) {
  Assignment hold = With(PrimaryWish(2, 1), Intent::kHold);
  hold.close_first = true;
  EXPECT_EQ(Next(hold, RunningPrimary(2, 1)), Decision(Follow{kNobody, 2, false}));
  LocalState closed = RunningPrimary(2, 1);
  closed.engine->role = Role::kReplica;
  EXPECT_EQ(Next(hold, closed), Decision(StopEngine{true}));
}

TEST(DecideNode, EndingIsWaitedForWhateverTheIntent) {
  for (const Intent intent : {Intent::kRun, Intent::kHold, Intent::kErase}) {
    EXPECT_TRUE(Is<Waiting>(Next(With(PrimaryWish(2, 9), intent), Ending(RunningPrimary(2, 1)))));
  }
}

TEST(DecideNode, LowerEpochIsRefusedUnlessItErases) {
  for (const Intent intent : {Intent::kRun, Intent::kHold}) {
    for (const auto& state : {Stopped(5, 1), RunningPrimary(5, 1), RunningReplica(5, 1, kPrimaryAddress)}) {
      EXPECT_TRUE(Is<Blocked>(Next(With(PrimaryWish(4, 9), intent), state)));
      EXPECT_TRUE(Is<Blocked>(Next(With(ReplicaWish(4), intent), state)));
    }
  }
}

// As a host that was lost is told of what was replaced meanwhile, whose shard may be gone.
TEST(DecideNode, ErasingNeedsNoEpoch) {
  const Assignment erase{.node = "orders-001", .incarnation = "i-1", .intent = Intent::kErase};
  EXPECT_EQ(Next(erase, RunningPrimary(5, 1)), Decision(StopEngine{.save = false}));
  EXPECT_EQ(Next(erase, RunningReplica(5, 1, kPrimaryAddress)), Decision(StopEngine{.save = false}));
  EXPECT_EQ(Next(erase, Stopped(5, 1)), Decision(EraseDirectory{}));
  EXPECT_EQ(Next(erase, Absent()), Decision(Converged{}));
}

TEST(DecideNode, DeadPrimaryStaysDownUntilABootPermitsIt) {
  EXPECT_TRUE(Is<Blocked>(Next(PrimaryWish(4, 2), Stopped(4, 2))));
  EXPECT_TRUE(Is<Blocked>(Next(PrimaryWish(5, 2), Stopped(4, 2))));
  EXPECT_TRUE(Is<Blocked>(Next(PrimaryWish(4, 1), Stopped(4, 2))));
  EXPECT_TRUE(Is<StartEngine>(Next(PrimaryWish(4, 3), Stopped(4, 2))));
}

TEST(DecideNode, BootZeroStartsNoPrimary) {
  EXPECT_TRUE(Is<Blocked>(Next(PrimaryWish(4, 0), Absent())));
  EXPECT_TRUE(Is<Blocked>(Next(PrimaryWish(4, 0), Stopped(4, 0))));
  EXPECT_TRUE(Is<Blocked>(Next(PrimaryWish(4, 0), Clean(Stopped(3, 2), 3))));
}

// What an engine cannot load, it cannot load the next time either.
TEST(DecideNode, SavedDataThatNoStartSurvivesAreGivenUpBehindAPrimaryOnly) {
  LocalState state = Clean(Stopped(3, 1), 3);
  for (const int ends : {0, 2, 3, 60}) {
    state.quick_ends = ends;
    EXPECT_EQ(std::get<StartEngine>(Next(ReplicaWish(3), state)).keep_data, ends < 3) << ends;
    EXPECT_TRUE(std::get<StartEngine>(Next(WithoutPrimary(ReplicaWish(3)), state)).keep_data) << ends;
    EXPECT_TRUE(std::get<StartEngine>(Next(PrimaryWish(4, 2), state)).keep_data) << ends;
  }
}

// A replica that died just before its promotion arrived holds no data any more.
TEST(DecideNode, DeadReplicaThatIsPromotedStaysDown) {
  Assignment wish = ReplicaWish(3);
  wish.boot = 1;
  const auto start = std::get<StartEngine>(Next(wish, Absent()));
  EXPECT_EQ(start.boot, 1U);
  EXPECT_TRUE(Is<Blocked>(Next(PrimaryWish(4, 1), Stopped(start.epoch, start.boot))));
}

TEST(DecideNode, NothingIsToldToAnEngineThatDoesNotAnswerOrLoads) {
  EXPECT_TRUE(Is<Waiting>(Next(PrimaryWish(1, 1), Starting(0, 1))));
  LocalState loading = RunningReplica(0, 1, kNobody);
  loading.engine->loading = true;
  EXPECT_TRUE(Is<Waiting>(Next(PrimaryWish(1, 1), loading)));
  EXPECT_TRUE(Is<Waiting>(Next(With(PrimaryWish(1, 1), Intent::kHold), loading)));
}

TEST(DecideNode, StartsPauseLongerAfterEachQuickEnd) {
  for (const int ends : {1, 2, 3, 4, 5, 6, 60}) {
    LocalState state = Stopped(3, 0);
    state.quick_ends = ends;
    state.last_end = kNow;
    const Decision step = Next(ReplicaWish(3), state);
    ASSERT_TRUE(Is<Waiting>(step)) << ends;
    EXPECT_EQ(std::get<Waiting>(step).recheck, kNow + RestartDelay(ends));
    state.last_end = kNow - RestartDelay(ends);
    EXPECT_TRUE(Is<StartEngine>(Next(ReplicaWish(3), state))) << ends;
  }
  EXPECT_EQ(RestartDelay(0), std::chrono::milliseconds(0));
  EXPECT_EQ(RestartDelay(60), std::chrono::milliseconds(5000));
}

TEST(DecideNode, TwoIncarnationsOfANodeNeverRunTogether) {
  LocalState state = Absent();
  state.sibling_alive = true;
  EXPECT_TRUE(Is<Waiting>(Next(ReplicaWish(3), state)));
  EXPECT_TRUE(Is<Waiting>(Next(PrimaryWish(3, 1), state)));
}

TEST(DecideNode, SaveThatFailsIsRetriedThenKilled) {
  const Assignment hold = With(PrimaryWish(2, 1), Intent::kHold);
  LocalState state = RunningPrimary(2, 1);
  state.stop = StopStage::kSaving;
  state.stop_since = kNow;
  EXPECT_TRUE(Is<Waiting>(Next(hold, state)));
  state.stop = StopStage::kSaveFailed;
  state.stop_retry = kNow + std::chrono::milliseconds(100);
  EXPECT_TRUE(Is<Waiting>(Next(hold, state)));
  state.stop_retry = kNow;
  EXPECT_EQ(Next(hold, state), Decision(StopEngine{true}));
  state.stop_since = kNow - SaveDeadline(0);
  EXPECT_EQ(Next(hold, state), Decision(StopEngine{false}));
}

TEST(DecideNode, SavingTakesTheTimeThatTheDataNeed) {
  EXPECT_EQ(SaveDeadline(0), std::chrono::seconds(60));
  EXPECT_GT(SaveDeadline(10LL << 30), std::chrono::seconds(400));
}

TEST(DecideNode, StopUnderWayIsNotMixedWithRoles) {
  LocalState state = RunningPrimary(2, 1);
  state.stop = StopStage::kSaving;
  state.stop_since = kNow;
  EXPECT_TRUE(Is<Waiting>(Next(ReplicaWish(3), state)));
}

// The answer may have been lost: an engine that should run again is not waited for longer than a save takes.
TEST(DecideNode, StopWithoutAnEndIsForgottenWhenItShouldRun) {
  LocalState state = RunningPrimary(2, 1);
  state.stop = StopStage::kSaving;
  state.stop_since = kNow - SaveDeadline(0) + std::chrono::milliseconds(10);
  const Decision soon = Next(PrimaryWish(2, 1), state);
  ASSERT_TRUE(Is<Waiting>(soon));
  EXPECT_EQ(std::get<Waiting>(soon).recheck, kNow + std::chrono::milliseconds(10));
  state.stop_since = kNow - SaveDeadline(0);
  EXPECT_EQ(Next(PrimaryWish(2, 1), state), Decision(Converged{}));
  EXPECT_TRUE(Is<Follow>(Next(ReplicaWish(3), state)));
}

TEST(DecideNode, RenewalRestartsAReplicaWithItsDataAndNeverAPrimary) {
  Assignment replica = ReplicaWish(3);
  replica.renewal = 2;
  LocalState state = RunningReplica(3, 0, kPrimaryAddress);
  state.renewal = 1;
  EXPECT_EQ(Next(replica, state), Decision(StopEngine{true}));
  state.renewal = 2;
  EXPECT_EQ(Next(replica, state), Decision(Converged{}));
  Assignment primary = PrimaryWish(3, 1);
  primary.renewal = 2;
  EXPECT_EQ(Next(primary, RunningPrimary(3, 1)), Decision(Converged{}));
  EXPECT_TRUE(Is<OpenAsPrimary>(Next(primary, RunningReplica(3, 1, kPrimaryAddress))));
}

// Replays every role change from a process that died at any point of it: nothing but a boot number starts a primary.
TEST(DecideNode, NoPathStartsAPrimaryWithoutABoot) {
  for (std::uint64_t used = 0; used < 4; ++used) {
    for (std::uint64_t boot = 0; boot < 4; ++boot) {
      for (std::uint64_t epoch = 1; epoch < 5; ++epoch) {
        const bool starts = Is<StartEngine>(Next(PrimaryWish(epoch, boot), Stopped(2, used)));
        EXPECT_EQ(starts, boot > used && epoch >= 2) << used << boot << epoch;
      }
    }
  }
}

Assignment ToRestore(const char* data) {
  Assignment wish = PrimaryWish(4, 4);
  wish.restore = data;
  return wish;
}

LocalState Saved(LocalState state, const char* data) {
  state.saved = data;
  return state;
}

TEST(PermitThatNamesData, StartsWithThemOrNotAtAll) {
  const LocalState stopped = Saved(Stopped(3, 1), "file-1");
  EXPECT_EQ(Next(ToRestore("file-1"), stopped), Decision(StartEngine{std::nullopt, 3, 4, true}));
  EXPECT_TRUE(Is<Blocked>(Next(ToRestore("file-2"), stopped)));
  EXPECT_TRUE(Is<Blocked>(Next(ToRestore("file-1"), Saved(Stopped(3, 1), ""))));
  EXPECT_EQ(Next(PrimaryWish(4, 4), stopped), Decision(StartEngine{std::nullopt, 3, 4, false}));
  LocalState failed = stopped;
  failed.quick_ends = 6;
  EXPECT_EQ(Next(ToRestore("file-1"), failed), Decision(StartEngine{std::nullopt, 3, 4, true}));
}

// It holds nothing, or the permit would not have been granted: opened, it would wipe everybody.
TEST(PermitThatNamesData, EndsAProcessFromBeforeIt) {
  const LocalState before = Saved(RunningReplica(3, 1, kNobody), "file-1");
  EXPECT_EQ(Next(ToRestore("file-1"), before), Decision(StopEngine{.save = false}));
  LocalState silent = before;
  silent.engine.reset();
  EXPECT_EQ(Next(ToRestore("file-1"), silent), Decision(StopEngine{.save = false}));
  EXPECT_EQ(Next(ToRestore("file-1"), Saved(RunningReplica(3, 4, kNobody), "file-1")), Decision(OpenAsPrimary{4, 4}));
  EXPECT_EQ(Next(ToRestore("file-1"), Saved(RunningPrimary(3, 1), "file-1")), Decision(OpenAsPrimary{4, 4}))
      << "an open one is not for anybody to end";
}

}  // namespace
}  // namespace cacheplane::agent
