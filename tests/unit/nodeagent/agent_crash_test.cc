// What survives: the agent's death at any instant, stops, and the data.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include "common/file.h"
#include "common/text.h"
#include "tests/unit/nodeagent/agent_fixture.h"

namespace cacheplane::agent {
namespace {

TEST_F(AgentTest, KilledAgentLeavesEnginesAndAdoptsThemAgain) {
  ASSERT_TRUE(GivenShard());
  const std::set<pid_t> pids = {PidOf(1), PidOf(2), PidOf(3)};
  agent_.Stop(SIGKILL);
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return !seen.connected; }));
  EXPECT_EQ(Ask(1, {"SET", "k", "v"}), "OK");
  agent_.Start();
  ASSERT_TRUE(AwaitShard());
  EXPECT_EQ((std::set<pid_t>{PidOf(1), PidOf(2), PidOf(3)}), pids);
  for (const int number : {1, 2, 3}) EXPECT_EQ(Fact(control_.Look(), number).starts(), 1U);
  // An adopted engine's end is seen as well.
  Kill(1);
  EXPECT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).process() == v1::PROCESS_STATE_STOPPED; }));
}

TEST_F(AgentTest, ProcessSpawnedJustBeforeACrashIsFound) {
  ASSERT_TRUE(GivenPrimary());
  const pid_t pid = PidOf(1);
  agent_.Stop(SIGKILL);
  ASSERT_TRUE(std::filesystem::remove(agent_.NodeFile("orders-001", "i-1/process.json")));
  agent_.Start();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 1, 0); }));
  EXPECT_EQ(PidOf(1), pid);
}

TEST_F(AgentTest, AgentKilledAtAnyInstantNeverRunsAnEngineTwice) {
  wishes_ = {{1, WishFor(1, "primary")}, {2, WishFor(2, "replica")}, {3, WishFor(3, "replica")}};
  SendAll();
  for (int round = 0; round < 12; ++round) {
    // Not a wait for anything: the instant of the crash, spread over the whole of a creation.
    std::this_thread::sleep_for(milliseconds(15 + 9 * round));
    agent_.Stop(SIGKILL);
    EXPECT_LE(agent_.EnginesWithoutChildren().size(), 3U) << "round " << round;
    agent_.Start();
  }
  // The boot may have been used by a start that the crash prevented: then it waits for the next one.
  ASSERT_TRUE(control_.Await([](const Seen& seen) {
    return ServesAsPrimary(seen, 1, 2) || Fact(seen, 1).problem().find("not started") != std::string::npos;
  }));
  if (!Fact(control_.Look(), 1).problem().empty()) PermitBoot();
  ASSERT_TRUE(AwaitShard());
  EXPECT_EQ(agent_.Engines().size(), 3U);
}

// Clients wait for a change of primary, so that it does not wait for this file; but the next agent needs it.
TEST_F(AgentTest, ADiskThatTakesNoAssignmentsHoldsUpNobodyAndIsTriedAgain) {
  ASSERT_TRUE(GivenPrimary());
  const std::filesystem::path obstacle = agent_.home() / "assignments.json.new";
  ASSERT_TRUE(std::filesystem::create_directory(obstacle));
  wishes_[2] = WishFor(2, "replica");
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return FollowsInSync(seen, 2); }));
  ASSERT_TRUE(std::filesystem::remove(obstacle));
  const auto saved = [&] {
    const auto file = ReadFile(agent_.home() / "assignments.json");
    return file.ok() && file->find("i-2") != std::string::npos;
  };
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!saved() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_TRUE(saved());
}

TEST_F(AgentTest, WhatNoAssignmentNamesIsReportedAndLeftAlone) {
  ASSERT_TRUE(GivenShard());
  const pid_t pid = PidOf(3);
  wishes_.erase(3);
  SendAll();
  ASSERT_TRUE(control_.Await([&](const Seen& seen) { return seen.revision == revision_; }));
  agent_.Stop(SIGTERM);
  agent_.Start();
  ASSERT_TRUE(control_.Await([&](const Seen& seen) { return seen.sessions == 2 && FollowsInSync(seen, 3); }));
  EXPECT_EQ(PidOf(3), pid);
}

