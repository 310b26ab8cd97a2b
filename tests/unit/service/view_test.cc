// How clusters and nodes are shown.
#include <gtest/gtest.h>

#include "controlplane/service/cluster_view.h"
#include "controlplane/service/node_status.h"

namespace cacheplane::service {
namespace {

constexpr MonoTime kNow{std::chrono::hours(1)};

// A placed, running, verified cluster of a primary and a replica; tests change one thing.
struct Shown {
  Shown() {
    cluster.uid = model::ClusterUid("cl-1");
    cluster.name = "orders";
    cluster.spec.engine_version = "8.0";
    cluster.spec.security_groups = {"default"};
    cluster.status = model::ClusterStatus::kAvailable;
    planned.shards = {{cluster.uid, 1, model::Epoch{1}, model::Epoch{1}}};
    Add(1, model::Role::kPrimary);
    Add(2, model::Role::kReplica);
    planned.endpoints = {{cluster.uid, model::EndpointKind::kPrimary, "s", {"127.20.0.9", 6379}, 3, {}},
                         {cluster.uid, model::EndpointKind::kReader, "s", {"127.20.0.10", 6379}, 0, {}}};
  }

  void Add(int ordinal, model::Role role) {
    model::Node node;
    node.incarnation = model::Incarnation("in-" + std::to_string(ordinal));
    node.name = model::NodeNameOf("orders", ordinal);
    node.cluster = cluster.uid;
    node.ordinal = ordinal;
    node.agent = model::AgentName("agent-" + std::to_string(ordinal));
    node.role = role;
    node.engine = "valkey";
    node.image_version = "8.0.1";
    planned.nodes.push_back(node);
    model::NodeFacts seen;
    seen.process = model::ProcessState::kRunning;
    seen.role = role;
    seen.engine_version = "8.0.1";
    seen.link_up = role == model::Role::kReplica;
    seen.replication_offset = 42;
    seen.starts = 1;
    model::AgentFacts& agent = facts.agents[node.agent];
    agent.connected = true;
    agent.heard = kNow;
    agent.nodes.Own()[node.incarnation] = seen;
  }

  model::NodeFacts& FactsOf(std::size_t index) {
    const model::Node& node = planned.nodes[index];
    return facts.agents[node.agent].nodes.Own()[node.incarnation];
  }
  NodeState State(std::size_t index) { return NodeStateOf(cluster, planned.nodes[index], facts, kNow); }
  ClusterDetails Details() { return DescribeCluster(cluster, planned, facts, kNow); }

