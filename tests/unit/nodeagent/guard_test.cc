// What a guard kills, when, and what becomes of it without its agent.
#include <fmt/format.h>
#include <poll.h>

#include "tests/unit/nodeagent/guard_fixture.h"

namespace cacheplane::guard {
namespace {

TEST_F(GuardTest, KillsWhenTheLeaseEndsAndNotBefore) {
  Open();
  EXPECT_EQ(fence_->kind(), "guard");
  Sleeper engine;
  const Lease lease = engine.For(milliseconds(200));
  Guard(engine_, lease);
  EXPECT_EQ(fence_->guarded(), std::set<SocketAddress>{engine_});
  ASSERT_TRUE(Until([&] { return !engine.Lives(); }));
  EXPECT_GE(BootClock::now(), lease.end);
}

TEST_F(GuardTest, ARenewedLeaseHasNotEnded) {
  Open();
  Sleeper renewed;
  Sleeper later;
  Guard(engine_, renewed.For(milliseconds(500)));
  Guard(other_, later.For(milliseconds(600)));
  Guard(engine_, renewed.For(kLong));
  ASSERT_TRUE(Until([&] { return !later.Lives(); }));
  EXPECT_TRUE(renewed.Lives());
}

TEST_F(GuardTest, OneThatIsStoppedIsKilledAndOneWhoseLeaseIsOverAtOnce) {
  Open();
  Sleeper stopped;
  stopped.Freeze();
  Guard(engine_, stopped.For(milliseconds(0)));
  EXPECT_TRUE(Until([&] { return !stopped.Lives(); }));
}

TEST_F(GuardTest, AnotherProcessAtTheAddressIsNotMeant) {
  Open();
  Sleeper first;
  Sleeper again;
  Sleeper later;
  Guard(engine_, first.For(milliseconds(100)));
  first.Kill();
  Guard(other_, later.For(milliseconds(200)));
  // Its number is in use again.
  Guard({"127.0.0.11", 6379}, {.end = BootClock::now(), .process = {again.id().pid, again.id().start_time + 1}});
  ASSERT_TRUE(Until([&] { return !later.Lives(); }));
  EXPECT_TRUE(again.Lives());
}

TEST_F(GuardTest, AProcessThatIsReplacedAtItsAddressKeepsTheEndOfItsLease) {
  Open();
  Sleeper first;
  Sleeper second;
  Guard(engine_, first.For(milliseconds(200)));
  Guard(engine_, second.For(kLong));
  EXPECT_TRUE(Until([&] { return !first.Lives(); }));
  EXPECT_TRUE(second.Lives());
}

TEST_F(GuardTest, WhatIsUnguardedLivesOn) {
  Open();
  Sleeper replica;
  Sleeper later;
  Guard(engine_, replica.For(milliseconds(500)));
  Guard(other_, later.For(milliseconds(600)));
  ASSERT_TRUE(fence_->Unguard(engine_, true).ok());
  EXPECT_FALSE(fence_->guarded().contains(engine_));
  ASSERT_TRUE(Until([&] { return !later.Lives(); }));
  EXPECT_TRUE(replica.Lives());
}

TEST_F(GuardTest, OutlivesItsAgentAndKeepsItsWord) {
  Sleeper engine;
  const Lease lease = engine.For(milliseconds(400));
  GuardByAnAgentThatIsKilled(lease);
  ASSERT_TRUE(Until([&] { return !engine.Lives(); }));
  EXPECT_GE(BootClock::now(), lease.end);
}

TEST_F(GuardTest, IsFoundByTheNextAgentWhichRenews) {
  Sleeper engine;
  Sleeper later;
  GuardByAnAgentThatIsKilled(engine.For(milliseconds(2000)));
  const pid_t guard = GuardPid();
  Open();
  EXPECT_EQ(GuardPid(), guard);
  EXPECT_EQ(fence_->guarded(), std::set<SocketAddress>{engine_});
  Guard(engine_, engine.For(kLong));
  Guard(other_, later.For(milliseconds(2100)));
  ASSERT_TRUE(Until([&] { return !later.Lives(); }));
  EXPECT_TRUE(engine.Lives());
  Guard(engine_, engine.For(milliseconds(0)));
  EXPECT_TRUE(Until([&] { return !engine.Lives(); }));
}

TEST_F(GuardTest, AnotherTakesThePlaceOfOneThatIsKilledAndKnowsAll) {
  Open();
  Sleeper engine;
  Sleeper leased;
  const Lease lease = engine.For(milliseconds(1500));
  Guard(engine_, lease);
  Guard(other_, leased.For(kLong));
  const pid_t first = GuardPid();
  kill(first, SIGKILL);
  ASSERT_TRUE(Until([&] { return GuardPid() != 0 && GuardPid() != first; }));
  EXPECT_LT(BootClock::now(), lease.end);
  // Nobody but it can do so.
  EXPECT_TRUE(Until([&] { return !engine.Lives(); }));
  EXPECT_GE(BootClock::now(), lease.end);
  EXPECT_TRUE(leased.Lives());
}

TEST_F(GuardTest, OneThatDoesNotAnswerIsReplaced) {
  Open();
  Sleeper engine;
  Guard(engine_, engine.For(kLong));
  const pid_t first = GuardPid();
  kill(first, SIGSTOP);
  EXPECT_FALSE(fence_->Guard({{engine_, engine.For(kLong)}}).ok());
  EXPECT_NE(GuardPid(), first);
  Guard(engine_, engine.For(milliseconds(0)));
  EXPECT_TRUE(Until([&] { return !engine.Lives(); }));
}

TEST_F(GuardTest, OneThatIsStoppedKeepsNobodyAlive) {
  Open();
  Sleeper engine;
  Guard(engine_, engine.For(milliseconds(300)));
  kill(GuardPid(), SIGSTOP);
  EXPECT_TRUE(Until([&] { return !engine.Lives(); }));
}

TEST_F(GuardTest, OneThatRefusesIsKept) {
  Open();
  Sleeper engine;
  Guard(engine_, engine.For(kLong));
  const pid_t first = GuardPid();
  network::Leases too_many;
  for (int host = 0; host < 2000; ++host) {
    too_many[{fmt::format("127.1.{}.{}", host / 250, host % 250 + 1), 6379}] = engine.For(kLong);
  }
  EXPECT_FALSE(fence_->Guard(too_many).ok());
  EXPECT_EQ(GuardPid(), first);
}

TEST_F(GuardTest, ANewAgentReplacesOneThatDoesNotAnswer) {
  Sleeper engine;
  GuardByAnAgentThatIsKilled(engine.For(kLong));
  const pid_t first = GuardPid();
  kill(first, SIGSTOP);
  Open();
  EXPECT_NE(GuardPid(), first);
  EXPECT_TRUE(fence_->guarded().empty()) << "nobody could tell what it guarded";
  Guard(engine_, engine.For(milliseconds(0)));
  EXPECT_TRUE(Until([&] { return !engine.Lives(); }));
}

TEST_F(GuardTest, WithoutAGuardNothingIsGuardedAnewAndTheAgentItselfKills) {
  const fs::path program = home_ / "guard-program";
  fs::copy(GUARD_PROGRAM, program);
  Open(program);
  Sleeper engine;
  Sleeper next;
  const Lease lease = engine.For(milliseconds(1000));
  Guard(engine_, lease);
  fs::remove(program);
  kill(GuardPid(), SIGKILL);
  ASSERT_TRUE(Until([&] { return !fence_->Guard({{other_, next.For(kLong)}}).ok(); }));
  EXPECT_FALSE(fence_->guarded().contains(other_));
  EXPECT_TRUE(Until([&] { return !engine.Lives(); }));
  EXPECT_GE(BootClock::now(), lease.end);
  fs::copy(GUARD_PROGRAM, program);
  EXPECT_TRUE(Until([&] { return fence_->Guard({{other_, next.For(kLong)}}).ok(); })) << "it is tried again";
  EXPECT_TRUE(next.Lives());
}

TEST_F(GuardTest, OneThatCannotBeStartedIsAnError) {
  EXPECT_FALSE(GuardFence::Open(loop_, home_, home_ / "nothing").ok());
  EXPECT_FALSE(GuardFence::Open(loop_, home_, "/bin/false").ok());
}

TEST_F(GuardTest, EndsWhenItGuardsNothingAndNobodyAsks) {
  Sleeper engine;
  GuardByAnAgentThatIsKilled(engine.For(milliseconds(100)));
  ASSERT_TRUE(Until([&] { return !engine.Lives(); }));
  const pid_t guard = GuardPid();
  ASSERT_NE(guard, 0);
  const auto pidfd = OpenProcess({guard, ReadProcessStat(guard)->start_time});
  ASSERT_TRUE(pidfd.ok());
  pollfd polled{*pidfd, POLLIN, 0};
  EXPECT_EQ(poll(&polled, 1, 10'000), 1);
  close(*pidfd);
  EXPECT_EQ(GuardPid(), 0);
}

TEST_F(GuardTest, StaysWhileAnAgentIsThere) {
  Open();
  const pid_t guard = GuardPid();
  const auto pidfd = OpenProcess({guard, ReadProcessStat(guard)->start_time});
  ASSERT_TRUE(pidfd.ok());
  pollfd polled{*pidfd, POLLIN, 0};
  EXPECT_EQ(poll(&polled, 1, 2500), 0) << "it ended beside an agent";  // longer than it stays idle
  close(*pidfd);
}

TEST_F(GuardTest, IsOfItsOwnUserAlone) {
  Open();
  EXPECT_EQ(fs::status(home_ / "guard").permissions(), fs::perms::owner_all);
}

TEST_F(GuardTest, AHomeWithALongPathHasAGuardToo) {
  home_ /= std::string(200, 'h');
  fs::create_directories(home_);
  Open();
  Sleeper engine;
  Guard(engine_, engine.For(milliseconds(0)));
  EXPECT_TRUE(Until([&] { return !engine.Lives(); }));
  fence_.reset();
  EndGuard(home_);
  home_ = home_.parent_path();
}

}  // namespace
}  // namespace cacheplane::guard
