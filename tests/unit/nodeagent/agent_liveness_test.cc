// Engines that do not answer: stopped, hung, or busy; and how an end is reported.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>

#include "tests/unit/nodeagent/agent_fixture.h"
#include "tests/unit/nodeagent/control_group.h"

namespace cacheplane::agent {
namespace {

using std::chrono::steady_clock;

class AgentLiveness : public AgentTest {
 protected:
  // Time until the facts say so, -1 when they do not.
  int MillisUntil(const std::function<bool(const Seen&)>& condition) {
    const auto since = steady_clock::now();
    if (!control_.Await(condition)) return -1;
    return static_cast<int>(std::chrono::duration_cast<milliseconds>(steady_clock::now() - since).count());
  }
};

TEST_F(AgentLiveness, StoppedProcessIsToldAtOnceAndThawsAgain) {
  ASSERT_TRUE(GivenPrimary());
  const pid_t pid = PidOf(1);
  for (int round = 0; round < 5; ++round) {
    kill(pid, SIGSTOP);
    const int told = MillisUntil([](const Seen& seen) { return Fact(seen, 1).frozen(); });
    std::printf("frozen: told after %d ms\n", told);
    EXPECT_GE(told, 19);
    EXPECT_LT(told, 500);
    kill(pid, SIGCONT);
    EXPECT_GE(MillisUntil([](const Seen& seen) { return !Fact(seen, 1).frozen() && ServesAsPrimary(seen, 1, 0); }), 0);
  }
}

TEST_F(AgentLiveness, StoppedProcessIsToldByAnAgentThatAdoptsIt) {
  ASSERT_TRUE(GivenPrimary());
  const pid_t pid = PidOf(1);
  agent_.Stop(SIGKILL);
  kill(pid, SIGSTOP);
  agent_.Start();
  EXPECT_TRUE(control_.Await([](const Seen& seen) { return seen.sessions == 2 && Fact(seen, 1).frozen(); }));
  kill(pid, SIGCONT);
  EXPECT_TRUE(control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 1, 0) && !Fact(seen, 1).frozen(); }));
}

TEST_F(AgentLiveness, CondemnedStoppedProcessIsKilledAndNothingIsSaved) {
  ASSERT_TRUE(GivenShard());
  ASSERT_EQ(Ask(1, {"SET", "k", "v"}), "OK");
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).replication_offset() > 0; }));
  const std::string history = Fact(control_.Look(), 1).replication_id();
  kill(PidOf(1), SIGSTOP);
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).frozen(); }));
  wishes_[1].set_condemned(1);
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) {
    return Fact(seen, 1).process() == v1::PROCESS_STATE_STOPPED && Fact(seen, 1).exit_reason() == "signal 9";
  }));
  const v1::NodeFact fact = Fact(control_.Look(), 1);
  EXPECT_EQ(fact.clean_stop_epoch(), 0U);
  EXPECT_FALSE(fact.frozen());
  EXPECT_FALSE(fact.out_of_memory());
  EXPECT_EQ(fact.replication_id(), history) << "its last word stays";
  EXPECT_GT(fact.replication_offset(), 0);
  // As a replica it may start again.
  wishes_[1].set_role("replica");
  wishes_[1].set_epoch(2);
  wishes_[2].set_role("primary");
  for (const int number : {1, 3}) wishes_[number].set_primary_address(AddressOf(2));
  wishes_[1].set_primary_port(6379);
  for (auto& [number, wish] : wishes_) wish.set_epoch(2);
  SendAll();
  EXPECT_TRUE(control_.Await([](const Seen& seen) {
    return ServesAsPrimary(seen, 2, 2) && FollowsInSync(seen, 1) && Fact(seen, 1).starts() == 2;
  }));
}

TEST_F(AgentLiveness, ScriptThatRunsForLongIsBusyAndNotHung) {
  ASSERT_TRUE(GivenPrimary());
  std::thread script([] {
    const auto client = resp::Client::Connect(AddressOf(1), 6379, milliseconds(2000));
    ASSERT_TRUE(client.ok());
    const auto reply = (*client)->Call(
        {"EVAL", "local s = os.clock() while os.clock() - s < 7 do end return 'done'", "0"}, milliseconds(60'000));
    EXPECT_TRUE(reply.ok() && reply->text == "done");
  });
  EXPECT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).problem().starts_with("busy: "); }));
  EXPECT_FALSE(control_.Await([](const Seen& seen) { return Fact(seen, 1).process() != v1::PROCESS_STATE_RUNNING; },
                              milliseconds(6000)));
  script.join();
  EXPECT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).problem().empty(); }));
  EXPECT_EQ(Fact(control_.Look(), 1).process(), v1::PROCESS_STATE_RUNNING);
}

TEST_F(AgentLiveness, ProcessThatDoesNothingIsHungSoon) {
  ASSERT_TRUE(GivenPrimary());
  kill(PidOf(1), SIGSTOP);
  const int told = MillisUntil([](const Seen& seen) { return Fact(seen, 1).process() == v1::PROCESS_STATE_HUNG; });
  kill(PidOf(1), SIGCONT);
  std::printf("hung: told after %d ms\n", told);
  EXPECT_GE(told, 900);
  EXPECT_LT(told, 3000);
}

TEST_F(AgentLiveness, FrozenControlGroupIsToldAsWell) {
  const ControlGroup group("freezer");
  if (!group.made()) GTEST_SKIP() << "no control groups of the first version here";
  ASSERT_TRUE(GivenPrimary());
  ASSERT_TRUE(group.Add(PidOf(1)) && group.Set("freezer.state", "FROZEN"));
  const int told = MillisUntil([](const Seen& seen) { return Fact(seen, 1).frozen(); });
  group.Set("freezer.state", "THAWED");
  std::printf("frozen group: told after %d ms\n", told);
  EXPECT_GE(told, 0);
  EXPECT_LT(told, 1000);
  EXPECT_TRUE(control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 1, 0) && !Fact(seen, 1).frozen(); }));
}

TEST_F(AgentLiveness, EndForWantOfMemoryIsToldAsSuch) {
  const ControlGroup group("memory");
  if (!group.made()) GTEST_SKIP() << "no control groups of the first version here";
  ASSERT_TRUE(GivenPrimary());
  ASSERT_TRUE(group.Set("memory.limit_in_bytes", std::to_string(24 << 20)) && group.Add(PidOf(1)));
  for (int i = 0; i < 8; ++i) Ask(1, {"SETRANGE", "k" + std::to_string(i), "8388607", "x"});
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).out_of_memory(); }));
  EXPECT_EQ(Fact(control_.Look(), 1).process(), v1::PROCESS_STATE_STOPPED);
  EXPECT_NE(Fact(control_.Look(), 1).exit_reason().find("signal 9, out of memory"), std::string::npos);
}

}  // namespace
}  // namespace cacheplane::agent
