#include "controlplane/agents/lease_book.h"

#include <gtest/gtest.h>

#include "tests/unit/agents/fakes.h"

namespace cacheplane::agents {
namespace {

using std::chrono::milliseconds;

const model::Incarnation kNode("node-1");

class LeaseBookTest : public testing::Test {
 protected:
  void Advance(milliseconds time) { clock_.Advance(time); }
  bool Grant(std::uint64_t epoch) { return book_.Grant(kNode, {epoch}, clock_.Mono()); }

  test::ManualClock clock_;
  LeaseBook book_{clock_};
};

TEST_F(LeaseBookTest, WhatWasGrantedBeforeTheStartIsWaitedOut) {
  EXPECT_EQ(book_.LeftOf(kNode), kLeaseDuration + kLeaseMargin);
  EXPECT_FALSE(book_.Close(kNode, {1}));
  Advance(kLeaseDuration + kLeaseMargin);
  EXPECT_LE(book_.LeftOf(kNode).count(), 0);
  EXPECT_TRUE(book_.Close(kNode, {1}));
}

TEST_F(LeaseBookTest, EndsLaterThanAtTheAgent) {
  Advance(milliseconds(60'000));
  EXPECT_TRUE(Grant(1));
  Advance(kLeaseDuration);
  EXPECT_FALSE(book_.Close(kNode, {1})) << "its clock may be slower";
  Advance(kLeaseMargin);
  EXPECT_TRUE(book_.Close(kNode, {1}));
}

TEST_F(LeaseBookTest, WhatIsClosedIsNotGrantedAgain) {
  Advance(milliseconds(60'000));
  ASSERT_TRUE(book_.Close(kNode, {4}));
  EXPECT_FALSE(Grant(3));
  EXPECT_FALSE(Grant(4));
  EXPECT_LE(book_.LeftOf(kNode).count(), 0);
  EXPECT_TRUE(Grant(5)) << "a new epoch is a new decision";
  EXPECT_GT(book_.LeftOf(kNode).count(), 0);
}

TEST_F(LeaseBookTest, ReopenTakesACloseBack) {
  Advance(milliseconds(60'000));
  ASSERT_TRUE(book_.Close(kNode, {4}));
  book_.Reopen(kNode, {4});
  EXPECT_TRUE(Grant(4));
}

TEST_F(LeaseBookTest, GrantOfAnOldRequestRunsFromTheRequest) {
  Advance(milliseconds(60'000));
  const MonoTime asked = clock_.Mono();
  Advance(milliseconds(900));
  EXPECT_TRUE(book_.Grant(kNode, {1}, asked));
  EXPECT_EQ(book_.LeftOf(kNode), kLeaseDuration + kLeaseMargin - milliseconds(900));
  EXPECT_TRUE(Grant(1));
  EXPECT_TRUE(book_.Grant(kNode, {1}, asked));
  EXPECT_EQ(book_.LeftOf(kNode), kLeaseDuration + kLeaseMargin) << "an older request shortens nothing";
}

TEST_F(LeaseBookTest, AssumedIsAsGranted) {
  Advance(milliseconds(60'000));
  book_.Assume(kNode);
  EXPECT_FALSE(book_.Close(kNode, {1}));
  EXPECT_EQ(book_.LeftOf(kNode), kLeaseDuration + kLeaseMargin);
}

TEST_F(LeaseBookTest, ForgetsWhoIsGoneLongAfterTheEndOfItsLease) {
  const model::Incarnation gone("node-2");
  Advance(milliseconds(60'000));
  EXPECT_TRUE(book_.Grant(gone, {1}, clock_.Mono()));
  EXPECT_TRUE(Grant(1));
  Advance(kLeaseDuration + kLeaseMargin);
  ASSERT_TRUE(book_.Close(gone, {1}));
  ASSERT_TRUE(book_.Close(kNode, {1}));
  Advance(kLeaseRemembered);
  book_.Keep({kNode});
  EXPECT_EQ(book_.size(), 2U) << "a session of before may ask for it still";
  EXPECT_FALSE(book_.Grant(gone, {1}, clock_.Mono()));
  Advance(milliseconds(1));
  book_.Keep({kNode});
  EXPECT_EQ(book_.size(), 1U);
  EXPECT_FALSE(Grant(1)) << "whoever is planned stays closed";
  EXPECT_LE(book_.LeftOf(gone).count(), 0);
}

}  // namespace
}  // namespace cacheplane::agents
