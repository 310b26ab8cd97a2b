// Leases as the control plane remembers them: what the simulator cannot tell apart, since a session's thread would have
// to renew one between a decision and its commit.
#include "controlplane/agents/lease_book.h"

#include <gtest/gtest.h>

namespace cacheplane::agents {
namespace {

using namespace std::chrono_literals;

class StillClock final : public Clock {
 public:
  WallTime Now() const override { return WallTime(mono.time_since_epoch()); }
  MonoTime Mono() const override { return mono; }
  MonoTime mono{1h};
};

const model::Incarnation kNode("node-1");
constexpr model::Epoch kEpoch{3};
constexpr auto kWhole = kLeaseDuration + kLeaseMargin;

TEST(LeaseBook, TakesEveryLeaseAsGrantedAtItsStart) {
  StillClock clock;
  LeaseBook book(clock);
  EXPECT_EQ(book.LeftOf(kNode), kWhole);
  EXPECT_FALSE(book.Close(kNode, kEpoch));
  clock.mono += kWhole;
  EXPECT_TRUE(book.Close(kNode, kEpoch));
}

TEST(LeaseBook, ClosesNoneThatMayStillRun) {
  StillClock clock;
  LeaseBook book(clock);
  clock.mono += 1h;
  ASSERT_TRUE(book.Grant(kNode, kEpoch));
  clock.mono += kWhole - 1ms;
  EXPECT_FALSE(book.Close(kNode, kEpoch));
  clock.mono += 1ms;
  EXPECT_TRUE(book.Close(kNode, kEpoch));
}

TEST(LeaseBook, GrantsNothingInAClosedEpoch) {
  StillClock clock;
  LeaseBook book(clock);
  clock.mono += 1h;
  ASSERT_TRUE(book.Close(kNode, kEpoch));
  EXPECT_FALSE(book.Grant(kNode, model::Epoch{2}));
  EXPECT_FALSE(book.Grant(kNode, kEpoch));
  EXPECT_LE(book.LeftOf(kNode), 0ms);
  EXPECT_TRUE(book.Grant(kNode, model::Epoch{4}));
}

TEST(LeaseBook, GrantsAgainWhenWhatItWasClosedForWasNotCommitted) {
  StillClock clock;
  LeaseBook book(clock);
  clock.mono += 1h;
  ASSERT_TRUE(book.Close(kNode, kEpoch));
  book.Reopen(kNode, kEpoch);
  EXPECT_TRUE(book.Grant(kNode, kEpoch));
}

TEST(LeaseBook, AssumesALeaseThatMayRestOnPromises) {
  StillClock clock;
  LeaseBook book(clock);
  clock.mono += 1h;
  book.Assume(kNode);
  EXPECT_EQ(book.LeftOf(kNode), kWhole);
}

}  // namespace
}  // namespace cacheplane::agents
