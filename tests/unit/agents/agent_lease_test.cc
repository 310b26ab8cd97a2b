// What a session grants its agent.
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/agents/session_fixture.h"

namespace cacheplane::agents {
namespace {

using grpc::StatusCode;
using test::AssignmentOf;
using test::Eventually;
using namespace std::chrono_literals;

using AgentLeaseTest = test::SessionTest;

const model::AgentName kAgent("a1");

agent::v1::SessionRequest AskForLeases(std::uint64_t sequence) {
  agent::v1::SessionRequest request;
  request.mutable_lease_request()->set_sequence(sequence);
  return request;
}

model::Assignment PrimaryOf(const std::string& name, std::uint64_t epoch) {
  model::Assignment assignment = AssignmentOf(name, epoch);
  assignment.role = model::Role::kPrimary;
  assignment.leased = true;
  return assignment;
}

TEST_F(AgentLeaseTest, LeasesAreGrantedToThosePrimariesThatTheAgentWasTold) {
  directory_.Assign(kAgent, {PrimaryOf("a", 3), AssignmentOf("b")});
  const auto agent = Join();
  ASSERT_TRUE(Eventually([&] { return agent->Received().size() == 1; }));
  EXPECT_FALSE(agent->Received()[0].has_lease()) << "it has not asked yet";
  ASSERT_TRUE(agent->Send(AskForLeases(1)));
  ASSERT_TRUE(Eventually([&] { return agent->Received().size() == 2; }));
  const agent::v1::LeaseGrant lease = agent->Received()[1].lease();
  EXPECT_EQ(lease.sequence(), 1U);
  EXPECT_EQ(lease.duration_ms(), 1000U);
  ASSERT_EQ(lease.nodes_size(), 1);
  EXPECT_EQ(lease.nodes(0).incarnation(), "inc-a");
  EXPECT_EQ(lease.nodes(0).epoch(), 3U);
  EXPECT_GT(leases_.LeftOf(model::Incarnation("inc-a")).count(), 0);
}

TEST_F(AgentLeaseTest, WhoBecomesPrimaryIsLeasedByTheSameMessage) {
  directory_.Assign(kAgent, {AssignmentOf("a", 3)});
  const auto agent = Join();
  ASSERT_TRUE(agent->Send(AskForLeases(7)));
  ASSERT_TRUE(Eventually([&] { return agent->Received().size() == 2; }));
  EXPECT_EQ(agent->Received()[1].lease().nodes_size(), 0);
  directory_.Assign(kAgent, {PrimaryOf("a", 4)});
  ASSERT_TRUE(Eventually([&] { return agent->Received().size() == 3; }));
  const agent::v1::SessionResponse told = agent->Received()[2];
  EXPECT_EQ(told.assignments().assignments(0).epoch(), 4U);
  ASSERT_EQ(told.lease().nodes_size(), 1);
  EXPECT_EQ(told.lease().nodes(0).epoch(), 4U);
  EXPECT_EQ(told.lease().sequence(), 7U);
}

TEST_F(AgentLeaseTest, WhatIsClosedIsNotLeased) {
  clock_.Advance(10s);
  ASSERT_TRUE(leases_.Close(model::Incarnation("inc-a"), {3}));
  directory_.Assign(kAgent, {PrimaryOf("a", 3)});
  const auto agent = Join();
  ASSERT_TRUE(agent->Send(AskForLeases(1)));
  ASSERT_TRUE(Eventually([&] { return agent->Received().size() == 2; }));
  EXPECT_EQ(agent->Received()[1].lease().nodes_size(), 0);
}

TEST_F(AgentLeaseTest, RequestForLeasesIsASignOfLife) {
  const auto agent = Join();
  clock_.Advance(1s);
  ASSERT_TRUE(agent->Send(AskForLeases(1)));
  EXPECT_TRUE(Eventually([&] { return board_.Snapshot().agents.at(kAgent).heard == clock_.Mono(); }));
  ASSERT_TRUE(agent->Send(AskForLeases(0)));
  EXPECT_EQ(agent->End().error_code(), StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace cacheplane::agents
