// StartDrill: who may be hit, what is ordered from whom, and what is told.
#include <gtest/gtest.h>

#include "controlplane/service/drill_service.h"
#include "tests/unit/service/ordered_faults.h"
#include "tests/unit/service/placed_shard.h"

namespace cacheplane::service {
namespace {

using model::AgentName;
using model::ClusterStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;

class DrillTest : public testing::Test {
 protected:
  DrillTest() : shard(world.clock.Mono()) {
    CreateCluster("orders", {{"cacheplane:drills", "allowed"}});
    for (std::size_t i = 0; i < shard.nodes.size(); ++i) {
      shard.nodes[i].zone = ZoneOf(i);
      world.AddHost(HostOf(shard.nodes[i].agent.str(), ZoneOf(i), 64 * kGibibyte, {{"valkey", "8.0.1"}}));
    }
    shard.Establish(world);
    world.facts.facts = shard.facts;
  }

  static std::string ZoneOf(std::size_t index) { return index == 2 ? "us-east-1b" : "us-east-1a"; }

  void CreateCluster(const std::string& name, const std::map<std::string, std::string>& tags) {
    CreateClusterRequest request = World::Request(name);
    request.spec.replicas_per_shard = 2;
    request.spec.tags = tags;
    const auto created = world.clusters.CreateCluster(request);
    World::Require(created.ok() ? Status() : Status(created.error()));
  }

  // A replica of another cluster, on the same host as orders-002.
  void GivenNeighbour(const std::map<std::string, std::string>& tags) {
    CreateCluster("carts", tags);
    World::Require(world.store.Write([&](ports::Transaction& transaction) -> Status {
      model::Node node = shard.nodes[1];
      node.cluster = transaction.clusters().Find("carts")->uid;
      node.incarnation = model::Incarnation("in-carts");
      node.name = model::NodeName("carts-001");
      node.address = {"127.20.0.99", 6379};
      transaction.plan().PutShard({node.cluster, 1, model::Epoch{1}, model::Epoch{1}});
      return transaction.plan().PutNode(node);
    }));
    world.SetStatus("carts", ClusterStatus::kAvailable);
  }

  Result<Drill> Start(const StartDrillRequest& request) {
    std::optional<Result<Drill>> answer;
    drills.StartDrill(request, [&](Result<Drill> drill) { answer = std::move(drill); });
    return answer ? *answer : Result<Drill>(Internal("no answer yet"));
  }
  static StartDrillRequest Pause(const std::string& node = "", milliseconds duration = seconds(2)) {
    return {.kind = "pause-node", .cluster = "Orders", .node = node, .agent = "", .zone = "", .duration = duration};
  }
  static StartDrillRequest Cut(const std::string& agent = "", milliseconds duration = seconds(2)) {
    return {.kind = "cut-host", .cluster = "orders", .node = "", .agent = agent, .zone = "", .duration = duration};
  }
  static StartDrillRequest Lose(const std::string& zone, const std::string& cluster = "") {
    return {.kind = "lose-zone", .cluster = cluster, .node = "", .agent = "", .zone = zone, .duration = seconds(2)};
  }

  // It reaches no agent, and nobody is told.
  void ExpectRefused(const StartDrillRequest& request, ErrorCode code, const std::string& message) {
    const std::vector<std::string> events = world.Events();
    for (const bool rehearsal : {true, false}) {
      StartDrillRequest asked = request;
      asked.validate_only = rehearsal;
      const auto answer = Start(asked);
      ASSERT_FALSE(answer.ok()) << message;
      EXPECT_EQ(answer.error().code, code);
      EXPECT_EQ(answer.error().message, message);
    }
    EXPECT_TRUE(faults.ordered.empty());
    EXPECT_EQ(world.Events(), events);
  }

