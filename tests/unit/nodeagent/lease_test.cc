// What an agent knows of leases, and what it promises to others.
#include "nodeagent/decide/lease.h"

#include <gtest/gtest.h>

namespace cacheplane::agent {
namespace {

using namespace std::chrono_literals;

constexpr BootTime kNow{1h};

TEST(PromisingEpoch, IsThatOfANodeThatIsNotOpenedByItsOwnAgent) {
  Assignment assignment;
  assignment.epoch = 3;
  assignment.role = Role::kReplica;
  EXPECT_EQ(PromisingEpoch(assignment), 3);
  assignment.role = Role::kPrimary;
  assignment.await_handover = true;
  EXPECT_EQ(PromisingEpoch(assignment), 3) << "who hands over to it takes writes until then";
}

TEST(PromisingEpoch, IsNoneOnceTheNodeMayBeOpened) {
  Assignment assignment;
  assignment.epoch = 3;
  assignment.role = Role::kPrimary;
  EXPECT_EQ(PromisingEpoch(assignment), std::nullopt);
}

TEST(Promises, AreRefusedToLowerEpochs) {
  PromiseLedger promises(kNow);
  EXPECT_FALSE(promises.Promise("n-1", 3, 2, kNow));
  EXPECT_FALSE(promises.Binds("n-1", kNow));
  EXPECT_TRUE(promises.Promise("n-1", 3, 3, kNow + 2s));
  EXPECT_EQ(promises.ShutUntil("n-1"), kNow + 2s + kPromiseDuration + kPromiseMargin);
}

TEST(Promises, OfAnEarlierProcessAreAssumed) {
  const PromiseLedger promises(kNow);
  EXPECT_EQ(promises.ShutUntil("n-1"), kNow + kPromiseDuration + kPromiseMargin);
}

TEST(Leases, CountFromTheRequestAndForTheirEpochAlone) {
  LeaseLedger leases;
  const std::uint64_t sequence = leases.Ask(kNow);
  leases.Take({.sequence = sequence, .nodes = {{"n-1", 3}}, .duration = 1000ms});
  EXPECT_EQ(leases.EndOf({"n-1", 3}), kNow + 1s);
  EXPECT_EQ(leases.EndOf({"n-1", 4}), BootTime());
  leases.Take({.sequence = sequence + 1, .nodes = {{"n-1", 3}}, .duration = 9000ms});
  EXPECT_EQ(leases.EndOf({"n-1", 3}), kNow + 1s) << "an answer to nothing that was asked";
}

TEST(Leases, RestOnThePromisesOfAllPeers) {
  LeaseLedger leases;
  const std::uint64_t round = leases.AskPeers({"n-1", 3}, {"n-2", "n-3"}, kNow);
  EXPECT_FALSE(leases.Promised(round, "n-2"));
  EXPECT_FALSE(leases.Promised(round, "n-2")) << "twice the same";
  EXPECT_EQ(leases.EndOf({"n-1", 3}), BootTime());
  EXPECT_TRUE(leases.Promised(round, "n-3"));
  EXPECT_EQ(leases.EndOf({"n-1", 3}), kNow + kPromiseDuration);
}

}  // namespace
}  // namespace cacheplane::agent
