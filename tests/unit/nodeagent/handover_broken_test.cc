// Handovers that go wrong after writes were paused, and what a dead agent's left behind.
#include "cache-engine/drivers/acl.h"
#include "nodeagent/supervisor/handover.h"
#include "tests/unit/nodeagent/handover_fixture.h"
#include "tests/unit/resp/scripted_engine.h"

namespace cacheplane::agent {
namespace {

std::string Bulk(const std::string& text) { return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n"; }

// As when the thread stands still between the last look and the demotion until the pause has ended: a candidate that
// says it has all there was, and one more write after that.
TEST_P(Handovers, CandidateThatLacksWhatWasWrittenAfterThePauseIsNotOpened) {
  const auto info = engines_[0]->Info();
  const Address own_address = AddressOf(requests_[0]);
  const std::string answers = "role:slave\r\nmaster_host:" + own_address.host +
                              "\r\nmaster_port:" + std::to_string(own_address.port) +
                              "\r\nmaster_link_status:up\r\nmaster_replid:" + info.replication_id +
                              "\r\nmaster_repl_offset:" + std::to_string(info.replication_offset + 1) +
                              "\r\nslave_repl_offset:" + std::to_string(info.replication_offset + 1) + "\r\n";
  const std::string users = "*1\r\n" + Bulk(engine::OpenerName(2));
  const auto before = [&](std::size_t number) {
    if (number != 4) return;  // the last look
    engines_[0]->Internal({"CONFIG", "SET", "min-replicas-to-write", "0"});
    engines_[0]->Internal({"CLIENT", "UNPAUSE"});
    EXPECT_EQ(engines_[0]->Internal({"SET", "late", std::string(1000, 'x')}).text, "OK");
  };
  const resp::ScriptedEngine candidate({"+OK\r\n", Bulk(answers), users, "+OK\r\n", Bulk(answers), ""}, before);
  EngineLink own({.address = own_address, .password = requests_[0].internal_password});
  const HandoverReport report =
      CarryOutHandover(own, {.candidate = {candidate.address(), candidate.port()}, .epoch = 2, .pause = Pause()});
  EXPECT_EQ(report.end, HandoverReport::End::kUnknown);
  EXPECT_FALSE(report.complete);
  EXPECT_NE(report.problem.find("it lacks up to 10"), std::string::npos) << report.problem;
  EXPECT_EQ(engines_[0]->Info().role, "replica");
}

TEST_P(Handovers, RefusalThatADeadAgentLeftIsTakenBack) {
  const ConfigRequest& request = requests_[0];
  ASSERT_EQ(engines_[0]->Internal({"CONFIG", "SET", "min-replicas-to-write", "999"}).text, "OK");
  EXPECT_TRUE(engines_[0]->Anybody({"SET", "k", "v"}).text.starts_with("NOREPLICAS"));
  EngineLink own({.address = AddressOf(request), .password = request.internal_password});
  ASSERT_TRUE(TakeBackRefusal(own, {.by_command = false}).ok());
  EXPECT_EQ(engines_[0]->Anybody({"SET", "k", "v"}).text, "OK");
  ASSERT_EQ(engines_[0]->Internal({"CONFIG", "SET", "min-replicas-to-write", "1"}).text, "OK");
  ASSERT_TRUE(TakeBackRefusal(own, {.by_command = false}).ok());
  EXPECT_EQ(Setting(0, "min-replicas-to-write"), "1");
}

TEST_P(Handovers, TimerThatADeadAgentHurriedIsCalmedAgain) {
  for (const char* hz : {"500", "1"}) {
    ASSERT_EQ(engines_[0]->Internal({"CONFIG", "SET", "dynamic-hz", "no"}).text, "OK");
    ASSERT_EQ(engines_[0]->Internal({"CONFIG", "SET", "hz", hz}).text, "OK");
    EngineLink own({.address = AddressOf(requests_[0]), .password = requests_[0].internal_password});
    ASSERT_TRUE(TakeBackLeftovers(own, {.by_command = false}).ok());
    EXPECT_EQ(Setting(0, "hz"), "10");
    EXPECT_EQ(Setting(0, "dynamic-hz"), "yes");
  }
}

}  // namespace
}  // namespace cacheplane::agent
