// Faults on purpose and trials of parameter values, from their ports to an agent and back.
#include <gtest/gtest.h>

#include <mutex>
#include <optional>
#include <vector>

#include "controlplane/agents/orders.h"
#include "tests/unit/agents/session_fixture.h"

namespace cacheplane::agents {
namespace {

using test::AssignmentOf;
using test::Eventually;
using namespace std::chrono_literals;

const model::AgentName kAgent("a1");
const ports::Fault kPause{ports::PauseNode{model::Incarnation("inc-a")}, 1500ms};
const ports::Trial kTrial{{"valkey", "8.0.1"}, "valkey8", {{"timeout", "60"}}, 1 << 30};

// What came back; thread-safe.
struct Reply {
  std::function<void(Status)> Receiver() {
    return [this](const Status& status) {
      std::scoped_lock lock(mutex);
      replies.push_back(status.ok() ? "ok" : status.error().message);
    };
  }
  std::vector<std::string> Now() {
    std::scoped_lock lock(mutex);
    return replies;
  }
  bool Becomes(const std::string& text) {
    return Eventually([&] { return Now() == std::vector<std::string>{text}; });
  }

  std::mutex mutex;
  std::vector<std::string> replies;
};

class AgentDrillTest : public test::SessionTest {
 protected:
  static agent::v1::SessionRequest Answer(std::uint64_t id, const std::string& problem = "") {
    agent::v1::SessionRequest request;
    request.mutable_drill_answer()->set_id(id);
    request.mutable_drill_answer()->set_problem(problem);
    return request;
  }
  static agent::v1::SessionRequest AnswerTrial(std::uint64_t id, const std::string& refusal,
                                               const std::string& problem) {
    agent::v1::SessionRequest request;
    request.mutable_trial_answer()->set_id(id);
    request.mutable_trial_answer()->set_refusal(refusal);
    request.mutable_trial_answer()->set_problem(problem);
    return request;
  }
  std::uint64_t AwaitTrial(test::AgentPeer& agent, std::size_t number) {
    EXPECT_TRUE(Eventually([&] { return agent.Received().size() == number; }));
    return agent.Received().back().trials(0).id();
  }
  std::uint64_t AwaitOrder(test::AgentPeer& agent) {
    EXPECT_TRUE(Eventually([&] { return agent.Received().size() == 1; }));
    return agent.Received()[0].drills(0).id();
  }

