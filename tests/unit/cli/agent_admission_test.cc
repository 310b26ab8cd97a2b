// agent cordon, uncordon and drain.
#include "cacheplane/v1/fleet.pb.h"
#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

v1::Agent Agent(const std::string& admission, int nodes) {
  v1::Agent agent;
  agent.set_name("agent-a");
  agent.set_admission(admission);
  agent.set_node_count(nodes);
  return agent;
}

class AgentAdmissionTest : public CommandLineTest {
 protected:
  void DrainAnswers(int nodes) {
    v1::DrainAgentResponse response;
    *response.mutable_agent() = Agent("draining", nodes);
    response.add_leaving_nodes("orders-001");
    server_.Answer<v1::DrainAgentRequest>(response);
  }
  void Then(const std::string& admission, int nodes) {
    v1::GetAgentResponse response;
    *response.mutable_agent() = Agent(admission, nodes);
    server_.Answer<v1::GetAgentRequest>(response);
  }
};

TEST_F(AgentAdmissionTest, ACordonShowsTheAgent) {
  v1::CordonAgentResponse response;
  *response.mutable_agent() = Agent("cordoned", 3);
  server_.Answer<v1::CordonAgentRequest>(response);
  const Outcome outcome = Run("agent cordon agent-a");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("cordoned"), std::string::npos) << outcome.out;
  EXPECT_EQ(server_.Asked<v1::CordonAgentRequest>().front().name(), "agent-a");
}

TEST_F(AgentAdmissionTest, ADrainWaitsUntilNobodyIsLeft) {
  DrainAnswers(2);
  Then("draining", 0);
  const Outcome outcome = Run("agent drain agent-a -o names");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "agent-a\n");
  EXPECT_NE(outcome.err.find("2 nodes left on agent-a"), std::string::npos) << outcome.err;
  EXPECT_FALSE(server_.Asked<v1::DrainAgentRequest>().front().validate_only());
}

TEST_F(AgentAdmissionTest, ADrainThatSomebodyEndsHasFailed) {
  DrainAnswers(2);
  Then("open", 1);
  const Outcome outcome = Run("agent drain agent-a");
  EXPECT_NE(outcome.code, 0);
  EXPECT_NE(outcome.err.find("agent-a is open by now; 1 node left on agent-a"), std::string::npos) << outcome.err;
}

TEST_F(AgentAdmissionTest, ADrainThatTakesTooLongSaysHowToGoOn) {
  DrainAnswers(2);
  Then("draining", 2);
  const Outcome outcome = Run("agent drain agent-a --timeout 1ms");
  EXPECT_NE(outcome.code, 0);
  EXPECT_NE(outcome.err.find("cachectl agent uncordon agent-a"), std::string::npos) << outcome.err;
}

TEST_F(AgentAdmissionTest, CheckedOnlyItShowsWhoWouldLeave) {
  DrainAnswers(2);
  const Outcome outcome = Run("agent drain agent-a --validate-only");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "orders-001\n");
  EXPECT_TRUE(server_.Asked<v1::DrainAgentRequest>().front().validate_only());
}

}  // namespace
}  // namespace cacheplane::cli
