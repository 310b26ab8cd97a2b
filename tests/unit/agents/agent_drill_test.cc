// Faults on purpose, from ports::FaultSender to an agent and back.
#include <gtest/gtest.h>

#include <optional>

#include "controlplane/agents/drill_orders.h"
#include "tests/unit/agents/session_fixture.h"

namespace cacheplane::agents {
namespace {

using test::AssignmentOf;
using test::Eventually;
using namespace std::chrono_literals;

const model::AgentName kAgent("a1");
const ports::Fault kPause{ports::PauseNode{model::Incarnation("inc-a")}, 1500ms};

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
  std::uint64_t AwaitOrder(test::AgentPeer& agent) {
    EXPECT_TRUE(Eventually([&] { return agent.Received().size() == 1; }));
    return agent.Received()[0].drills(0).id();
  }

  Reply reply_;
};

TEST(DrillOrdersTest, WhatIsNotSentInTimeNeverIs) {
  DrillOrders orders;
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

}  // namespace
}  // namespace cacheplane::agents
