#include "controlplane/agents/fact_board.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/agents/fakes.h"

namespace cacheplane::agents {
namespace {

using test::FactsOf;
using test::PartialReport;
using test::WholeReport;
using namespace std::chrono_literals;

const model::AgentName kAgent("a1");

class FactBoardTest : public testing::Test {
 protected:
  bool Report(SessionId session, const AgentReport& report) { return board_.Report(kAgent, session, report).value(); }
  model::AgentFacts Agent() const { return board_.Snapshot().agents.at(kAgent); }

  test::ManualClock clock_;
  FactBoard board_{clock_};
};

TEST_F(FactBoardTest, KnowsSinceWhenItListens) {
  const MonoTime began = clock_.Mono();
  clock_.Advance(5s);
  EXPECT_EQ(board_.Snapshot().listening_since, began);
  EXPECT_TRUE(board_.Snapshot().agents.empty());
}

TEST_F(FactBoardTest, AnAgentCountsAsConnectedFromItsFirstWholeReport) {
  board_.Greet(kAgent, 1);
  EXPECT_FALSE(Agent().connected);
  EXPECT_TRUE(Report(1, PartialReport({FactsOf("n1")})));
  EXPECT_FALSE(Agent().connected);
  EXPECT_TRUE(Report(1, WholeReport({FactsOf("n1")})));
  EXPECT_TRUE(Agent().connected);
}

TEST_F(FactBoardTest, AWholeReportReplacesAndAPartialOneMerges) {
  board_.Greet(kAgent, 1);
  Report(1, WholeReport({FactsOf("n1", 1), FactsOf("n2", 1)}));
  EXPECT_TRUE(Report(1, PartialReport({FactsOf("n2", 9), FactsOf("n3", 1)})));
  EXPECT_EQ(Agent().nodes->size(), 3U);
  EXPECT_EQ(Agent().nodes->at(model::Incarnation("inc-n1")), FactsOf("n1", 1));
  EXPECT_EQ(Agent().nodes->at(model::Incarnation("inc-n2")), FactsOf("n2", 9));
  EXPECT_TRUE(Report(1, WholeReport({FactsOf("n3", 1)})));
  EXPECT_EQ(Agent().nodes->size(), 1U);
}

TEST_F(FactBoardTest, APartialReportReplacesAWholeNode) {
  board_.Greet(kAgent, 1);
  model::NodeFacts before = FactsOf("n1");
  before.problem = "no space";
  Report(1, WholeReport({before}));
  Report(1, PartialReport({FactsOf("n1")}));
  EXPECT_EQ(Agent().nodes->at(before.incarnation).problem, "");
}

TEST_F(FactBoardTest, TheSameFactsAgainAreHeardAndChangeNothing) {
  board_.Greet(kAgent, 1);
  Report(1, WholeReport({FactsOf("n1")}));
  clock_.Advance(3s);
  EXPECT_FALSE(Report(1, WholeReport({FactsOf("n1")})));
  EXPECT_FALSE(Report(1, PartialReport({})));
  EXPECT_EQ(Agent().heard, clock_.Mono());
  EXPECT_EQ(Agent().heard_wall, clock_.Now());
  EXPECT_EQ(board_.HeardTimes().at(kAgent), clock_.Now());
}

TEST_F(FactBoardTest, MetersAreKeptAndChangeNothing) {
  board_.Greet(kAgent, 1);
  Report(1, WholeReport({FactsOf("n1", 100), FactsOf("n2", 100)}));
  EXPECT_FALSE(Report(1, WholeReport({FactsOf("n1", 200), FactsOf("n2", 100)})));
  EXPECT_EQ(Agent().nodes->at(model::Incarnation("inc-n1")), FactsOf("n1", 200));
  EXPECT_FALSE(Report(1, PartialReport({FactsOf("n2", 300)})));
  EXPECT_EQ(Agent().nodes->at(model::Incarnation("inc-n2")), FactsOf("n2", 300));
  EXPECT_EQ(Agent().nodes->at(model::Incarnation("inc-n1")), FactsOf("n1", 200));
}

TEST_F(FactBoardTest, ASnapshotStaysAsItWas) {
  board_.Greet(kAgent, 1);
  Report(1, WholeReport({FactsOf("n1", 100)}));
  const ports::FactSnapshot before = board_.Snapshot();
  Report(1, PartialReport({FactsOf("n1", 200), FactsOf("n2", 1)}));
  Report(1, WholeReport({}));
  EXPECT_EQ(*before.agents.at(kAgent).nodes, (model::NodeFactsMap{{model::Incarnation("inc-n1"), FactsOf("n1", 100)}}));
}

TEST_F(FactBoardTest, SnapshotsShareWhatDidNotChange) {
  board_.Greet(kAgent, 1);
  Report(1, WholeReport({FactsOf("n1", 100)}));
  const ports::FactSnapshot one = board_.Snapshot();
  const ports::FactSnapshot other = board_.Snapshot();
  EXPECT_EQ(&*one.agents.at(kAgent).nodes, &*other.agents.at(kAgent).nodes);
}

TEST_F(FactBoardTest, LeavingKeepsTheLastFacts) {
  board_.Greet(kAgent, 1);
  Report(1, WholeReport({FactsOf("n1")}));
  const MonoTime heard = clock_.Mono();
  clock_.Advance(3s);
  EXPECT_TRUE(board_.Leave(kAgent, 1));
  EXPECT_FALSE(board_.Leave(kAgent, 1));
  EXPECT_FALSE(Agent().connected);
  EXPECT_EQ(Agent().heard, heard);
  EXPECT_EQ(Agent().nodes->size(), 1U);
  EXPECT_TRUE(board_.HeardTimes().empty());
}

TEST_F(FactBoardTest, AnOlderSessionIsNotHeardAnyMore) {
  board_.Greet(kAgent, 1);
  Report(1, WholeReport({FactsOf("n1", 1)}));
  board_.Greet(kAgent, 2);
  EXPECT_FALSE(Agent().connected);  // what the new session runs is not known yet
  EXPECT_EQ(Agent().nodes->size(), 1U);
  Report(2, WholeReport({FactsOf("n1", 2)}));
  EXPECT_FALSE(Report(1, WholeReport({})));
  EXPECT_FALSE(board_.Leave(kAgent, 1));
  board_.Greet(kAgent, 1);
  EXPECT_TRUE(Agent().connected);
  EXPECT_EQ(Agent().nodes->at(model::Incarnation("inc-n1")).replication_offset, 2);
}

TEST_F(FactBoardTest, AnUnknownAgentIsNotHeard) {
  EXPECT_FALSE(Report(1, WholeReport({FactsOf("n1")})));
  EXPECT_FALSE(board_.Leave(kAgent, 1));
  EXPECT_TRUE(board_.Snapshot().agents.empty());
}

TEST_F(FactBoardTest, ManyPartialReportsCannotGrowWithoutBound) {
  board_.Greet(kAgent, 1);
  for (std::size_t i = 0; i < kMaxNodesPerAgent; ++i) Report(1, PartialReport({FactsOf("n" + std::to_string(i))}));
  const auto refused = board_.Report(kAgent, 1, PartialReport({FactsOf("one-more")}));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Agent().nodes->size(), kMaxNodesPerAgent);
}

TEST_F(FactBoardTest, RoutersComeAndGo) {
  model::RouterFacts facts;
  facts.name = "r1";
  facts.data_path = "kernel";
  EXPECT_TRUE(board_.ReportRouter(facts, 1));
  clock_.Advance(1s);
  EXPECT_FALSE(board_.ReportRouter(facts, 1));
  facts.map_version = 4;
  EXPECT_TRUE(board_.ReportRouter(facts, 2));
  EXPECT_FALSE(board_.ReportRouter(
      {.name = "r1", .data_path = "proxy", .map_version = 1, .problem = "", .connected = false, .heard_wall = {}}, 1));
  EXPECT_FALSE(board_.LeaveRouter("r1", 1));
  ASSERT_EQ(board_.Snapshot().routers.size(), 1U);
  EXPECT_EQ(board_.Snapshot().routers[0].map_version, 4U);
  EXPECT_TRUE(board_.Snapshot().routers[0].connected);
  EXPECT_EQ(board_.Snapshot().routers[0].heard_wall, clock_.Now());
  EXPECT_TRUE(board_.LeaveRouter("r1", 2));
  EXPECT_FALSE(board_.Snapshot().routers[0].connected);
}

}  // namespace
}  // namespace cacheplane::agents
