// Planned handovers, deposed primaries and condemned processes, by assignments and on real engines.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "cache-engine/drivers/acl.h"
#include "nodeagent/network/switch_notice.h"
#include "nodeagent/supervisor/engine_link.h"
#include "tests/unit/nodeagent/agent_fixture.h"

namespace cacheplane::agent {
namespace {

class AgentHandover : public AgentTest {
 protected:
  void Epoch(std::uint64_t epoch) {
    for (auto& [number, wish] : wishes_) wish.set_epoch(epoch);
  }

  void MakeReplica(int number, int primary) {
    wishes_[number].set_role("replica");
    wishes_[number].set_primary_address(AddressOf(primary));
    wishes_[number].set_primary_port(6379);
  }

  // As a control plane asks for it: the others go on following the old primary.
  void SendHandover(int from, int to, std::uint64_t epoch) {
    Epoch(epoch);
    MakeReplica(from, to);
    wishes_[from].set_hand_over(true);
    wishes_[to].set_role("primary");
    wishes_[to].set_await_handover(true);
    SendAll();
  }

  // It is over: everybody follows the new one.
  void SendAttach(int primary) {
    for (auto& [number, wish] : wishes_) {
      wish.set_hand_over(false);
      wish.set_await_handover(false);
      if (number != primary) MakeReplica(number, primary);
    }
    SendAll();
  }

  static bool IsAdmitted(EngineLink& opener) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < limit) {
      if (opener.Connect(milliseconds(1000)).ok()) return true;
      std::this_thread::sleep_for(milliseconds(5));
    }
    return false;
  }

  static int FullSyncs(int number) {
    const std::string info = Ask(number, {"INFO", "stats"});
    const std::size_t at = info.find("sync_full:");
    return at == std::string::npos ? -1 : std::atoi(info.c_str() + at + 10);
  }
};

TEST_F(AgentHandover, RoleGoesToTheCandidateAndSiblingsFollowBySomeBytes) {
  ASSERT_TRUE(GivenShard());
  ASSERT_EQ(Ask(1, {"SET", "city", "Bern"}), "OK");
  const auto sent = std::chrono::steady_clock::now();
  SendHandover(1, 2, 2);
  ASSERT_TRUE(control_.Await([](const Seen& seen) {
    return Fact(seen, 2).role() == "primary" && Fact(seen, 2).epoch() == 2 && Fact(seen, 1).role() == "replica";
  }));
  const auto took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - sent);
  RecordProperty("told_to_seen_ms", static_cast<int>(took.count()));
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).handover_us() > 0; }));
  RecordProperty("handover_us", static_cast<int>(Fact(control_.Look(), 1).handover_us()));
  std::printf("handover: %d us, from the assignment to the facts %d ms\n",
              static_cast<int>(Fact(control_.Look(), 1).handover_us()), static_cast<int>(took.count()));
  EXPECT_EQ(Fact(control_.Look(), 1).handover_problem(), "");
  EXPECT_EQ(Ask(2, {"GET", "city"}), "Bern");
  SendAttach(2);
  ASSERT_TRUE(control_.Await([](const Seen& seen) {
    return ServesAsPrimary(seen, 2, 2) && FollowsInSync(seen, 1) && FollowsInSync(seen, 3);
  }));
  EXPECT_EQ(FullSyncs(2), 0);
  EXPECT_EQ(Fact(control_.Look(), 1).diverged_bytes(), -1) << "a handover diverges from nothing";
}

TEST_F(AgentHandover, RoutersAreToldWhoIsOpen) {
  ASSERT_TRUE(GivenShard());
  std::atomic<int> told = 0;
  const network::ArmedSwitch opened{{AddressOf(2), 6379}, 2};
  const auto router = network::SwitchListener::Open(
      agent_.home() / "token", [&](const network::ArmedSwitch& what) { return what == opened && ++told > 0; });
  ASSERT_TRUE(router.ok());
  wishes_[1].add_routers("127.0.0.1:" + std::to_string((*router)->port()));
  SendHandover(1, 2, 2);
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).handover_us() > 0; }));
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (told == 0 && std::chrono::steady_clock::now() < limit) std::this_thread::sleep_for(milliseconds(1));
  EXPECT_GE(told, 1);
}