TEST_F(AgentTest, DrainedDataComeBackWithTheNextBoot) {
  ASSERT_TRUE(GivenShard());
  ASSERT_EQ(Ask(1, {"SET", "city", "Bern"}), "OK");
  EXPECT_EQ(agent_.Drain(), 1) << "an agent is running";
  EXPECT_EQ(agent_.Stop(SIGTERM), 0);
  EXPECT_EQ(agent_.Engines().size(), 3U);
  EXPECT_EQ(agent_.Drain(), 0);
  EXPECT_TRUE(agent_.Engines().empty());
  agent_.Start();
  ASSERT_TRUE(control_.Await([](const Seen& seen) {
    return Fact(seen, 1).process() == v1::PROCESS_STATE_STOPPED && Fact(seen, 1).clean_stop_epoch() == 1;
  }));
  PermitBoot();
  ASSERT_TRUE(AwaitShard());
  EXPECT_EQ(Ask(1, {"GET", "city"}), "Bern");
  EXPECT_EQ(Ask(2, {"GET", "city"}), "Bern");
  EXPECT_EQ(Fact(control_.Look(), 1).clean_stop_epoch(), 0U);
}

TEST_F(AgentTest, HeldNodeKeepsItsDataAndStaysDown) {
  ASSERT_TRUE(GivenPrimary());
  ASSERT_EQ(Ask(1, {"SET", "city", "Bern"}), "OK");
  wishes_[1].set_intent(v1::INTENT_HOLD);
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) {
    return Fact(seen, 1).process() == v1::PROCESS_STATE_STOPPED && Fact(seen, 1).clean_stop_epoch() == 1;
  }));
  wishes_[1].set_intent(v1::INTENT_RUN);
  PermitBoot();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 1, 0); }));
  EXPECT_EQ(Ask(1, {"GET", "city"}), "Bern");
}

TEST_F(AgentTest, CrashedPrimaryDoesNotBringOldDataBack) {
  ASSERT_TRUE(GivenPrimary());
  ASSERT_EQ(Ask(1, {"SET", "city", "Bern"}), "OK");
  // A saved file of some earlier moment, such as a full synchronisation leaves behind.
  wishes_[1].set_intent(v1::INTENT_HOLD);
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).clean_stop_epoch() == 1; }));
  const auto dump = agent_.NodeFile("orders-001", "i-1/data/dump.rdb");
  const std::string old = ReadFile(dump).value();
  wishes_[1].set_intent(v1::INTENT_RUN);
  PermitBoot();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 1, 0); }));
  std::ofstream(dump) << old;
  Kill(1);
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return !Fact(seen, 1).problem().empty(); }));
  PermitBoot();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 1, 0); }));
  EXPECT_EQ(Ask(1, {"GET", "city"}), "");
}

TEST_F(AgentTest, GoesOnWithItsAssignmentsWithoutAControlPlane) {
  ASSERT_TRUE(GivenShard());
  agent_.Stop(SIGKILL);
  const pid_t before = PidOf(2);
  kill(before, SIGKILL);
  const auto file = agent_.NodeFile("orders-002", "engine.pid");
  AgentProgram& agent = agent_;
  control_.SendWhole({});  // revision 0: tells later sessions nothing
  agent.Start();
  EXPECT_TRUE(
      control_.Await([&](const Seen& seen) { return FollowsInSync(seen, 2) && Fact(seen, 2).pid() != before; }));
  EXPECT_EQ(Trim(ReadFile(file).value()), std::to_string(PidOf(2)));
}

}  // namespace
}  // namespace cacheplane::agent
