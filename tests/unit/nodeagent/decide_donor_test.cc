// Whom a node that joined copies from.
#include <gtest/gtest.h>

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

Decision Next(const LocalState& state) { return DecideNode(JoinerWish(), state, MonoTime(std::chrono::seconds(100))); }

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
  state.donor_fails = true;
  EXPECT_EQ(Next(state), Decision(Follow{kPrimaryAddress, 4, true}));
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