TEST_F(AgentHandover, CandidateThatDoesNotReceiveLeavesThePrimaryOpen) {
  ASSERT_TRUE(GivenShard());
  const pid_t candidate = PidOf(2);
  kill(candidate, SIGSTOP);
  SendHandover(1, 2, 2);
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).handover_failed_epoch() == 2; }));
  kill(candidate, SIGCONT);
  EXPECT_EQ(Fact(control_.Look(), 1).role(), "primary");
  EXPECT_NE(Fact(control_.Look(), 1).handover_problem(), "");
  EXPECT_EQ(Ask(1, {"SET", "k", "v"}), "OK");
  // Not tried again in that epoch, not even by the next agent.
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 2).epoch() == 2; }));
  agent_.Stop(SIGKILL);
  agent_.Start();
  ASSERT_TRUE(control_.Await([](const Seen& seen) {
    return seen.sessions == 2 && Fact(seen, 1).problem().find("epoch 2 failed") != std::string::npos;
  }));
  EXPECT_EQ(Ask(1, {"SET", "k", "v"}), "OK");
  // Cancelled: roles back, in another epoch.
  wishes_[1].set_role("primary");
  wishes_[2].set_role("replica");
  Epoch(3);
  SendAttach(1);
  EXPECT_TRUE(AwaitShard());
}

// Wherever an agent dies in it, the next one finishes it, or finds the candidate to be released.
TEST_F(AgentHandover, AgentThatDiesInAHandoverLosesNothing) {
  ASSERT_TRUE(GivenShard());
  int primary = 1;
  for (int round = 0; round < 6; ++round) {
    const int candidate = 3 - primary;
    const std::string key = "k" + std::to_string(round);
    ASSERT_EQ(Ask(primary, {"SET", key, "v"}), "OK");
    SendHandover(primary, candidate, static_cast<std::uint64_t>(round) + 2);
    // Not a wait for anything: the instant of the crash.
    std::this_thread::sleep_for(milliseconds(2 * round));
    agent_.Stop(SIGKILL);
    agent_.Start();
    ASSERT_TRUE(control_.Await([&](const Seen& seen) {
      return seen.sessions == round + 2 && Fact(seen, primary).role() == "replica" &&
             !Fact(seen, candidate).role().empty();
    })) << "round "
        << round;
    SendAttach(candidate);
    ASSERT_TRUE(control_.Await([&](const Seen& seen) {
      return ServesAsPrimary(seen, candidate, 2) && FollowsInSync(seen, primary) && FollowsInSync(seen, 3);
    })) << "round "
        << round;
    EXPECT_EQ(Ask(candidate, {"GET", key}), "v") << "round " << round;
    primary = candidate;
  }
}

TEST_F(AgentHandover, ReleasedCandidateIsOpenedByItsOwnAgent) {
  ASSERT_TRUE(GivenShard());
  Epoch(2);
  wishes_[2].set_role("primary");
  wishes_[2].set_await_handover(true);
  wishes_.erase(1);
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 2).epoch() == 2; }));
  EXPECT_EQ(Fact(control_.Look(), 2).role(), "replica");
  wishes_[2].set_await_handover(false);
  SendAll();
  EXPECT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 2).role() == "primary"; }));
}

// TCP delivers a command long after its sender has given up, and the next agent cannot know that one is on its way.
TEST_F(AgentHandover, OpenerThatIsLateIsNotHeeded) {
  ASSERT_TRUE(GivenShard());
  std::uint64_t epoch = 1;
  for (const bool agent_dies : {false, true}) {
    Epoch(++epoch);
    wishes_[2].set_role("primary");
    wishes_[2].set_await_handover(true);
    SendAll();
    EngineLink opener(
        {.address = {AddressOf(2), 6379}, .password = "internal-secret", .user = engine::OpenerName(epoch)});
    ASSERT_TRUE(IsAdmitted(opener));
    if (agent_dies) agent_.Stop(SIGKILL);
    Epoch(++epoch);
    wishes_[2].set_await_handover(false);
    MakeReplica(2, 1);
    if (agent_dies) agent_.Start();
    SendAll();
    ASSERT_TRUE(control_.Await([&](const Seen& seen) { return Fact(seen, 2).epoch() == epoch; }));
    EXPECT_FALSE(opener.Tell({"REPLICAOF", "NO", "ONE"}, milliseconds(1000)).ok());
    EXPECT_FALSE(opener.Tell({"REPLICAOF", "NO", "ONE"}, milliseconds(1000)).ok()) << "signed in anew";
    EXPECT_TRUE(Ask(2, {"INFO", "replication"}).find("role:slave") != std::string::npos);
  }
}