  model::Cluster cluster;
  PlannedRows planned;
  ports::FactSnapshot facts;
};

TEST(NodeState, IsAvailableWhenAllIsAsPlanned) {
  Shown shown;
  EXPECT_EQ(shown.State(0), (NodeState{NodeStatus::kAvailable, ""}));
  EXPECT_EQ(shown.State(1), (NodeState{NodeStatus::kAvailable, ""}));
}

TEST(NodeState, SaysWhatIsAmiss) {
  struct Case {
    const char* reason;
    void (*change)(model::NodeFacts& facts);
  };
  const Case cases[] = {
      {"the engine does not answer", [](auto& facts) { facts.process = model::ProcessState::kHung; }},
      {"the engine is stopped by a signal",
       [](auto& facts) { facts.process = model::ProcessState::kHung, facts.frozen = true; }},
      {"the engine ended: signal 9 (the kernel ran out of memory)",
       [](auto& facts) {
         facts.process = model::ProcessState::kStopped, facts.exit_reason = "signal 9", facts.out_of_memory = true;
       }},
      {"the engine is not replica yet: epoch 3 is refused",
       [](auto& facts) { facts.role = model::Role::kPrimary, facts.problem = "epoch 3 is refused"; }},
      {"the engine is starting", [](auto& facts) { facts.process = model::ProcessState::kStarting, facts.starts = 2; }},
      {"the engine ended: signal 9",
       [](auto& facts) {
         facts.process = model::ProcessState::kStopped, facts.starts = 2, facts.exit_reason = "signal 9";
       }},
      {"no image valkey-8.0.1",
       [](auto& facts) {
         facts.process = model::ProcessState::kStopped, facts.starts = 2, facts.problem = "no image valkey-8.0.1";
       }},
      {"the engine ended: signal 9; no image valkey-8.0.1",
       [](auto& facts) {
         facts.process = model::ProcessState::kStopped, facts.starts = 2;
         facts.exit_reason = "signal 9", facts.problem = "no image valkey-8.0.1";
       }},
      {"the engine runs version 7.2.6, not 8.0.1", [](auto& facts) { facts.engine_version = "7.2.6"; }},
      {"the engine is not replica yet", [](auto& facts) { facts.role = model::Role::kPrimary; }},
      {"the engine is not replica yet", [](auto& facts) { facts.role.reset(); }},
      {"the replication link is down", [](auto& facts) { facts.link_up = false; }},
  };
  for (const Case& c : cases) {
    Shown shown;
    c.change(shown.FactsOf(1));
    EXPECT_EQ(shown.State(1), (NodeState{NodeStatus::kImpaired, c.reason}));
    EXPECT_EQ(shown.State(0).status, NodeStatus::kAvailable);
  }
}

TEST(NodeState, ACondemnedProcessIsBeingKilledItsSuccessorIsNot) {
  Shown shown;
  shown.planned.nodes[0].condemned = 1;
  EXPECT_EQ(shown.State(0),
            (NodeState{NodeStatus::kImpaired, "the engine is being killed, so that a replica can take over"}));
  shown.FactsOf(0).starts = 2;
  EXPECT_EQ(shown.State(0).status, NodeStatus::kAvailable);
  shown.FactsOf(0).starts = 1;
  shown.FactsOf(0).process = model::ProcessState::kStopped;
  shown.FactsOf(0).exit_reason = "signal 9";
  EXPECT_EQ(shown.State(0).reason, "the engine ended: signal 9");
}

TEST(NodeState, OldFactsSayNothingAboutThePresent) {
  Shown shown;
  model::AgentFacts& agent = shown.facts.agents[model::AgentName("agent-1")];
  agent.heard = kNow - std::chrono::seconds(10);
  EXPECT_EQ(shown.State(0).status, NodeStatus::kAvailable);
  agent.heard = kNow - std::chrono::milliseconds(12300);
  EXPECT_EQ(shown.State(0), (NodeState{NodeStatus::kImpaired, "agent agent-1 was last heard 12.3 s ago"}));
  shown.facts.agents.clear();
  EXPECT_EQ(shown.State(0), (NodeState{NodeStatus::kImpaired, "agent agent-1 has not been heard yet"}));
}

TEST(NodeState, ANewNodeIsBeingCreated) {
  Shown shown;
  shown.facts.agents[model::AgentName("agent-2")].nodes.Own().clear();
  EXPECT_EQ(shown.State(1), (NodeState{NodeStatus::kCreating, "agent agent-2 has not reported it yet"}));
  Shown starting;
  starting.FactsOf(1).process = model::ProcessState::kStarting;
  EXPECT_EQ(starting.State(1).status, NodeStatus::kCreating);
  starting.FactsOf(1).process = model::ProcessState::kStopped;  // started once, and ended
  EXPECT_EQ(starting.State(1).status, NodeStatus::kImpaired);
}

TEST(NodeState, FollowsTheClustersBeginningAndEnd) {
  Shown shown;
  shown.FactsOf(1).link_up = false;
  shown.cluster.status = model::ClusterStatus::kCreating;
  EXPECT_EQ(shown.State(1).status, NodeStatus::kCreating);
  shown.cluster.status = model::ClusterStatus::kDeleting;
  EXPECT_EQ(shown.State(0).status, NodeStatus::kDeleting);
}

TEST(DescribeCluster, JoinsWhatIsPlannedWithWhatIsSeen) {
  Shown shown;
  const ClusterDetails details = shown.Details();
  EXPECT_EQ(details.etag, "g1-cl-1");
  ASSERT_EQ(details.shards.size(), 1U);
  EXPECT_EQ(details.shards[0].slots, "0-16383");
  ASSERT_EQ(details.shards[0].nodes.size(), 2U);
  EXPECT_EQ(details.shards[0].nodes[0].engine_version, "8.0.1");
  EXPECT_EQ(details.shards[0].nodes[0].replication_offset, 42);
  EXPECT_EQ(details.notices, std::vector<std::string>{"security groups are stored and validated, not enforced yet"});
}

TEST(DescribeCluster, ShowsOnlyPublishedEndpoints) {
  const ClusterDetails details = Shown().Details();
  EXPECT_EQ(details.primary_endpoint, (model::Address{"127.20.0.9", 6379}));
  EXPECT_FALSE(details.reader_endpoint);
}

TEST(DescribeCluster, ProtectionIsTheWeakestFenceOfItsHosts) {
  Shown shown;
  shown.cluster.spec.replicas_per_shard = 1;
  const model::AgentName first("agent-1");
  const model::AgentName second("agent-2");
  EXPECT_EQ(shown.Details().protection, "none");  // nobody told
  shown.planned.fences = {{first, "kernel"}, {second, "kernel"}};
  EXPECT_EQ(shown.Details().protection, "kernel");
  shown.planned.fences[first] = "guard";
  EXPECT_EQ(shown.Details().protection, "guard");
  shown.planned.fences[second] = "guard";
  EXPECT_EQ(shown.Details().protection, "guard");
  shown.planned.fences[first] = "none";
  EXPECT_EQ(shown.Details().protection, "none");
  shown.planned.fences = {{first, "none"}, {second, "kernel"}};
  EXPECT_EQ(shown.Details().protection, "none");
  shown.planned.nodes[0].intent = model::Intent::kErase;  // its host matters no more
  EXPECT_EQ(shown.Details().protection, "kernel");
  shown.cluster.spec.replicas_per_shard = 0;
  EXPECT_EQ(shown.Details().protection, "single-node");
  shown.planned.nodes.clear();
  EXPECT_EQ(shown.Details().protection, "");
}

TEST(DescribeCluster, AReplacedIncarnationIsNotShown) {
  Shown shown;
  model::Node old = shown.planned.nodes[1];
  old.incarnation = model::Incarnation("in-old");
  old.intent = model::Intent::kErase;
  shown.planned.nodes.push_back(old);
  EXPECT_EQ(shown.Details().shards[0].nodes.size(), 2U);
  shown.planned.nodes[1].intent = model::Intent::kErase;
  shown.planned.nodes.pop_back();
  EXPECT_EQ(shown.Details().shards[0].nodes[1].state.status, NodeStatus::kDeleting);
}

}  // namespace
}  // namespace cacheplane::service
