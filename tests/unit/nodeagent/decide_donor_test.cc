// Whom a node that joined copies from.
#include <gtest/gtest.h>

#include "nodeagent/decide/donor.h"
#include "tests/unit/nodeagent/builders.h"

namespace cacheplane::agent {
namespace {

const Address kDonor{"127.23.0.40", 6379};

Assignment JoinerWish() {
  Assignment wish = ReplicaWish(4);
  wish.donor = kDonor;
  return wish;
}

LocalState Joiner(const Address& follows, bool synced) {
  LocalState state = Starting(4, 0);
  state.engine = EngineView{.role = Role::kReplica, .primary = follows};
  state.synced = synced;
  return state;
}

constexpr MonoTime kNow(std::chrono::seconds(100));

Decision Next(const LocalState& state) { return DecideNode(JoinerWish(), state, kNow); }

TEST(Donor, IsWhatAnEmptyNodeStartsBehind) {
  const Decision start = Next(Stopped(4, 0));
  ASSERT_TRUE(std::holds_alternative<StartEngine>(start)) << Describe(start);
  EXPECT_EQ(std::get<StartEngine>(start).primary, kDonor);
  EXPECT_EQ(Next(Joiner(kDonor, /*synced=*/false)), Decision(Converged{}));
  EXPECT_EQ(Next(Joiner(kNobody, /*synced=*/false)), Decision(Follow{kDonor, 4, true}));
}

TEST(Donor, IsLeftOnceItIsInSync) {
  EXPECT_EQ(Next(Joiner(kDonor, /*synced=*/true)), Decision(LeaveDonor{kDonor, kPrimaryAddress, 4}));
  EXPECT_EQ(Next(Joiner(kPrimaryAddress, /*synced=*/true)), Decision(Converged{}));
}

TEST(Donor, IsNotTurnedToInTheMiddleOfACopy) {
  EXPECT_EQ(Next(Joiner(kPrimaryAddress, /*synced=*/false)), Decision(Converged{}));
}

TEST(Donor, ThatGivesNothingIsLeftForThePrimary) {
  LocalState state = Joiner(kDonor, /*synced=*/false);
  state.donor_idle_since = kNow - kDonorWithin + std::chrono::milliseconds(1);
  EXPECT_EQ(Next(state), Decision(Converged{}));
  state.donor_idle_since = kNow - kDonorWithin;
  EXPECT_EQ(Next(state), Decision(Follow{kPrimaryAddress, 4, true}));
  state.engine->primary = kPrimaryAddress;
  state.donor_idle_since.reset();
  EXPECT_EQ(Next(state), Decision(Converged{})) << "and stays left";
}

TEST(Donor, IsNearWhereABacklogHoldsTheRest) {
  EXPECT_TRUE(IsNear({"h", 100}, {"h", 100 + kNearBytes}));
  EXPECT_FALSE(IsNear({"h", 100}, {"h", 101 + kNearBytes}));
  EXPECT_FALSE(IsNear({"h", 100}, {"other", 100}));
}

TEST(Donor, ThatIsNotCaughtUpWithIsLeftInTheEnd) {
  EXPECT_TRUE(LeavesDonor(/*near=*/true, kNow, kNow));
  EXPECT_FALSE(LeavesDonor(/*near=*/false, kNow - kNearWithin + std::chrono::milliseconds(1), kNow));
  EXPECT_TRUE(LeavesDonor(/*near=*/false, kNow - kNearWithin, kNow));
}

TEST(Donor, IsNobodyWhileNobodyMayBeFollowed) {
  Assignment wish = JoinerWish();
  wish.primary.reset();
  EXPECT_EQ(DecideNode(wish, Joiner(kDonor, true), MonoTime()), Decision(Follow{kNobody, 4, false}));
}

TEST(Donor, ThatIsNoneAnyMoreIsLeftAtOnce) {
  EXPECT_EQ(DecideNode(ReplicaWish(4), Joiner(kDonor, false), MonoTime()), Decision(Follow{kPrimaryAddress, 4, true}));
}

}  // namespace
}  // namespace cacheplane::agent