// Engines before 6.2 cannot pause writes: they refuse them, and an agent that dies then would leave it at that.
TEST_F(AgentHandover, RefusalOfWritesThatADeadAgentLeftIsTakenBackByTheNext) {
  if (!images::FindImage(images::DefaultRoot(), "redis", "6.0.16").ok()) GTEST_SKIP() << "no image of redis 6.0.16";
  wishes_ = {{1, WishFor(1, "primary")}};
  wishes_[1].set_engine("redis");
  wishes_[1].set_engine_version("6.0.16");
  wishes_[1].set_parameter_group_family("redis6.x");
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 1, 0); }));
  ASSERT_EQ(Ask(1, {"CONFIG", "SET", "min-replicas-to-write", "999"}), "OK");
  ASSERT_TRUE(Ask(1, {"SET", "k", "v"}).starts_with("NOREPLICAS"));
  agent_.Stop(SIGKILL);
  agent_.Start();
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (Ask(1, {"SET", "k", "v"}) != "OK" && std::chrono::steady_clock::now() < limit) {
    std::this_thread::sleep_for(milliseconds(5));
  }
  EXPECT_EQ(Ask(1, {"SET", "k", "v"}), "OK");
}

TEST_F(AgentHandover, EngineThatCannotPauseHandsOverAsWell) {
  if (!images::FindImage(images::DefaultRoot(), "redis", "6.0.16").ok()) GTEST_SKIP() << "no image of redis 6.0.16";
  wishes_ = {{1, WishFor(1, "primary")}, {2, WishFor(2, "replica")}};
  for (auto& [number, wish] : wishes_) {
    wish.set_engine("redis");
    wish.set_engine_version("6.0.16");
    wish.set_parameter_group_family("redis6.x");
  }
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 1, 1) && FollowsInSync(seen, 2); }));
  SendHandover(1, 2, 2);
  ASSERT_TRUE(control_.Await([](const Seen& seen) {
    return Fact(seen, 2).role() == "primary" && Fact(seen, 1).role() == "replica" && Fact(seen, 1).handover_us() > 0;
  }));
  EXPECT_EQ(Ask(2, {"SET", "k", "v"}), "OK");
  SendAttach(2);
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 2, 1) && FollowsInSync(seen, 1); }));
  EXPECT_EQ(FullSyncs(2), 0);
}

TEST_F(AgentHandover, DeposedPrimaryTellsHowFarItHadGone) {
  ASSERT_TRUE(GivenShard());
  // Detached replicas receive nothing more; the primary is not yet deposed.
  Epoch(2);
  for (const int number : {2, 3}) wishes_[number].clear_primary_address();
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) {
    return Fact(seen, 2).epoch() == 2 && Fact(seen, 3).epoch() == 2 && ServesAsPrimary(seen, 1, 0);
  }));
  ASSERT_EQ(Ask(1, {"SET", "lost", std::string(1000, 'x')}), "OK");
  Epoch(3);
  wishes_[2].set_role("primary");
  for (const int number : {1, 3}) MakeReplica(number, 2);
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).diverged_bytes() >= 0; }));
  const auto diverged = Fact(control_.Look(), 1).diverged_bytes();
  EXPECT_GE(diverged, 1000);
  EXPECT_LE(diverged, 1200);
  EXPECT_EQ(Fact(control_.Look(), 1).handover_us(), 0);
  EXPECT_TRUE(control_.Await([](const Seen& seen) {
    return ServesAsPrimary(seen, 2, 2) && FollowsInSync(seen, 1) && FollowsInSync(seen, 3);
  }));
  EXPECT_EQ(Ask(1, {"GET", "lost"}), "");
}

}  // namespace
}  // namespace cacheplane::agent
