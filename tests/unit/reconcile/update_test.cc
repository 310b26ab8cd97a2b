// Newer patch levels on the hosts, taken in the maintenance window.
#include <gtest/gtest.h>

#include "tests/unit/reconcile/rolling_fixture.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

class Updates : public Rolling {
 protected:
  Updates() { installation_.Creates(1); }

  void HostsGet(const std::string& version, std::int64_t memory) {
    for (const auto& [agent, zone] : std::map<std::string, std::string>{
             {"agent-a", "us-east-1a"}, {"agent-b", "us-east-1b"}, {"agent-c", "us-east-1c"}}) {
      world_.AddHost(service::HostOf(agent, zone, memory, {{"valkey", "8.0.1"}, {"valkey", version}}));
    }
  }
  std::vector<model::Operation> Operations() { return world_.operations.ListOperations("orders", {})->items; }
  void AllHave(const std::string& version) {
    EXPECT_EQ(installation_.NodesOf("orders").size(), 2U);
    for (const model::Node& node : installation_.NodesOf("orders")) EXPECT_EQ(node.image_version, version);
    EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable)
        << installation_.Find("orders")->status_reason;
  }
};

TEST_F(Updates, EveryNodeHasTheNewestAfterTheWindow) {
  HostsGet("8.0.10", 64 * service::kGibibyte);
  installation_.Pass(2s);
  AllHave("8.0.1");
  UntilWindowOpens();
  installation_.Pass(20s);
  AllHave("8.0.10");
  EXPECT_EQ(Operations().front().kind, model::OperationKind::kUpdateNodes);
  EXPECT_EQ(Operations().front().status, model::OperationStatus::kSucceeded);
}

TEST_F(Updates, WhatDoesNotComeUpIsTakenBackAndNotTriedAgainInThisWindow) {
  for (const std::int64_t memory : {std::int64_t{0}, 64 * service::kGibibyte}) {
    HostsGet("8.0.10", memory);
    installation_.hanging_image = "8.0.10";
    UntilWindowOpens();
    installation_.Pass(20s);
    const model::Operation failed = Operations().front();
    ASSERT_EQ(failed.kind, model::OperationKind::kUpdateNodes);
    EXPECT_EQ(failed.status, model::OperationStatus::kFailed);
    EXPECT_NE(failed.progress.reason.find("did not come up with valkey 8.0.10"), std::string::npos)
        << failed.progress.reason;
    AllHave("8.0.1");
    installation_.Pass(60s);
    EXPECT_EQ(Operations().front().id, failed.id);
    world_.clock.Advance(std::chrono::hours(24));
  }
}

TEST_F(Updates, ACancelledOneGivesNodesTheirFormerVersionBack) {
  HostsGet("8.0.10", 0);
  installation_.handovers_fail = true;
  UntilWindowOpens();
  installation_.Pass(3s);
  const model::OperationId id = Operations().front().id;
  ASSERT_EQ(Operation(id).status, model::OperationStatus::kRunning);
  ASSERT_TRUE(world_.operations.CancelOperation(id.str()).ok());
  installation_.Pass(20s);
  EXPECT_EQ(Operation(id).status, model::OperationStatus::kFailed);
  AllHave("8.0.1");
}

TEST_F(Updates, OneThatIsAskedForWaitsForNoWindow) {
  HostsGet("8.0.10", 64 * service::kGibibyte);
  service::ModifyClusterRequest by_itself = Request({});
  by_itself.update_mask = {"auto_minor_version_upgrade"};
  by_itself.spec.auto_minor_version_upgrade = false;
  ASSERT_TRUE(world_.clusters.ModifyCluster(by_itself).ok());
  const auto answer = world_.clusters.UpdateNodes({.name = "orders"});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  installation_.HeldUp(1s);
  installation_.Pass(20s);
  AllHave("8.0.10");
  EXPECT_EQ(Operation(answer->operation->id).status, model::OperationStatus::kSucceeded);
  EXPECT_EQ(world_.clusters.UpdateNodes({.name = "orders"}).error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(Updates, WhatHostsGetMeanwhileIsWhatItBrings) {
  HostsGet("8.0.10", 64 * service::kGibibyte);
  const auto answer = world_.clusters.UpdateNodes({.name = "orders"});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->operation->update_to, "8.0.10");
  HostsGet("8.0.11", 64 * service::kGibibyte);
  installation_.HeldUp(1s);
  installation_.Pass(20s);
  AllHave("8.0.11");
  EXPECT_EQ(Operation(answer->operation->id).update_to, "8.0.11");
}

TEST_F(Updates, ALoneNodeIsReplacedByOneThatHasIt) {
  service::CreateClusterRequest request = service::World::Request("lone");
  request.spec.engine_version = "8.0";
  ASSERT_TRUE(world_.clusters.CreateCluster(request).ok());
  installation_.Pass(3s);
  HostsGet("8.0.10", 0);
  const auto refused = world_.clusters.UpdateNodes({.name = "lone"});
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("no host has room for one"), std::string::npos) << refused.error().message;
  HostsGet("8.0.10", 64 * service::kGibibyte);
  ASSERT_TRUE(world_.clusters.UpdateNodes({.name = "lone"}).ok());
  installation_.Pass(20s);
  ASSERT_EQ(installation_.NodesOf("lone").size(), 1U);
  EXPECT_EQ(installation_.NodesOf("lone").front().image_version, "8.0.10");
  EXPECT_EQ(installation_.Find("lone")->status, model::ClusterStatus::kAvailable);
}

TEST_F(Updates, OnesWhosePrimaryStaysAsItIsCanBeTakenBack) {
  const std::vector<model::Node> nodes = installation_.NodesOf("orders");
  for (const model::Node& node : nodes) {
    if (node.role == model::Role::kPrimary) continue;
    world_.AddHost(service::HostOf(node.agent.str(), node.zone, 0, {{"valkey", "8.0.1"}, {"valkey", "8.0.10"}}));
  }
  installation_.hanging_image = "8.0.10";
  const auto answer = world_.clusters.UpdateNodes({.name = "orders"});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  installation_.Pass(20s);
  EXPECT_EQ(Operation(answer->operation->id).status, model::OperationStatus::kFailed);
  AllHave("8.0.1");
}

TEST_F(Updates, ThereIsNoWayBackOnceTheNewIsWrittenTo) {
  HostsGet("8.0.10", 0);
  const model::OperationId id = world_.clusters.UpdateNodes({.name = "orders"})->operation->id;
  for (model::Node node : installation_.NodesOf("orders")) {
    if (node.role != model::Role::kPrimary) continue;
    node.image_version = "8.0.10";
    service::World::Require(world_.store.Write([&](ports::Transaction& tx) { return tx.plan().PutNode(node); }));
  }
  const auto refused = world_.operations.CancelOperation(id.str());
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("which is made of the new; allowed: before that"), std::string::npos)
      << refused.error().message;
  EXPECT_FALSE(Operation(id).cancelled);
}

TEST_F(Updates, TheWindowTellsWhatItBegan) {
  HostsGet("8.0.10", 64 * service::kGibibyte);
  UntilWindowOpens();
  installation_.Pass(3s);
  ASSERT_EQ(Operations().front().kind, model::OperationKind::kUpdateNodes);
  EXPECT_EQ(Operations().front().update_to, "8.0.10");
  EXPECT_FALSE(Operations().front().by_call);
}

}  // namespace
}  // namespace cacheplane::reconcile