  Reply reply_;
};

TEST(DrillOrdersTest, WhatIsNotSentInTimeNeverIs) {
  DrillOrders orders(kDrillPatience);
  int answers = 0;
  const MonoTime start{};
  orders.Add(
      kPause, [&](const Status&) { ++answers; }, start);
  orders.Add(
      kPause, [&](const Status&) { ++answers; }, start + kDrillPatience);
  EXPECT_EQ(orders.TakeOverdue(start + kDrillPatience).size(), 1U);
  const auto unsent = orders.TakeUnsent();
  ASSERT_EQ(unsent.size(), 1U);
  EXPECT_EQ(unsent[0].id, 2U);
  EXPECT_EQ(answers, 0) << "whoever takes them answers";
}

TEST_F(AgentDrillTest, AnOrderReachesTheAgentAndItsAnswerComesBack) {
  const auto agent = Join();
  directory_.Send(kAgent, kPause, reply_.Receiver());
  const std::uint64_t id = AwaitOrder(*agent);
  const agent::v1::Drill drill = agent->Received()[0].drills(0);
  EXPECT_NE(id, 0U);
  EXPECT_EQ(drill.pause_node().incarnation(), "inc-a");
  EXPECT_EQ(drill.duration_ms(), 1500U);
  EXPECT_TRUE(reply_.Now().empty());
  ASSERT_TRUE(agent->Send(Answer(id + 1)));
  ASSERT_TRUE(agent->Send(Answer(id)));
  EXPECT_TRUE(reply_.Becomes("ok"));
  ASSERT_TRUE(agent->Send(Answer(id)));
  directory_.Assign(kAgent, {AssignmentOf("a")});
  ASSERT_TRUE(Eventually([&] { return agent->Received().size() == 2; }));
  EXPECT_EQ(agent->Received()[1].drills_size(), 0);
  EXPECT_EQ(reply_.Now().size(), 1U);
}

TEST_F(AgentDrillTest, WhatTheAgentCannotDoComesBack) {
  const auto agent = Join();
  directory_.Send(kAgent, {ports::CutHost{}, 2s}, reply_.Receiver());
  const std::uint64_t id = AwaitOrder(*agent);
  EXPECT_TRUE(agent->Received()[0].drills(0).has_cut_host());
  ASSERT_TRUE(agent->Send(Answer(id, "no packet filter")));
  EXPECT_TRUE(reply_.Becomes("no packet filter"));
}

TEST_F(AgentDrillTest, NobodyIsThereToBeOrdered) {
  directory_.Send(kAgent, kPause, reply_.Receiver());
  EXPECT_TRUE(reply_.Becomes("it is not connected"));
}

TEST_F(AgentDrillTest, AnAgentThatKeepsSilentIsGivenUp) {
  const auto agent = Join();
  directory_.Send(kAgent, kPause, reply_.Receiver());
  AwaitOrder(*agent);
  clock_.Advance(kDrillPatience);
  EXPECT_TRUE(reply_.Becomes("it did not answer in time"));
  EXPECT_FALSE(agent->Ended());
}

TEST_F(AgentDrillTest, AnOrderEndsWithItsSessionAndIsNotRepeated) {
  auto agent = Join();
  directory_.Send(kAgent, kPause, reply_.Receiver());
  AwaitOrder(*agent);
  agent->Vanish();
  EXPECT_TRUE(reply_.Becomes("its session ended before it answered"));
  const auto again = Join();
  directory_.Assign(kAgent, {AssignmentOf("a")});
  ASSERT_TRUE(Eventually([&] { return again->Received().size() == 1; }));
  EXPECT_EQ(again->Received()[0].drills_size(), 0);
}

TEST_F(AgentDrillTest, ATrialReachesTheAgentAndItsVerdictComesBack) {
  const auto agent = Join();
  directory_.Try(kAgent, kTrial, reply_.Receiver());
  const std::uint64_t id = AwaitTrial(*agent, 1);
  const agent::v1::Trial trial = agent->Received()[0].trials(0);
  EXPECT_NE(id, 0U);
  EXPECT_EQ(trial.engine(), "valkey");
  EXPECT_EQ(trial.engine_version(), "8.0.1");
  EXPECT_EQ(trial.parameter_group_family(), "valkey8");
  EXPECT_EQ(trial.parameters().at("timeout"), "60");
  EXPECT_EQ(trial.node_memory_bytes(), 1 << 30);
  ASSERT_TRUE(agent->Send(Answer(id)));  // of a drill of that number, which nobody ordered
  ASSERT_TRUE(agent->Send(AnswerTrial(id, "", "")));
  EXPECT_TRUE(reply_.Becomes("ok"));
}

TEST_F(AgentDrillTest, ARefusalIsToldApartFromATrialThatWasNotMade) {
  const auto agent = Join();
  std::vector<Error> errors;
  std::mutex mutex;
  const auto keep = [&](const Status& status) {
    const std::scoped_lock lock(mutex);
    errors.push_back(status.error());
  };
  const auto count = [&] {
    const std::scoped_lock lock(mutex);
    return errors.size();
  };
  directory_.Try(kAgent, kTrial, keep);
  ASSERT_TRUE(agent->Send(AnswerTrial(AwaitTrial(*agent, 1), "Bad directive", "")));
  ASSERT_TRUE(Eventually([&] { return count() == 1; }));
  directory_.Try(kAgent, kTrial, keep);
  ASSERT_TRUE(agent->Send(AnswerTrial(AwaitTrial(*agent, 2), "", "no image")));
  ASSERT_TRUE(Eventually([&] { return count() == 2; }));
  EXPECT_EQ(errors, (std::vector<Error>{InvalidArgument("Bad directive"), Unavailable("no image")}));
}

TEST_F(AgentDrillTest, ATrialIsWaitedForLongerThanADrill) {
  const auto agent = Join();
  directory_.Try(kAgent, kTrial, reply_.Receiver());
  AwaitTrial(*agent, 1);
  clock_.Advance(kDrillPatience);
  Reply drill;
  directory_.Send(kAgent, kPause, drill.Receiver());
  ASSERT_TRUE(Eventually([&] { return agent->Received().size() == 2; }));
  ASSERT_TRUE(agent->Send(Answer(agent->Received()[1].drills(0).id())));
  ASSERT_TRUE(drill.Becomes("ok")) << "it is heard";
  EXPECT_TRUE(reply_.Now().empty());
  clock_.Advance(kTrialPatience - kDrillPatience);
  EXPECT_TRUE(reply_.Becomes("it did not answer in time"));
}

TEST_F(AgentDrillTest, ATrialEndsWithItsSession) {
  directory_.Try(kAgent, kTrial, reply_.Receiver());
  EXPECT_TRUE(reply_.Becomes("it is not connected"));
  auto agent = Join();
  Reply ended;
  directory_.Try(kAgent, kTrial, ended.Receiver());
  AwaitTrial(*agent, 1);
  agent->Vanish();
  EXPECT_TRUE(ended.Becomes("its session ended before it answered"));
}

}  // namespace
}  // namespace cacheplane::agents
