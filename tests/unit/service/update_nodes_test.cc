// UpdateNodes: what is refused, what is stored, and what it says that it would do.
#include "tests/unit/service/upgrade_fixture.h"

namespace cacheplane::service {
namespace {

class UpdateNodes : public Upgrade {
 protected:
  void HostsGet(const std::string& version, std::int64_t memory = 8 * kGibibyte) {
    for (const model::Node& node : shard.nodes) HostGets(node.agent.str(), version, memory);
  }
  void HostGets(const std::string& agent, const std::string& version, std::int64_t memory = 8 * kGibibyte) {
    AddHost(agent, {{"valkey", "8.0.1"}, {"valkey", version}, {"valkey", "8.1.1"}}, memory);
  }
  Result<ClusterAnswer> Asks(const std::string& version = "") {
    return world.clusters.UpdateNodes({.name = "Orders", .version = version});
  }
};

TEST_F(UpdateNodes, RemembersWhatNodesWereAndWhatTheyAreToBe) {
  HostGets("agent-1", "8.0.3");
  HostGets("agent-2", "8.0.10");
  const auto answer = Asks();
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  const model::Operation& operation = *answer->operation;
  EXPECT_EQ(operation.kind, model::OperationKind::kUpdateNodes);
  EXPECT_EQ(operation.update_to, "8.0.10");
  EXPECT_TRUE(operation.by_call);
  EXPECT_EQ(operation.before, model::BuildOf(answer->cluster->cluster.spec));
  EXPECT_EQ(operation.before_replicas, 2);
  EXPECT_EQ(operation.images_before.size(), 3U);
  EXPECT_EQ(operation.images_before.at(shard.nodes[0].incarnation), "8.0.1");
  EXPECT_EQ(answer->cluster->cluster.status, model::ClusterStatus::kModifying);
  EXPECT_EQ(answer->cluster->cluster.generation, 1U) << "the definition is as it was";
  EXPECT_EQ(world.Events().back(), "Update of cluster orders requested: orders-001 to 8.0.3, orders-002 to 8.0.10");
}

TEST_F(UpdateNodes, NeedsSomethingNewerOfTheSameVersion) {
  Refused(Asks(), ErrorCode::kFailedPrecondition,
          "name: \"orders\" has no node whose host has a newer patch level of valkey 8.0; allowed: once one has");
  HostsGet("8.0.0");
  Refused(Asks(), ErrorCode::kFailedPrecondition, "has no node whose host has a newer patch level");
  AddHost("agent-9", {{"valkey", "8.0.10"}});
  Refused(Asks(), ErrorCode::kFailedPrecondition, "has no node whose host has a newer patch level");
}

TEST_F(UpdateNodes, AVersionThatIsNamedMustBringSomebodyFurther) {
  HostsGet("8.0.10");
  for (const char* wrong : {"8.0.11", "8.0.1", "8.1.1", "8.0", "x"}) {
    Refused(Asks(wrong), ErrorCode::kInvalidArgument,
            fmt::format("version: \"{}\" is newer than what a node of orders has for none of them; allowed: a patch "
                        "level up to valkey 8.0.10",
                        wrong));
  }
  EXPECT_TRUE(Asks("8.0.9").ok()) << "patch levels are cumulative";
}

TEST_F(UpdateNodes, OneThingAtATime) {
  HostsGet("8.0.10");
  EXPECT_EQ(world.clusters.UpdateNodes({.name = "carts"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(world.clusters.UpdateNodes({.name = "orders", .etag = "old"}).error().code, ErrorCode::kAborted);
  world.SetStatus("orders", model::ClusterStatus::kStopped);
  EXPECT_NE(Asks().error().message.find("is stopped; allowed: once it is started"), std::string::npos);
  world.SetStatus("orders", model::ClusterStatus::kAvailable);
  ASSERT_TRUE(Asks().ok());
  const auto behind = To("8.1");
  ASSERT_TRUE(behind.ok()) << behind.error().message;
  EXPECT_EQ(behind->operation->status, model::OperationStatus::kQueued);
  EXPECT_NE(Asks().error().message.find("under way"), std::string::npos);
}

TEST_F(UpdateNodes, IsNotDoneTwiceForOneRequestId) {
  HostsGet("8.0.10");
  const auto first = world.clusters.UpdateNodes({.name = "orders", .request_id = "r1"});
  const auto second = world.clusters.UpdateNodes({.name = "orders", .request_id = "r1"});
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(first->operation->id, second->operation->id);
  const auto other = world.clusters.UpdateNodes({.name = "orders", .version = "8.0.9", .request_id = "r1"});
  EXPECT_EQ(other.error().code, ErrorCode::kInvalidArgument) << "the same id for something else";
}

TEST_F(UpdateNodes, ThePlanIsThatOfAnUpgrade) {
  HostsGet("8.0.10");
  const auto plan = [&] {
    std::vector<std::string> steps;
    const auto answer = world.clusters.UpdateNodes({.name = "orders", .validate_only = true});
    for (const PlannedStep& step : answer->plan) steps.push_back(step.action + " " + step.node);
    return steps;
  };
  EXPECT_EQ(plan(), (std::vector<std::string>{"add a node orders-004", "renew the node orders-002",
                                              "renew the node orders-003", "hand over orders-002",
                                              "renew the node orders-001", "remove the node orders-004"}));
  AddHost("agent-1", {{"valkey", "8.0.1"}});
  EXPECT_EQ(plan(), (std::vector<std::string>{"renew the node orders-002", "renew the node orders-003"}))
      << "the primary stays, and nobody is added for its sake";
  HostsGet("8.0.10", shard.nodes[0].memory_bytes);
  EXPECT_EQ(plan().front(), "renew the node orders-002") << "there is no room for a spare one";
  EXPECT_EQ(world.clusters.GetCluster("orders")->cluster.status, model::ClusterStatus::kAvailable);
}

}  // namespace
}  // namespace cacheplane::service
