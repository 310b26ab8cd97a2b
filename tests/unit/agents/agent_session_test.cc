#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/agents/session_fixture.h"

namespace cacheplane::agents {
namespace {

using grpc::StatusCode;
using test::AssignmentOf;
using test::Eventually;
using namespace std::chrono_literals;

using AgentSessionTest = test::SessionTest;

const model::AgentName kAgent("a1");

TEST_F(AgentSessionTest, OnlyTheJoinTokenOpensIt) {
  for (const char* authorization : {"", "the-token", "Bearer ", "Bearer the-toke", "Bearer the-tokem",
                                    "Bearer the-token2", "bearer the-token", "Basic the-token"}) {
    const auto agent = Dial(authorization);
    agent->Send(Hello("a1"));
    const grpc::Status status = agent->End();
    EXPECT_EQ(status.error_code(), StatusCode::UNAUTHENTICATED) << authorization;
    EXPECT_EQ(status.error_message().find("the-token"), std::string::npos) << status.error_message();
    EXPECT_EQ(DialRouter(authorization)->End().error_code(), StatusCode::UNAUTHENTICATED) << authorization;
  }
  EXPECT_TRUE(board_.Snapshot().agents.empty());
  EXPECT_FALSE(StoredHost("a1"));
}

TEST_F(AgentSessionTest, HelloIsStoredAndFactsAreOnTheBoard) {
  const auto agent = Join();
  ASSERT_TRUE(StoredHost("a1"));
  EXPECT_EQ(StoredHost("a1")->zone, "us-east-1a");
  EXPECT_EQ(StoredHost("a1")->last_heard, clock_.Now());
  EXPECT_EQ(signal_.agent_changes, 2);  // hello, first report

  agent::v1::SessionRequest change;
  agent::v1::NodeFact* fact = change.mutable_facts()->add_nodes();
  fact->set_node("n1");
  fact->set_incarnation("inc-n1");
  fact->set_process(agent::v1::PROCESS_STATE_RUNNING);
  ASSERT_TRUE(agent->Send(change));
  EXPECT_TRUE(Eventually([&] { return board_.Snapshot().agents.at(kAgent).nodes->size() == 1; }));
  EXPECT_TRUE(Eventually([&] { return signal_.agent_changes == 3; }));
}

TEST_F(AgentSessionTest, NothingNewWakesNobody) {
  const auto agent = Join();
  ASSERT_EQ(signal_.agent_changes, 2);
  clock_.Advance(1s);
  ASSERT_TRUE(agent->Send(Heartbeat()));
  EXPECT_TRUE(Eventually([&] { return board_.Snapshot().agents.at(kAgent).heard == clock_.Mono(); }));
  EXPECT_EQ(signal_.agent_changes, 2);
}

TEST_F(AgentSessionTest, AssignmentsComeWholeAndThenAsChanges) {
  directory_.Assign(kAgent, {AssignmentOf("a"), AssignmentOf("b")});
  const auto agent = Join();
  ASSERT_TRUE(Eventually([&] { return agent->Received().size() == 1; }));
  const agent::v1::AssignmentSet whole = agent->Received()[0].assignments();
  EXPECT_EQ(whole.base_revision(), 0U);
  EXPECT_EQ(whole.assignments_size(), 2);
  EXPECT_EQ(whole.assignments(0).internal_password(), "secret");

  directory_.Assign(kAgent, {AssignmentOf("b", 2)});
  ASSERT_TRUE(Eventually([&] { return agent->Received().size() == 2; }));
  const agent::v1::AssignmentSet change = agent->Received()[1].assignments();
  EXPECT_EQ(change.base_revision(), whole.revision());
  ASSERT_EQ(change.assignments_size(), 1);
  EXPECT_EQ(change.assignments(0).epoch(), 2U);
  ASSERT_EQ(change.removed_incarnations_size(), 1);
  EXPECT_EQ(change.removed_incarnations(0), "inc-a");
}

TEST_F(AgentSessionTest, TheWholeSetComesAgainWhenAskedFor) {
  directory_.Assign(kAgent, {AssignmentOf("a")});
  const auto agent = Join();
  ASSERT_TRUE(Eventually([&] { return agent->Received().size() == 1; }));
  ASSERT_TRUE(agent->Send(Heartbeat(agent->Received()[0].assignments().revision(), true)));
  ASSERT_TRUE(Eventually([&] { return agent->Received().size() == 2; }));
  EXPECT_EQ(agent->Received()[1].assignments().base_revision(), 0U);
  EXPECT_EQ(agent->Received()[1].assignments().assignments_size(), 1);
}

TEST_F(AgentSessionTest, ANewSessionGetsTheWholeSet) {
  directory_.Assign(kAgent, {AssignmentOf("a")});
  Join();
  ASSERT_TRUE(Eventually([&] { return !Connected("a1"); }));
  const auto again = Join();
  ASSERT_TRUE(Eventually([&] { return again->Received().size() == 1; }));
  EXPECT_EQ(again->Received()[0].assignments().base_revision(), 0U);
}

TEST_F(AgentSessionTest, ANewerSessionReplacesTheOlder) {
  const auto older = Join();
  const auto newer = Join();
  EXPECT_EQ(older->End().error_code(), StatusCode::ABORTED);
  ASSERT_TRUE(newer->Send(Heartbeat()));
  EXPECT_TRUE(Eventually([&] { return Connected("a1"); }));
  directory_.Assign(kAgent, {AssignmentOf("a")});
  EXPECT_TRUE(Eventually([&] { return newer->Received().size() == 1; }));
  EXPECT_TRUE(older->Received().empty());
  EXPECT_FALSE(newer->Ended());
}

// What the agent does not read is not queued: of two hundred large sets only the first few and the last are sent.
TEST_F(AgentSessionTest, ASlowAgentGetsTheNewestSetOnly) {
  const auto agent = DialUnread();
  ASSERT_TRUE(agent->Send(Hello("a1")));
  ASSERT_TRUE(agent->Send(Heartbeat()));
  ASSERT_TRUE(Eventually([&] { return Connected("a1"); }));
  for (std::uint64_t i = 1; i <= 200; ++i) {
    model::Assignment large = AssignmentOf("a", i);
    large.parameters["long"] = std::string(300'000, 'x');
    directory_.Assign(kAgent, {large});
  }
  agent->StartReading();
  ASSERT_TRUE(Eventually([&] {
    const auto received = agent->Received();
    return !received.empty() && received.back().assignments().assignments(0).epoch() == 200;
  }));
  EXPECT_LT(agent->Received().size(), 50U);
}

TEST_F(AgentSessionTest, AnAgentThatNeverReadsIsCancelled) {
  const auto agent = DialUnread();
  ASSERT_TRUE(agent->Send(Hello("a1")));
  ASSERT_TRUE(agent->Send(Heartbeat()));
  ASSERT_TRUE(Eventually([&] { return Connected("a1"); }));
  for (std::uint64_t i = 1; i <= 20; ++i) {
    model::Assignment large = AssignmentOf("a", i);
    large.parameters["long"] = std::string(1'000'000, 'x');
    directory_.Assign(kAgent, {large});
  }
  EXPECT_TRUE(Eventually([&] {
    clock_.Advance(1s);
    agent->Send(Heartbeat());
    return !Connected("a1");
  }));
  agent->StartReading();
  EXPECT_FALSE(agent->End().ok());
}

TEST_F(AgentSessionTest, ASilentAgentIsDisconnected) {
  const auto agent = Join();
  clock_.Advance(4999ms);
  EXPECT_TRUE(Connected("a1"));
  clock_.Advance(1ms);
  EXPECT_EQ(agent->End().error_code(), StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(Eventually([&] { return !Connected("a1"); }));
  EXPECT_TRUE(Eventually([&] { return signal_.agent_changes == 3; }));
}

TEST_F(AgentSessionTest, HelloMustComeInTime) {
  const auto agent = Dial();
  EXPECT_TRUE(Eventually([&] {
    clock_.Advance(1s);
    return agent->Ended();
  }));
  EXPECT_EQ(agent->End().error_code(), StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(AgentSessionTest, HeartbeatsKeepItAndTheStoredTimeFollowsSlowly) {
  const auto agent = Join();
  const WallTime joined = clock_.Now();
  for (int i = 0; i < 14; ++i) {
    clock_.Advance(4s);
    ASSERT_TRUE(agent->Send(Heartbeat()));
    ASSERT_TRUE(Eventually([&] { return board_.Snapshot().agents.at(kAgent).heard == clock_.Mono(); }));
  }
  EXPECT_EQ(StoredHost("a1")->last_heard, joined);  // 56 s
  clock_.Advance(4s);
  ASSERT_TRUE(agent->Send(Heartbeat()));
  EXPECT_TRUE(Eventually([&] { return StoredHost("a1")->last_heard == clock_.Now(); }));
  EXPECT_TRUE(Connected("a1"));
}

TEST_F(AgentSessionTest, WhatBreaksTheContractEndsTheSession) {
  agent::v1::SessionRequest wrong_name = Hello("Not A Name");
  agent::v1::SessionRequest wrong_fact = Heartbeat();
  wrong_fact.mutable_facts()->add_nodes()->set_node("n1");
  const agent::v1::SessionRequest empty;
  const std::vector<std::vector<agent::v1::SessionRequest>> conversations = {
      {wrong_name},        {Heartbeat()}, {empty}, {Hello("a1"), Hello("a1")}, {Hello("a1"), wrong_fact},
      {Hello("a1"), empty}};
  for (const auto& conversation : conversations) {
    const auto agent = Dial();
    for (const auto& request : conversation) agent->Send(request);
    EXPECT_EQ(agent->End().error_code(), StatusCode::INVALID_ARGUMENT);
    EXPECT_FALSE(Connected("a1"));
  }
}

TEST_F(AgentSessionTest, WhatOperatorsSaidOfAnAgentOutlastsItsSessions) {
  Join("a1", "us-east-1a");
  ASSERT_TRUE(Eventually([&] { return !Connected("a1"); }));
  const Status said = store_.Write([&](ports::Transaction& tx) -> Status {
    model::Host host = *tx.hosts().FindHost(kAgent);
    host.admission = model::Admission::kDraining;
    tx.hosts().PutHost(host);
    return {};
  });
  ASSERT_TRUE(said.ok()) << said.error().message;
  Join("a1", "us-east-1a");
  EXPECT_EQ(StoredHost("a1")->admission, model::Admission::kDraining);
}

TEST_F(AgentSessionTest, AnAgentWithNodesKeepsItsZone) {
  Join("a1", "us-east-1a");
  ASSERT_TRUE(Eventually([&] { return !Connected("a1"); }));
  Join("a1", "us-east-1b");  // no nodes: it may move
  ASSERT_TRUE(Eventually([&] { return !Connected("a1"); }));
  model::Cluster cluster;
  cluster.uid = model::ClusterUid("uid-1");
  cluster.name = "orders";
  cluster.spec.subnet_group = "group";
  model::Node node;
  node.incarnation = model::Incarnation("inc-1");
  node.name = model::NodeName("orders-001");
  node.cluster = cluster.uid;
  node.agent = kAgent;
  node.subnet = "subnet";
  node.address = {"127.20.0.5", 6379};
  const Status placed = store_.Write([&](ports::Transaction& tx) -> Status {
    CP_RETURN_IF_ERROR(tx.network().InsertSubnet({"subnet", "us-east-1b", {}}));
    CP_RETURN_IF_ERROR(tx.network().InsertSubnetGroup({"group", "", {"subnet"}}));
    CP_RETURN_IF_ERROR(tx.clusters().Insert(cluster));
    return tx.plan().PutNode(node);
  });
  ASSERT_TRUE(placed.ok()) << placed.error().message;
  const auto moved = Dial();
  moved->Send(Hello("a1", "us-east-1c"));
  const grpc::Status status = moved->End();
  EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_NE(status.error_message().find("us-east-1b"), std::string::npos) << status.error_message();
  EXPECT_NE(status.error_message().find("us-east-1c"), std::string::npos) << status.error_message();
  EXPECT_EQ(StoredHost("a1")->zone, "us-east-1b");
  Join("a1", "us-east-1b");
}

TEST_F(AgentSessionTest, HangingUpAndVanishingDisconnect) {
  const auto polite = Join();
  polite->HangUp();
  EXPECT_TRUE(polite->End().ok());
  EXPECT_TRUE(Eventually([&] { return !Connected("a1"); }));
  const auto gone = Join();
  gone->Vanish();
  EXPECT_TRUE(Eventually([&] { return !Connected("a1"); }));
}

TEST_F(AgentSessionTest, ShutdownEndsSessionsAndRefusesNewOnes) {
  const auto agent = Join();
  const auto router = DialRouter();
  gateway_->Shutdown();
  EXPECT_EQ(agent->End().error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(router->End().error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(Dial()->End().error_code(), StatusCode::UNAVAILABLE);
  EXPECT_FALSE(Connected("a1"));
}

// Sessions of the same and of different agents come, go and are replaced while sets change: in the end everybody left.
TEST_F(AgentSessionTest, ManyAtOnceLeaveNothingBehind) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < 25; ++i) {
        const std::string name = "a" + std::to_string((t + i) % 3 + 1);
        const auto agent = Dial();
        agent->Send(Hello(name));
        agent->Send(Heartbeat());
        directory_.Assign(model::AgentName(name), {AssignmentOf("n", static_cast<std::uint64_t>(t * 1000 + i))});
        if (i % 3 == 0) agent->HangUp();
        if (i % 3 == 1) agent->Vanish();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const char* name : {"a1", "a2", "a3"}) {
    EXPECT_TRUE(Eventually([&] { return !Connected(name); })) << name;
  }
}

}  // namespace
}  // namespace cacheplane::agents
