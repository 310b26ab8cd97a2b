// Condemned starts, planned handovers and which start may be opened: the table of the agent's judgement goes on here.
#include <gtest/gtest.h>

#include <string>

#include "nodeagent/decide/handover.h"
#include "tests/unit/nodeagent/builders.h"

namespace cacheplane::agent {
namespace {

const MonoTime kNow = At(1'000'000);

Decision Next(const Assignment& wish, const LocalState& state) { return DecideNode(wish, state, kNow); }

template <typename Step>
bool Is(const Decision& decision) {
  return std::holds_alternative<Step>(decision);
}

LocalState Started(LocalState state, std::uint64_t starts) {
  state.starts = starts;
  return state;
}

Assignment Condemning(Assignment wish, std::uint64_t start) {
  wish.condemned = start;
  return wish;
}

Assignment Awaiting(std::uint64_t epoch) {
  Assignment wish = PrimaryWish(epoch, 1);
  wish.await_handover = true;
  return wish;
}

Assignment HandingOver(std::uint64_t epoch) {
  Assignment wish = ReplicaWish(epoch);
  wish.hand_over = true;
  return wish;
}

TEST(Condemned, IsKilledWithoutSavingWhateverItIsToBe) {
  for (const Intent intent : {Intent::kRun, Intent::kHold, Intent::kErase}) {
    for (const auto& wish : {PrimaryWish(4, 1), ReplicaWish(4), HandingOver(4), Awaiting(4)}) {
      const Assignment condemning = Condemning(With(wish, intent), 2);
      EXPECT_EQ(Next(condemning, Started(RunningPrimary(4, 1), 2)), Decision(StopEngine{false}));
      EXPECT_EQ(Next(condemning, Started(RunningPrimary(4, 1), 1)), Decision(StopEngine{false}));
      EXPECT_EQ(Next(condemning, Started(Starting(4, 1), 2)), Decision(StopEngine{false})) << "it need not answer";
    }
  }
}

TEST(Condemned, ASaveUnderWayDoesNotSpareIt) {
  LocalState state = Started(RunningPrimary(4, 1), 2);
  state.stop = StopStage::kSaving;
  state.stop_since = kNow;
  EXPECT_EQ(Next(Condemning(With(PrimaryWish(4, 1), Intent::kHold), 2), state), Decision(StopEngine{false}));
}

TEST(Condemned, TheNextStartLivesAndADeadOneMayStart) {
  EXPECT_EQ(Next(Condemning(PrimaryWish(4, 1), 2), Started(RunningPrimary(4, 1), 3)), Decision(Converged{}));
  EXPECT_TRUE(Is<StartEngine>(Next(Condemning(ReplicaWish(4), 2), Started(Stopped(4, 1), 2))));
  EXPECT_EQ(Next(PrimaryWish(4, 1), Started(RunningPrimary(4, 1), 0)), Decision(Converged{})) << "0 condemns none";
}

TEST(OpenStart, OnlyTheStartWhoseDataWereJudgedIsOpened) {
  Assignment wish = PrimaryWish(4, 1);
  wish.open_start = 2;
  EXPECT_TRUE(Is<OpenAsPrimary>(Next(wish, Started(RunningReplica(3, 1, kPrimaryAddress), 2))));
  EXPECT_TRUE(Is<Blocked>(Next(wish, Started(RunningReplica(3, 1, kPrimaryAddress), 3))));
  EXPECT_EQ(Next(wish, Started(RunningPrimary(4, 1), 3)), Decision(Converged{})) << "open already";
  wish.await_handover = true;
  EXPECT_TRUE(Is<Blocked>(Next(wish, Started(RunningReplica(3, 1, kPrimaryAddress), 3))));
}

TEST(Awaiting, CandidateMakesTheEpochDurableShowsItAndWaits) {
  LocalState state = RunningReplica(3, 1, kPrimaryAddress);
  EXPECT_EQ(Next(Awaiting(4), state), Decision(AcceptHandover{4, 1}));
  state.epoch = 4;
  EXPECT_EQ(Next(Awaiting(4), state), Decision(AcceptHandover{4, 1})) << "an agent that restarted shows it again";
  state.accepting_epoch = 4;
  EXPECT_TRUE(Is<Waiting>(Next(Awaiting(4), state)));
  state.engine->role = Role::kPrimary;
  EXPECT_EQ(Next(Awaiting(4), state), Decision(Converged{}));
}

// Its command may be on its way for as long as TCP tries to deliver it.
TEST(Opener, IsDismissedBeforeAnythingThatAnotherAssignmentAsksFor) {
  for (LocalState state : {RunningReplica(4, 1, kPrimaryAddress), RunningPrimary(4, 1)}) {
    state.admitted_epoch = state.accepting_epoch = 4;
    for (const auto& wish :
         {PrimaryWish(4, 1), PrimaryWish(5, 1), ReplicaWish(4), ReplicaWish(5), HandingOver(5), Awaiting(5)}) {
      EXPECT_EQ(Next(wish, state), Decision(DismissOpener{4}));
    }
    EXPECT_FALSE(Is<DismissOpener>(Next(Awaiting(4), state)));
    EXPECT_EQ(Next(Condemning(ReplicaWish(5), 1), Started(state, 1)), Decision(StopEngine{false}));
    state.engine.reset();
    EXPECT_TRUE(Is<Waiting>(Next(ReplicaWish(5), state))) << "it cannot be told anything";
  }
}

TEST(Awaiting, CandidateIsNeverOpenedByItsOwnAgentBeforeItIsReleased) {
  for (const std::uint64_t durable : {3U, 4U}) {
    for (const std::uint64_t accepting : {0U, 3U, 4U}) {
      LocalState state = RunningReplica(durable, 1, kPrimaryAddress);
      state.accepting_epoch = accepting;
      EXPECT_FALSE(Is<OpenAsPrimary>(Next(Awaiting(4), state)));
      EXPECT_EQ(Next(PrimaryWish(4, 1), state), Decision(OpenAsPrimary{4, 1}));
    }
  }
}

TEST(Awaiting, DeadCandidateStaysDown) {
  EXPECT_TRUE(Is<Blocked>(Next(Awaiting(4), Stopped(3, 0))));
  EXPECT_TRUE(Is<Blocked>(Next(Awaiting(4), Absent())));
}

TEST(HandOver, OpenOneHandsOverAndThenFollows) {
  EXPECT_EQ(Next(HandingOver(4), RunningPrimary(3, 1)), Decision(HandOver{kPrimaryAddress, 4}));
  EXPECT_EQ(Next(HandingOver(4), RunningPrimary(4, 1)), Decision(HandOver{kPrimaryAddress, 4}))
      << "an agent died in it";
  EXPECT_EQ(Next(HandingOver(4), RunningReplica(4, 1, kPrimaryAddress)), Decision(Converged{}));
  EXPECT_EQ(Next(HandingOver(4), RunningReplica(3, 1, kNobody)), Decision(Follow{kPrimaryAddress, 4}));
  EXPECT_TRUE(Is<StartEngine>(Next(HandingOver(4), Stopped(3, 1))));
}

TEST(HandOver, BeforeAnythingElseThatEndsTheProcess) {
  Assignment wish = HandingOver(4);
  wish.renewal = 1;
  EXPECT_TRUE(Is<HandOver>(Next(wish, RunningPrimary(3, 1))));
  EXPECT_EQ(Next(wish, RunningReplica(4, 1, kPrimaryAddress)), Decision(StopEngine{true}));
}

TEST(HandOver, FailedOneStaysOpenUntilAnotherEpoch) {
  LocalState state = RunningPrimary(4, 1);
  state.handover_failed_epoch = 4;
  EXPECT_TRUE(Is<Blocked>(Next(HandingOver(4), state)));
  EXPECT_TRUE(Is<HandOver>(Next(HandingOver(5), state)));
  EXPECT_EQ(Next(PrimaryWish(5, 1), state), Decision(OpenAsPrimary{5, 1})) << "cancelled";
  EXPECT_EQ(Next(ReplicaWish(5), state), Decision(Follow{kPrimaryAddress, 5})) << "deposed";
}

TEST(HandOver, ToNobodyIsBlocked) {
  Assignment wish = HandingOver(4);
  wish.primary.reset();
  EXPECT_TRUE(Is<Blocked>(Next(wish, RunningPrimary(3, 1))));
}

CandidateView GoodCandidate() {
  return {.replica = true, .follows = kOwn, .link_up = true, .history = "h", .offset = 900, .ready = true};
}

std::string Obstacle(const CandidateView& candidate) {
  return WhyNotYet({.own = kOwn, .history = "h", .offset = 1000, .first_offset = 900}, candidate);
}

TEST(WhyNotYet, WantsAReplicaOfOursThatReceivesAndMayBeOpened) {
  EXPECT_EQ(Obstacle(GoodCandidate()), "");
  const auto refused = [](auto change) {
    CandidateView candidate = GoodCandidate();
    change(candidate);
    return !Obstacle(candidate).empty();
  };
  EXPECT_TRUE(refused([](CandidateView& candidate) { candidate.replica = false; }));
  EXPECT_TRUE(refused([](CandidateView& candidate) { candidate.follows = kOtherPrimary; }));
  EXPECT_TRUE(refused([](CandidateView& candidate) { candidate.link_up = false; }));
  EXPECT_TRUE(refused([](CandidateView& candidate) { candidate.history = "other"; }));
  EXPECT_TRUE(refused([](CandidateView& candidate) { candidate.offset = 899; }));
  EXPECT_TRUE(refused([](CandidateView& candidate) { candidate.ready = false; }));
  EXPECT_NE(WhyNotYet({.own = kOwn, .history = "h", .offset = 900 + kMostLagBytes + 1}, GoodCandidate()), "");
}

TEST(DivergedBytes, ComparesOnlyWithinOneHistory) {
  EXPECT_EQ(DivergedBytes("h", 150, "h", 101), 50);
  EXPECT_EQ(DivergedBytes("h", 100, "h", 101), 0);
  EXPECT_EQ(DivergedBytes("h", 90, "h", 101), 0) << "a successor may be ahead by a keep-alive";
  EXPECT_EQ(DivergedBytes("h", 150, "other", 101), -1);
  EXPECT_EQ(DivergedBytes("h", 150, "h", -1), -1);
  EXPECT_EQ(DivergedBytes("", 150, "", 101), -1);
}

TEST(CutClients, HappensOncePerEpochAndToReplicasThatFollow) {
  Assignment wish = ReplicaWish(3);
  wish.cut_epoch = 2;
  LocalState state = RunningReplica(3, 0, kPrimaryAddress);
  EXPECT_EQ(Next(wish, state), Decision(CutClients{2}));
  state.cut_epoch = 2;
  EXPECT_EQ(Next(wish, state), Decision(Converged{}));
  wish.cut_epoch = 5;
  EXPECT_EQ(Next(wish, state), Decision(CutClients{5}));
  wish.role = Role::kPrimary;
  state.engine->role = Role::kPrimary;
  EXPECT_FALSE(Is<CutClients>(Next(wish, state)));
}

}  // namespace
}  // namespace cacheplane::agent