  World world;
  PlacedShard shard;
  OrderedFaults faults;
  DrillService drills{world.store, world.facts, faults, world.signals, world.clock};
};

TEST_F(DrillTest, APauseStopsThePrimaryAndIsTold) {
  const int journal = world.signals.journal;
  const auto drill = Start(Pause());
  ASSERT_TRUE(drill.ok()) << drill.error().message;
  EXPECT_EQ(drill->nodes, std::vector<std::string>{"orders-001"});
  EXPECT_EQ(drill->clusters, std::vector<std::string>{"orders"});
  ASSERT_EQ(faults.ordered.size(), 1U);
  EXPECT_EQ(faults.ordered[0].first, AgentName("agent-1"));
  EXPECT_EQ(faults.ordered[0].second, (ports::Fault{ports::PauseNode{model::Incarnation("in-1")}, seconds(2)}));
  EXPECT_EQ(world.Events().back(), "Drill pause-node: the process of orders-001 on agent-1 is stopped for 2 s");
  EXPECT_EQ(world.signals.journal, journal + 1);
}

TEST_F(DrillTest, ANamedNodeIsPausedWhateverTheCase) {
  EXPECT_EQ(Start(Pause("Orders-003"))->nodes, std::vector<std::string>{"orders-003"});
  EXPECT_EQ(faults.ordered[0].first, AgentName("agent-3"));
}

TEST_F(DrillTest, WithoutADurationTheKindHasItsOwn) {
  EXPECT_EQ(Start(Pause("", milliseconds(0)))->duration, seconds(5));
  world.clock.Advance(seconds(5));
  EXPECT_EQ(Start(Cut("", milliseconds(0)))->duration, seconds(10));
}

TEST_F(DrillTest, ACutHitsWhateverIsOnTheHost) {
  GivenNeighbour({{"cacheplane:drills", "allowed"}});
  const auto drill = Start(Cut("agent-2"));
  ASSERT_TRUE(drill.ok()) << drill.error().message;
  EXPECT_EQ(drill->nodes, (std::vector<std::string>{"carts-001", "orders-002"}));
  EXPECT_EQ(drill->clusters, (std::vector<std::string>{"carts", "orders"}));
  ASSERT_EQ(faults.ordered.size(), 1U);
  EXPECT_EQ(faults.ordered[0].second, (ports::Fault{ports::CutHost{}, seconds(2)}));
  const std::string event = "Drill cut-host: agent-2 with carts-001, orders-002 is cut off for 2 s";
  const std::vector<std::string> events = world.Events();
  EXPECT_EQ(std::count(events.begin(), events.end(), event), 2);
}

TEST_F(DrillTest, AZoneIsAllOfItsAgentsAndPrimariesComeFirst) {
  GivenNeighbour({{"cacheplane:drills", "allowed"}});
  const auto drill = Start(Lose("", "orders"));
  ASSERT_TRUE(drill.ok()) << drill.error().message;
  EXPECT_EQ(drill->zone, "us-east-1a");
  EXPECT_EQ(drill->clusters, (std::vector<std::string>{"orders", "carts"}));
  ASSERT_EQ(faults.ordered.size(), 2U);
  EXPECT_EQ(faults.ordered[0].first, AgentName("agent-1"));
  EXPECT_EQ(faults.ordered[1].first, AgentName("agent-2"));
}

TEST_F(DrillTest, AnAgentThatIsGoneAndEmptyIsNoPartOfItsZone) {
  world.AddHost(HostOf("agent-9", "us-east-1b", kGibibyte, {}));
  const auto drill = Start(Lose("us-east-1b"));
  ASSERT_TRUE(drill.ok()) << drill.error().message;
  ASSERT_EQ(faults.ordered.size(), 1U);
  EXPECT_EQ(faults.ordered[0].first, AgentName("agent-3"));
}

TEST_F(DrillTest, ARehearsalTellsTheSameAndDoesNothing) {
  StartDrillRequest request = Cut();
  request.validate_only = true;
  const std::vector<std::string> events = world.Events();
  EXPECT_EQ(Start(request)->nodes, std::vector<std::string>{"orders-001"});
  EXPECT_TRUE(faults.ordered.empty());
  EXPECT_EQ(world.Events(), events);
  EXPECT_TRUE(Start(Cut()).ok());
}

TEST_F(DrillTest, AClusterThatDoesNotAllowItIsNotHit) {
  GivenNeighbour({{"cacheplane:drills", "no"}});
  const std::string message =
      "cluster: \"carts\" would be hit and does not allow drills; allowed: clusters with the tag "
      "cacheplane:drills=allowed";
  ExpectRefused(Cut("agent-2"), ErrorCode::kFailedPrecondition, message);
  ExpectRefused(Lose("us-east-1a", "orders"), ErrorCode::kFailedPrecondition, message);
  EXPECT_TRUE(Start(Pause()).ok()) << "it is not hit by that";
}

TEST_F(DrillTest, AClusterThatIsNotWellIsNotHit) {
  world.SetStatus("orders", ClusterStatus::kImpaired);
  ExpectRefused(Pause(), ErrorCode::kFailedPrecondition,
                R"(cluster: "orders" would be hit and is impaired; allowed: while it is available)");
}

TEST_F(DrillTest, DurationsHaveLimits) {
  for (const auto& [duration, text] : std::map<milliseconds, std::string>{
           {milliseconds(999), "0.999"}, {milliseconds(60'001), "60.001"}, {milliseconds(-1), "-0.001"}}) {
    ExpectRefused(Pause("", duration), ErrorCode::kInvalidArgument,
                  "duration: " + text + " s is out of range; allowed: 1 s to 60 s");
  }
  EXPECT_TRUE(Start(Pause("", seconds(1))).ok());
  world.clock.Advance(seconds(1));
  EXPECT_TRUE(Start(Pause("", seconds(60))).ok());
}

TEST_F(DrillTest, UnknownTargetsAreToldWithTheKnown) {
  ExpectRefused(Pause("orders-009"), ErrorCode::kNotFound,
                R"(node: orders has no node "orders-009"; allowed: "orders-001", "orders-002", "orders-003")");
  ExpectRefused(Cut("agent-9"), ErrorCode::kNotFound,
                R"(agent: there is no agent "agent-9"; allowed: "agent-1", "agent-2", "agent-3")");
  ExpectRefused(Lose("moon"), ErrorCode::kNotFound,
                R"(zone: no agent is in "moon"; allowed: "us-east-1a", "us-east-1b")");
  StartDrillRequest unknown = Pause();
  unknown.cluster = "nobody";
  ExpectRefused(unknown, ErrorCode::kNotFound, R"(name: there is no cluster "nobody")");
}

TEST_F(DrillTest, FieldsBelongToTheirKind) {
  StartDrillRequest request = Pause();
  request.kind = "explode";
  ExpectRefused(request, ErrorCode::kInvalidArgument,
                R"(kind: "explode" is no drill; allowed: "pause-node", "cut-host", "lose-zone")");
  request = Pause();
  request.zone = "us-east-1a";
  ExpectRefused(request, ErrorCode::kInvalidArgument,
                R"(zone: "us-east-1a" has no meaning for a pause-node; allowed: none, or a lose-zone)");
  ExpectRefused(Lose(""), ErrorCode::kInvalidArgument,
                "cluster: is required; allowed: the name of a cluster that is hit");
}

TEST_F(DrillTest, AClusterThatIsNamedMustBeHit) {
  GivenNeighbour({{"cacheplane:drills", "allowed"}});
  StartDrillRequest request = Cut("agent-3");
  request.cluster = "carts";
  ExpectRefused(request, ErrorCode::kFailedPrecondition,
                R"(cluster: "carts" would not be hit, only "orders"; allowed: one of these, or none)");
}

TEST_F(DrillTest, AnAgentMustBeConnectedAndItsNodeRun) {
  world.facts.facts.agents[AgentName("agent-1")].nodes.Own()[model::Incarnation("in-1")].frozen = true;
  ExpectRefused(Pause(), ErrorCode::kFailedPrecondition,
                "node: orders-001 cannot be paused: the engine is stopped by a signal; allowed: while it runs");
  world.facts.facts.agents[AgentName("agent-1")].connected = false;
  ExpectRefused(Cut(), ErrorCode::kFailedPrecondition, R"(agent: "agent-1" is not connected; allowed: once it is)");
}

TEST_F(DrillTest, OneAtATimeForEachCluster) {
  ASSERT_TRUE(Start(Cut("agent-1", milliseconds(2500))).ok());
  faults.ordered.clear();
  ExpectRefused(Pause("orders-002"), ErrorCode::kFailedPrecondition,
                R"(cluster: "orders" has a drill under way for another 3 s; allowed: after it)");
  world.clock.Advance(milliseconds(2500));
  EXPECT_TRUE(Start(Pause("orders-002")).ok());
}

TEST_F(DrillTest, WhatAnAgentCannotDoIsToldAndAnotherMayBeTried) {
  faults.problems[AgentName("agent-1")] = FailedPrecondition("no packet filter");
  const auto answer = Start(Cut());
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error(), FailedPrecondition("agent: agent-1: no packet filter"));
  EXPECT_EQ(world.Events().back(), "Drill cut-host is not made as ordered: agent-1: no packet filter");
  EXPECT_TRUE(Start(Pause("orders-002")).ok());
}

TEST_F(DrillTest, WhatNobodyAnsweredMayBeUnderWay) {
  faults.problems[AgentName("agent-1")] = Unavailable("it did not answer in time");
  EXPECT_EQ(Start(Cut("agent-1", milliseconds(2500))).error().message,
            "agent: agent-1: it did not answer in time; it may be under way all the same");
  faults.problems.clear();
  EXPECT_EQ(Start(Pause("orders-002")).error().code, ErrorCode::kFailedPrecondition);
  world.clock.Advance(milliseconds(2500));
  EXPECT_TRUE(Start(Pause("orders-002")).ok());
}

TEST_F(DrillTest, HalfAZoneIsToldAsWhatItIs) {
  faults.problems[AgentName("agent-2")] = Unavailable("it did not answer in time");
  const auto answer = Start(Lose("us-east-1a"));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error(), FailedPrecondition("agent: agent-2: it did not answer in time; under way all the same on "
                                               "agent-1"));
  EXPECT_EQ(Start(Pause()).error().code, ErrorCode::kFailedPrecondition) << "there is one under way";
}

TEST_F(DrillTest, ItIsAnsweredWhenTheLastAgentHas) {
  faults.hold = true;
  EXPECT_EQ(Start(Lose("us-east-1a")).error().message, "no answer yet");
  std::optional<Result<Drill>> answer;
  world.clock.Advance(seconds(2));
  faults.waiting.clear();
  drills.StartDrill(Lose("us-east-1a"), [&](Result<Drill> drill) { answer = std::move(drill); });
  ASSERT_EQ(faults.waiting.size(), 2U);
  faults.waiting[1]({});
  EXPECT_FALSE(answer);
  faults.waiting[0]({});
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->ok());
}

}  // namespace
}  // namespace cacheplane::service
