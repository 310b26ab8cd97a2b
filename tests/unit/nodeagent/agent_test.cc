// Roles, ends and the protocol, on real engines.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>

#include "common/file.h"
#include "common/text.h"
#include "tests/unit/nodeagent/agent_fixture.h"

namespace cacheplane::agent {
namespace {

TEST_F(AgentTest, SaysHelloWithItsToken) {
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return !seen.hello.agent().empty(); }));
  const Seen seen = control_.Look();
  EXPECT_EQ(seen.token, "Bearer join-me");
  EXPECT_EQ(seen.hello.agent(), "agent-a");
  EXPECT_EQ(seen.hello.zone(), "us-east-1a");
  EXPECT_GT(seen.hello.memory_bytes(), 0);
  EXPECT_GE(seen.hello.images_size(), 1);
}

TEST_F(AgentTest, ShardComesUpAndReplicasComeBackByThemselves) {
  ASSERT_TRUE(GivenShard());
  EXPECT_EQ(Trim(ReadFile(agent_.NodeFile("orders-002", "engine.pid")).value()), std::to_string(PidOf(2)));
  const pid_t before = PidOf(2);
  Kill(2);
  ASSERT_TRUE(
      control_.Await([&](const Seen& seen) { return FollowsInSync(seen, 2) && Fact(seen, 2).pid() != before; }));
  const Seen seen = control_.Look();
  EXPECT_EQ(Fact(seen, 2).starts(), 2U);
  EXPECT_EQ(Fact(seen, 2).primary(), AddressOf(1) + ":6379");
  EXPECT_EQ(Fact(seen, 2).exit_reason(), "signal 9");
}

TEST_F(AgentTest, DeadPrimaryStaysDownUntilPermitted) {
  ASSERT_TRUE(GivenShard());
  const auto killed = std::chrono::steady_clock::now();
  Kill(1);
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).process() == v1::PROCESS_STATE_STOPPED; }));
  const auto heard = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - killed);
  RecordProperty("exit_heard_after_ms", static_cast<int>(heard.count()));
  EXPECT_LT(heard, milliseconds(500));
  ASSERT_TRUE(control_.Await([](const Seen& seen) {
    return Fact(seen, 1).exit_reason() == "signal 9" &&
           Fact(seen, 1).problem().find("not started") != std::string::npos;
  }));
  EXPECT_EQ(Fact(control_.Look(), 1).starts(), 1U);
  PermitBoot();
  ASSERT_TRUE(AwaitShard());
  EXPECT_EQ(Fact(control_.Look(), 1).starts(), 2U);
  EXPECT_EQ(Fact(control_.Look(), 1).boot(), 2U);
  EXPECT_EQ(Fact(control_.Look(), 1).epoch(), 2U);
}

TEST_F(AgentTest, ReplicaIsPromotedAndTheOldPrimaryFollowsIt) {
  ASSERT_TRUE(GivenShard());
  for (auto& [number, wish] : wishes_) {
    wish.set_epoch(2);
    wish.set_role(number == 2 ? "primary" : "replica");
    wish.set_primary_address(AddressOf(2));
    wish.set_primary_port(6379);
  }
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) {
    return ServesAsPrimary(seen, 2, 2) && FollowsInSync(seen, 1) && FollowsInSync(seen, 3);
  }));
}

// Engines retry a link once a second; told when the primary is open, a replica connects in the same instant.
TEST_F(AgentTest, ReplicaThatIsToldItsPrimaryLaterFollowsIt) {
  wishes_ = {{1, WishFor(1, "primary")}, {2, WishFor(2, "replica")}, {3, WishFor(3, "replica")}};
  for (const int number : {2, 3}) wishes_[number].clear_primary_address();
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) {
    return ServesAsPrimary(seen, 1, 0) && Fact(seen, 2).role() == "replica" && Fact(seen, 3).role() == "replica";
  }));
  for (const int number : {2, 3}) wishes_[number].set_primary_address(AddressOf(1));
  SendAll();
  ASSERT_TRUE(AwaitShard());
}

// A large process frees its memory for long before its end is announced.
TEST_F(AgentTest, EndOfALargeProcessIsHeardBeforeItIsGone) {
  wishes_ = {{1, WishFor(1, "primary")}};
  wishes_[1].set_node_memory_bytes(2LL << 30);
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 1, 0); }));
  for (int i = 0; i < 64; ++i) Ask(1, {"SETRANGE", "k" + std::to_string(i), "8388607", "x"});
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).used_memory_bytes() > (400LL << 20); }));
  const auto killed = std::chrono::steady_clock::now();
  Kill(1);
  const auto since = [&] {
    return static_cast<int>(
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - killed).count());
  };
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).process() == v1::PROCESS_STATE_STOPPED; }));
  RecordProperty("heard_after_ms", since());
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).exit_reason() == "signal 9"; }));
  RecordProperty("gone_after_ms", since());
}

TEST_F(AgentTest, LowerEpochIsRefused) {
  ASSERT_TRUE(GivenPrimary());
  wishes_[1].set_epoch(0);
  wishes_[1].set_role("replica");
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return !Fact(seen, 1).problem().empty(); }));
  EXPECT_TRUE(ServesAsPrimary(control_.Look(), 1, 0));
}

TEST_F(AgentTest, EraseRemovesThatIncarnationOnly) {
  ASSERT_TRUE(GivenShard());
  wishes_[3].set_intent(v1::INTENT_ERASE);
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 3).process() == v1::PROCESS_STATE_ERASED; }));
  EXPECT_FALSE(std::filesystem::exists(agent_.NodeFile("orders-003", "")));
  EXPECT_TRUE(std::filesystem::exists(agent_.NodeFile("orders-002", "i-2/state.json")));
  EXPECT_EQ(agent_.Engines().size(), 2U);
  v1::AssignmentSet forget;
  forget.set_base_revision(revision_);
  forget.set_revision(++revision_);
  forget.add_removed_incarnations("i-3");
  control_.SendOnce(forget);
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return !seen.nodes.contains("i-3"); }));
  EXPECT_TRUE(control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 1, 1) && FollowsInSync(seen, 2); }));
}

TEST_F(AgentTest, ChangeToAnotherRevisionAsksForTheWhole) {
  ASSERT_TRUE(GivenPrimary());
  v1::AssignmentSet change;
  change.set_base_revision(revision_ + 5);
  change.set_revision(revision_ + 6);
  control_.SendOnce(change);
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return seen.needs_whole_set; }));
  SendAll();
  EXPECT_TRUE(control_.Await([&](const Seen& seen) { return !seen.needs_whole_set && seen.revision == revision_; }));
}

TEST_F(AgentTest, StoppedProcessIsHungAndRecovers) {
  ASSERT_TRUE(GivenPrimary());
  const pid_t pid = PidOf(1);
  kill(pid, SIGSTOP);
  EXPECT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).process() == v1::PROCESS_STATE_HUNG; }));
  kill(pid, SIGCONT);
  EXPECT_TRUE(control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 1, 0); }));
  EXPECT_EQ(PidOf(1), pid);
}

}  // namespace
}  // namespace cacheplane::agent
