// Faults on purpose: what an agent answers, and that none outlasts it.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "tests/unit/nodeagent/agent_fixture.h"

namespace cacheplane::agent {
namespace {

class AgentDrill : public AgentTest {
 protected:
  static v1::Drill Pause(std::uint64_t id, int number, std::uint32_t duration_ms) {
    v1::Drill drill;
    drill.set_id(id);
    drill.mutable_pause_node()->set_incarnation("i-" + std::to_string(number));
    drill.set_duration_ms(duration_ms);
    return drill;
  }

  // Its problem, "" for none.
  std::string AnswerTo(const v1::Drill& drill) {
    const std::size_t before = control_.Look().drill_answers.size();
    control_.Order(drill);
    if (!control_.Await([&](const Seen& seen) { return seen.drill_answers.size() > before; })) return "no answer";
    const v1::DrillAnswer answer = control_.Look().drill_answers.back();
    EXPECT_EQ(answer.id(), drill.id());
    return answer.problem();
  }

  bool AwaitFrozen(bool frozen) {
    return control_.Await([frozen](const Seen& seen) {
      return Fact(seen, 1).frozen() == frozen && Fact(seen, 1).process() == v1::PROCESS_STATE_RUNNING;
    });
  }
  bool HasMarks() const {
    const auto directory = agent_.home() / "paused";
    return std::filesystem::exists(directory) && !std::filesystem::is_empty(directory);
  }
};

TEST_F(AgentDrill, APausedProcessGoesOnInTime) {
  ASSERT_TRUE(GivenPrimary());
  const pid_t pid = PidOf(1);
  EXPECT_EQ(AnswerTo(Pause(7, 1, 1000)), "");
  EXPECT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).frozen(); }));
  EXPECT_TRUE(AwaitFrozen(false));
  EXPECT_FALSE(HasMarks());
  EXPECT_EQ(PidOf(1), pid);
  EXPECT_EQ(AnswerTo(Pause(9, 1, 1)), "") << "another one";
}

TEST_F(AgentDrill, APausedProcessIsNotPausedAgain) {
  ASSERT_TRUE(GivenPrimary());
  EXPECT_EQ(AnswerTo(Pause(7, 1, 600'000)), "");
  EXPECT_TRUE(HasMarks());
  EXPECT_EQ(AnswerTo(Pause(8, 1, 600'000)), "it is paused already");
}

TEST_F(AgentDrill, TheNextAgentContinuesIt) {
  ASSERT_TRUE(GivenPrimary());
  const pid_t pid = PidOf(1);
  ASSERT_EQ(AnswerTo(Pause(1, 1, 600'000)), "");
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).frozen(); }));
  agent_.Stop(SIGKILL);
  EXPECT_TRUE(HasMarks());
  agent_.Start();
  EXPECT_TRUE(control_.Await(
      [](const Seen& seen) { return seen.sessions == 2 && ServesAsPrimary(seen, 1, 0) && !Fact(seen, 1).frozen(); }));
  EXPECT_EQ(PidOf(1), pid);
  EXPECT_FALSE(HasMarks());
}

TEST_F(AgentDrill, ADrainContinuesItToo) {
  ASSERT_TRUE(GivenPrimary());
  ASSERT_EQ(AnswerTo(Pause(1, 1, 600'000)), "");
  ASSERT_EQ(agent_.Stop(SIGTERM), 0);
  EXPECT_EQ(agent_.Drain(), 0);
  EXPECT_TRUE(agent_.Engines().empty());
}

TEST_F(AgentDrill, AMarkOfAnotherProcessContinuesNobody) {
  ASSERT_TRUE(GivenPrimary());
  const pid_t pid = PidOf(1);
  ASSERT_EQ(agent_.Stop(SIGTERM), 0);
  kill(pid, SIGSTOP);
  std::filesystem::create_directories(agent_.home() / "paused");
  const std::string mark = "{\"pid\": " + std::to_string(pid) + ", \"start_time\": 1}";
  ASSERT_TRUE(ReplaceFile(agent_.home() / "paused" / std::to_string(pid), mark).ok());
  agent_.Start();
  EXPECT_TRUE(control_.Await([](const Seen& seen) { return seen.sessions == 2 && Fact(seen, 1).frozen(); }));
  EXPECT_FALSE(HasMarks());
  kill(pid, SIGCONT);
}

TEST_F(AgentDrill, WhatItCannotDoIsAnswered) {
  ASSERT_TRUE(GivenPrimary());
  EXPECT_EQ(AnswerTo(Pause(1, 2, 1000)), "it runs no such process any more");
  v1::Drill unknown;
  unknown.set_id(2);
  EXPECT_EQ(AnswerTo(unknown), "this agent does not know such a drill");
}

}  // namespace
}  // namespace cacheplane::agent
