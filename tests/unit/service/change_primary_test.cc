// SwitchoverCluster and TestFailover.
#include <gtest/gtest.h>

#include "tests/unit/service/placed_shard.h"

namespace cacheplane::service {
namespace {

using model::ClusterStatus;
using model::OperationKind;
using model::OperationStatus;

class ChangePrimary : public testing::Test {
 protected:
  ChangePrimary() : shard(world.clock.Mono()) { Create(2, true); }

  // A cluster as it is once it has been created and verified.
  void Create(int replicas, bool automatic_failover) {
    CreateClusterRequest request = World::Request("orders");
    request.spec.replicas_per_shard = replicas;
    request.spec.automatic_failover = automatic_failover;
    const auto created = world.clusters.CreateCluster(request);
    World::Require(created.ok() ? Status() : Status(created.error()));
    shard.Establish(world);
  }
  void CreateAnew(int replicas, bool automatic_failover) {
    world.RemoveRow("orders");
    Create(replicas, automatic_failover);
  }

  Result<ClusterAnswer> Switchover(SwitchoverClusterRequest request) {
    world.facts.facts = shard.facts;
    request.name = "Orders";
    return world.clusters.SwitchoverCluster(request);
  }
  Result<ClusterAnswer> SwitchoverTo(const std::string& node) {
    return Switchover({.name = "", .shard = "", .node = node, .etag = "", .request_id = ""});
  }
  Result<ClusterAnswer> TestFailover(const std::string& shard_id = "", const std::string& request_id = "",
                                     const std::string& expected_primary = "") {
    world.facts.facts = shard.facts;
    return world.clusters.TestFailover(
        {.name = "Orders", .shard = shard_id, .request_id = request_id, .expected_primary = expected_primary});
  }

  static void ExpectRefused(const Result<ClusterAnswer>& answer, ErrorCode code, const std::string& message) {
    ASSERT_FALSE(answer.ok()) << message;
    EXPECT_EQ(answer.error().code, code);
    EXPECT_EQ(answer.error().message, message);
  }

  World world;
  PlacedShard shard;
};

TEST_F(ChangePrimary, ASwitchoverIsAnOperationThatNamesTheSuccessor) {
  shard.FactsOf(2).replication_offset = 1200;
  const int told = world.signals.clusters;
  const auto answer = SwitchoverTo("");
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->operation->kind, OperationKind::kSwitchover);
  EXPECT_EQ(answer->operation->status, OperationStatus::kRunning);
  EXPECT_EQ(answer->operation->node.str(), "orders-003");
  EXPECT_EQ(answer->cluster->cluster.operation, answer->operation->id);
  EXPECT_EQ(answer->cluster->cluster.status, ClusterStatus::kAvailable);
  EXPECT_EQ(world.clusters.GetCluster("orders")->cluster.operation, answer->operation->id);
  EXPECT_EQ(world.Events().back(), "Switchover of cluster orders from orders-001 to orders-003 requested");
  EXPECT_EQ(world.signals.clusters, told + 1);
}

TEST_F(ChangePrimary, TheDefinitionAndItsEtagStay) {
  const std::string etag = world.clusters.GetCluster("orders")->etag;
  EXPECT_EQ(SwitchoverTo("orders-002")->cluster->etag, etag);
}

TEST_F(ChangePrimary, ANamedReplicaIsTakenWhateverTheCase) {
  shard.FactsOf(2).replication_offset = 1200;
  EXPECT_EQ(SwitchoverTo("Orders-002")->operation->node.str(), "orders-002");
}

TEST_F(ChangePrimary, ABadChoiceIsRefusedWithTheGoodOnes) {
  ExpectRefused(SwitchoverTo("orders-001"), ErrorCode::kFailedPrecondition,
                R"(node: "orders-001" is already the primary; allowed: a replica of orders)");
  ExpectRefused(SwitchoverTo("orders-009"), ErrorCode::kNotFound,
                R"(node: orders has no node "orders-009"; allowed: "orders-001", "orders-002", "orders-003")");
  shard.FactsOf(1).link_up = false;
  ExpectRefused(SwitchoverTo("orders-002"), ErrorCode::kFailedPrecondition,
                R"(node: orders-002: the replication link is down; allowed: "orders-003")");
  EXPECT_EQ(world.clusters.GetCluster("orders")->cluster.operation.str(), "");
}

TEST_F(ChangePrimary, WhenNobodyIsFitEveryReasonIsTold) {
  shard.FactsOf(1).link_up = false;
  shard.AgentOf(2).connected = false;
  const std::string message =
      "node: no replica of orders can take over: orders-002: the replication link is down; orders-003: agent agent-3 "
      "is "
      "not connected; allowed: once one is in sync";
  ExpectRefused(SwitchoverTo(""), ErrorCode::kFailedPrecondition, message);
  ExpectRefused(TestFailover(), ErrorCode::kFailedPrecondition, message);
}

TEST_F(ChangePrimary, ADeadPrimaryIsReplacedByHandWithoutAutomaticFailover) {
  CreateAnew(2, false);
  world.SetStatus("orders", ClusterStatus::kImpaired);
  shard.FactsOf(0).process = model::ProcessState::kStopped;
  shard.FactsOf(1).link_up = false;
  shard.FactsOf(2).link_up = false;
  shard.FactsOf(2).replication_offset = 1001;
  const auto answer = SwitchoverTo("");
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->operation->node.str(), "orders-003");
}

