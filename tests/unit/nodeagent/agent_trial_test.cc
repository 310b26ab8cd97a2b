// Trials of parameter values, as an agent carries them out beside its nodes.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "tests/unit/nodeagent/agent_fixture.h"

namespace cacheplane::agent {
namespace {

class AgentTrial : public AgentTest {
 protected:
  static v1::Trial Ask(std::uint64_t id, const std::string& version) {
    v1::Trial trial;
    trial.set_id(id);
    trial.set_engine("valkey");
    trial.set_engine_version(version);
    trial.set_parameter_group_family("valkey8");
    (*trial.mutable_parameters())["timeout"] = "60";
    trial.set_node_memory_bytes(1 << 30);
    return trial;
  }

  v1::TrialAnswer AnswerTo(const v1::Trial& trial) {
    const std::size_t before = control_.Look().trial_answers.size();
    control_.Order(trial);
    EXPECT_TRUE(control_.Await([&](const Seen& seen) { return seen.trial_answers.size() > before; }));
    return control_.Look().trial_answers.at(before);
  }
};

TEST_F(AgentTrial, AnEngineTakesTheValuesAndNothingOfItIsLeft) {
  ASSERT_TRUE(GivenPrimary());
  const pid_t pid = PidOf(1);
  const v1::TrialAnswer answer = AnswerTo(Ask(7, kVersion));
  EXPECT_EQ(answer.id(), 7U);
  EXPECT_EQ(answer.refusal(), "");
  EXPECT_EQ(answer.problem(), "");
  EXPECT_FALSE(std::filesystem::exists(agent_.home() / "trial"));
  EXPECT_EQ(agent_.Engines(), std::vector<pid_t>{pid});
}

TEST_F(AgentTrial, WhatItHasNoImageOfIsNotTried) {
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return seen.connected; }));
  const v1::TrialAnswer answer = AnswerTo(Ask(1, "8.0.99"));
  EXPECT_EQ(answer.refusal(), "");
  EXPECT_NE(answer.problem().find("no image of valkey 8.0.99"), std::string::npos) << answer.problem();
}

TEST_F(AgentTrial, TheNextAgentAndADrainRemoveWhatIsLeft) {
  ASSERT_TRUE(GivenPrimary());
  for (const bool drain : {false, true}) {
    agent_.Stop(SIGKILL);
    std::filesystem::create_directories(agent_.home() / "trial" / "data");
    if (drain) {
      EXPECT_EQ(agent_.Drain(), 0);
    } else {
      agent_.Start();
      ASSERT_TRUE(control_.Await([](const Seen& seen) { return seen.sessions == 2 && seen.connected; }));
    }
    EXPECT_FALSE(std::filesystem::exists(agent_.home() / "trial")) << drain;
  }
}

}  // namespace
}  // namespace cacheplane::agent
