// Parameters of engines that run.
#include "tests/unit/nodeagent/agent_fixture.h"

namespace cacheplane::agent {
namespace {

class AgentParametersTest : public AgentTest {
 protected:
  void Want(const std::map<std::string, std::string>& parameters) {
    for (auto& [number, wish] : wishes_) {
      wish.clear_parameters();
      for (const auto& [name, value] : parameters) (*wish.mutable_parameters())[name] = value;
    }
    SendAll();
  }

  static std::string ConfigOf(int number, const std::string& directive) {
    const auto client = resp::Client::Connect(AddressOf(number), 6379, milliseconds(2000));
    if (!client.ok()) return "!" + client.error().message;
    static_cast<void>((*client)->Call({"AUTH", "cacheplane", "internal-secret"}, milliseconds(2000)));
    const auto reply = (*client)->Call({"CONFIG", "GET", directive}, milliseconds(2000));
    return reply.ok() && reply->items.size() == 2 ? reply->items[1].text : "!";
  }

  // On every node, within the time an Await has.
  bool AwaitConfig(const std::string& directive, const std::string& value) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < deadline) {
      bool all = true;
      for (const auto& [number, wish] : wishes_) all = all && ConfigOf(number, directive) == value;
      if (all) return true;
      usleep(20'000);  // between two questions, for every one is a connection
    }
    return false;
  }
};

TEST_F(AgentParametersTest, ReachEveryNodeWithoutARestartAndGoBackToTheDefault) {
  ASSERT_TRUE(GivenShard());
  const std::vector<pid_t> pids = {PidOf(1), PidOf(2), PidOf(3)};
  Want({{"maxmemory-policy", "noeviction"}, {"reserved-memory-percent", "50"}});
  EXPECT_TRUE(AwaitConfig("maxmemory-policy", "noeviction"));
  EXPECT_TRUE(AwaitConfig("maxmemory", std::to_string(32 << 20)));
  Want({});
  EXPECT_TRUE(AwaitConfig("maxmemory-policy", "volatile-lru"));
  EXPECT_TRUE(AwaitConfig("maxmemory", std::to_string(48 << 20)));
  EXPECT_EQ(pids, (std::vector<pid_t>{PidOf(1), PidOf(2), PidOf(3)}));
}

// What was set since the start is written down nowhere.
TEST_F(AgentParametersTest, ChangedWhileNoAgentLookedTheyAreSetByTheNextOne) {
  ASSERT_TRUE(GivenPrimary());
  const pid_t pid = PidOf(1);
  agent_.Stop(SIGKILL);
  Ask(1, {"CONFIG", "SET", "timeout", "90"});
  ASSERT_EQ(ConfigOf(1, "timeout"), "90");
  agent_.Start();
  EXPECT_TRUE(AwaitConfig("timeout", "0"));
  Want({{"timeout", "60"}});
  EXPECT_TRUE(AwaitConfig("timeout", "60"));
  EXPECT_EQ(PidOf(1), pid);
}

TEST_F(AgentParametersTest, WhatNeedsARestartIsToldUntilThereWasOne) {
  ASSERT_TRUE(GivenShard());
  Want({{"databases", "32"}});
  const auto pending = [](const Seen& seen, int number) { return Fact(seen, number).parameters().pending_restart(); };
  ASSERT_TRUE(control_.Await([&](const Seen& seen) {
    return pending(seen, 1).size() == 1 && pending(seen, 2).size() == 1 && pending(seen, 2)[0] == "databases";
  }));
  EXPECT_EQ(ConfigOf(2, "databases"), "16");
  const pid_t before = PidOf(2);
  Kill(2);
  EXPECT_TRUE(control_.Await([&](const Seen& seen) {
    return FollowsInSync(seen, 2) && Fact(seen, 2).pid() != before && pending(seen, 2).empty();
  }));
  EXPECT_EQ(ConfigOf(2, "databases"), "32");
  EXPECT_EQ(pending(control_.Look(), 1).size(), 1);
}

TEST_F(AgentParametersTest, WhatCannotBeSetIsReportedAndOtherWorkGoesOn) {
  ASSERT_TRUE(GivenShard());
  Want({{"timeout", "none"}});
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return !Fact(seen, 2).parameters().problem().empty(); }));
  EXPECT_EQ(Fact(control_.Look(), 2).problem(), "");  // nothing keeps it from being promoted
  for (auto& [number, wish] : wishes_) wish.set_epoch(2);
  SendAll();
  EXPECT_TRUE(
      control_.Await([](const Seen& seen) { return Fact(seen, 1).epoch() == 2 && Fact(seen, 2).epoch() == 2; }));
  Want({{"timeout", "60"}});
  EXPECT_TRUE(AwaitConfig("timeout", "60"));
  EXPECT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 2).parameters().problem().empty(); }));
}

}  // namespace
}  // namespace cacheplane::agent