TEST_F(ChangePrimary, OneChangeAtATime) {
  const std::string first = SwitchoverTo("")->operation->id.str();
  const std::string message =
      "name: \"orders\" has a switchover under way, operation " + first + "; allowed: once that has ended";
  ExpectRefused(SwitchoverTo(""), ErrorCode::kFailedPrecondition, message);
  ExpectRefused(TestFailover(), ErrorCode::kFailedPrecondition, message);
  PlacedShard::EndOperation(world);
  EXPECT_TRUE(TestFailover().ok());
}

TEST_F(ChangePrimary, ADeletionEndsASwitchover) {
  const model::OperationId first = SwitchoverTo("")->operation->id;
  ASSERT_TRUE(world.clusters.DeleteCluster({.name = "orders", .etag = "", .request_id = ""}).ok());
  world.store.Read([&](ports::Transaction& transaction) {
    EXPECT_EQ(transaction.journal().FindOperation(first)->status, OperationStatus::kFailed);
  });
  EXPECT_EQ(SwitchoverTo("").error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(ChangePrimary, AClusterBeingCreatedWaits) {
  world.RemoveRow("orders");
  ASSERT_TRUE(world.clusters.CreateCluster(World::Request("orders")).ok());
  const auto refused = SwitchoverTo("");
  EXPECT_EQ(refused.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(refused.error().message.starts_with("name: \"orders\" is still being created; its operation is op-"));
}

TEST_F(ChangePrimary, WithoutReplicasNobodyCanTakeOver) {
  CreateAnew(0, false);
  const std::string message =
      "name: \"orders\" has no replica that could take over; allowed: clusters with spec.replicas_per_shard 1 to 5";
  ExpectRefused(SwitchoverTo(""), ErrorCode::kFailedPrecondition, message);
  ExpectRefused(TestFailover(), ErrorCode::kFailedPrecondition, message);
}

TEST_F(ChangePrimary, ShardsAreCheckedByFormAndByExistence) {
  for (const std::string bad : {"x", "0", "-1", "00001", "1.5"}) {
    EXPECT_EQ(TestFailover(bad).error().code, ErrorCode::kInvalidArgument) << bad;
  }
  ExpectRefused(TestFailover("0002"), ErrorCode::kNotFound, R"(shard: "orders" has no shard "0002"; allowed: "0001")");
  EXPECT_TRUE(TestFailover("1").ok());
}

TEST_F(ChangePrimary, AnEtagAndARequestIdMeanWhatTheyMeanElsewhere) {
  const auto stale = Switchover({.name = "", .shard = "", .node = "", .etag = "g0-old", .request_id = ""});
  EXPECT_EQ(stale.error().code, ErrorCode::kAborted);
  const auto first = Switchover({.name = "", .shard = "", .node = "", .etag = "", .request_id = "r1"});
  const auto again = Switchover({.name = "", .shard = "", .node = "", .etag = "", .request_id = "r1"});
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again->operation->id, first->operation->id);
  const auto other = Switchover({.name = "", .shard = "", .node = "orders-002", .etag = "", .request_id = "r1"});
  EXPECT_EQ(other.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(TestFailover("", "r1").error().code, ErrorCode::kInvalidArgument);
}

TEST_F(ChangePrimary, WhoExpectsAnotherPrimaryIsRefused) {
  SwitchoverClusterRequest request;
  request.request_id = "r1";
  request.expected_primary = "Orders-002";
  const std::string old_view = R"(expected_primary: "orders-002" is not the primary of orders; current: "orders-001")";
  ExpectRefused(Switchover(request), ErrorCode::kAborted, old_view);
  ExpectRefused(TestFailover("", "", "orders-002"), ErrorCode::kAborted, old_view);
  ExpectRefused(
      TestFailover("", "", "orders-009"), ErrorCode::kNotFound,
      R"(expected_primary: orders has no node "orders-009"; allowed: "orders-001", "orders-002", "orders-003")");
  EXPECT_EQ(world.clusters.GetCluster("orders")->cluster.operation.str(), "");
  request.expected_primary = "Orders-001";
  EXPECT_TRUE(Switchover(request).ok());
  request.expected_primary = "orders-002";
  EXPECT_EQ(Switchover(request).error().code, ErrorCode::kInvalidArgument) << "the same id for another request";
}

TEST_F(ChangePrimary, ValidateOnlyHasNoEffect) {
  const std::size_t events = world.Events().size();
  const auto answer =
      Switchover({.name = "", .shard = "", .node = "", .etag = "", .request_id = "", .validate_only = true});
  ASSERT_TRUE(answer.ok());
  EXPECT_FALSE(answer->operation);
  ASSERT_TRUE(answer->succession);
  EXPECT_EQ(answer->succession->successor.str(), "orders-002");
  EXPECT_EQ(answer->succession->reason, "no other replica holds more: offset 1000 as last reported");
  EXPECT_EQ(world.clusters.GetCluster("orders")->cluster.operation.str(), "");
  EXPECT_EQ(world.Events().size(), events);
}

TEST_F(ChangePrimary, ATestFailoverNamesThePrimaryAndBeginsWithElastiCachesEvent) {
  const auto answer = TestFailover("0001");
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->operation->kind, OperationKind::kTestFailover);
  EXPECT_EQ(answer->operation->node.str(), "orders-001");
  world.store.Read([&](ports::Transaction& transaction) {
    const model::Event event = transaction.journal().Events({}).back();
    EXPECT_EQ(event.message, "Test Failover API called for node group 0001");
    EXPECT_EQ(event.source_type, "replication-group");
    EXPECT_EQ(event.source, "orders");
    EXPECT_EQ(event.time, world.clock.Now());
  });
}

TEST_F(ChangePrimary, ATestFailoverNeedsAutomaticFailoverAndALivingPrimary) {
  shard.FactsOf(0).process = model::ProcessState::kStopped;
  ExpectRefused(TestFailover(), ErrorCode::kFailedPrecondition,
                "name: the primary orders-001 of \"orders\" is down already: the engine is not started yet; allowed: "
                "while it serves");
  CreateAnew(2, false);
  const auto refused = TestFailover();
  EXPECT_EQ(refused.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(refused.error().message.starts_with("spec.automatic_failover: false on orders"))
      << refused.error().message;
}

}  // namespace
}  // namespace cacheplane::service
