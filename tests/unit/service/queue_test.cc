// Modifications that wait for what is under way: what is let in, and what is stored.
#include "controlplane/service/queue.h"

#include <functional>

#include "controlplane/service/object_users.h"
#include "tests/unit/service/upgrade_fixture.h"

namespace cacheplane::service {
namespace {

using model::OperationStatus;

class Queue : public Upgrade {
 protected:
  Queue() { first = To("8.1")->operation->id; }

  static ModifyClusterRequest Request(const std::vector<std::string>& mask, const ClusterDraft& spec) {
    ModifyClusterRequest request;
    request.name = "orders";
    request.spec = spec;
    request.update_mask = mask;
    request.apply_immediately = true;
    return request;
  }
  Result<ClusterAnswer> Replicas(int count) {
    ClusterDraft spec;
    spec.replicas_per_shard = count;
    return Modify({"replicas_per_shard"}, spec);
  }
  model::Cluster Cluster() { return world.clusters.GetCluster("orders")->cluster; }
  model::Operation Operation(const model::OperationId& id) { return *world.operations.GetOperation(id.str()); }
  // And nothing has changed.
  void ExpectRefused(const std::function<Result<ClusterAnswer>()>& call, ErrorCode code, const std::string& fragment) {
    const model::Cluster before = Cluster();
    const auto answer = call();
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, code) << answer.error().message;
    EXPECT_NE(answer.error().message.find(fragment), std::string::npos) << answer.error().message;
    EXPECT_EQ(Cluster(), before);
  }
  auto Modifies(const ModifyClusterRequest& request) {
    return [this, request] { return world.clusters.ModifyCluster(request); };
  }
  // Its end, as reconcile/ writes it; then the next one's turn.
  void EndFirst() {
    World::Require(world.store.Write([&](ports::Transaction& tx) -> Status {
      model::Cluster cluster = *tx.clusters().Find("orders");
      model::Operation ended = *tx.journal().FindOperation(std::exchange(cluster.operation, {}));
      model::End(ended, OperationStatus::kSucceeded, "", world.clock.Now());
      tx.journal().PutOperation(ended);
      CP_RETURN_IF_ERROR(tx.clusters().Update(cluster));
      return world.queue.Begin(tx, cluster.queue.front(), world.clock.Now());
    }));
  }

  model::OperationId first;
};

TEST_F(Queue, WaitsForWhatIsUnderWayAndIsBegunInTurn) {
  const auto second = Resize("cache.t4g.medium");
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(second->operation->status, OperationStatus::kQueued);
  EXPECT_EQ(second->operation->progress.reason, "operation " + first.str() + " comes first");
  EXPECT_EQ(second->operation->progress.steps.front().detail, "node_type: cache.t4g.small → cache.t4g.medium");
  const auto third = Replicas(3);
  ASSERT_TRUE(third.ok()) << third.error().message;
  EXPECT_EQ(Cluster().queue, (std::vector{second->operation->id, third->operation->id}));
  EXPECT_EQ(Cluster().operation, first);
  EXPECT_EQ(Cluster().spec.node_type, "cache.t4g.small") << "not yet";
  world.clock.Advance(std::chrono::seconds(5));
  EndFirst();
  EXPECT_EQ(Cluster().spec.node_type, "cache.t4g.medium");
  EXPECT_EQ(Cluster().spec.engine_version, "8.1");
  EXPECT_EQ(Cluster().spec.replicas_per_shard, 2);
  EXPECT_EQ(Cluster().operation, second->operation->id);
  EXPECT_EQ(Cluster().origin.operation, second->operation->id);
  const model::Operation begun = Operation(second->operation->id);
  EXPECT_EQ(begun.status, OperationStatus::kRunning);
  EXPECT_EQ(begun.created, second->operation->created);
  EXPECT_EQ(model::BegunAt(begun), world.clock.Now());
  EXPECT_EQ(begun.before->node_type, "cache.t4g.small");
  EXPECT_GT(begun.revision, second->operation->revision);
  EndFirst();
  EXPECT_EQ(Cluster().spec.replicas_per_shard, 3);
  EXPECT_TRUE(Cluster().queue.empty());
}

TEST_F(Queue, WhatConcernsNoNodeIsInForceAtOnce) {
  ClusterDraft spec;
  spec.replicas_per_shard = 1;
  spec.description = "smaller";
  const auto second = Modify({"description", "replicas_per_shard"}, spec);
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(Cluster().spec.description, "smaller");
  EXPECT_EQ(Cluster().spec.replicas_per_shard, 2);
  spec.description = "in between";
  ASSERT_TRUE(Modify({"description"}, spec).ok());
  EndFirst();
  EXPECT_EQ(Cluster().spec.description, "in between") << "the later call's";
  EXPECT_EQ(Cluster().spec.replicas_per_shard, 1);
}

TEST_F(Queue, IsCheckedAsIfAllBeforeItWereDone) {
  for (const model::Node& node : shard.nodes) {
    AddHost(node.agent.str(), {{"valkey", "8.0.1"}, {"valkey", "8.1.1"}, {"valkey", "9.1.2"}});
  }
  ASSERT_TRUE(Replicas(3).ok());
  ExpectRefused([&] { return To("8.0"); }, ErrorCode::kFailedPrecondition, "8.0");
  ModifyClusterRequest removal = Request({"replicas_per_shard"}, {});
  removal.spec.replicas_per_shard = 2;
  removal.replicas_to_remove = {"orders-002"};
  EXPECT_TRUE(world.clusters.ModifyCluster(removal).ok()) << "three by then, one less is two";
  removal.replicas_to_remove = {"orders-002", "orders-003"};
  removal.spec.replicas_per_shard = 1;
  ExpectRefused(Modifies(removal), ErrorCode::kInvalidArgument, "2 names");
  EXPECT_EQ(Cluster().queue.size(), 2U);
}

TEST_F(Queue, IsCheckedAgainWhenItsTurnComes) {
  const auto second = Resize("cache.t4g.medium");
  ASSERT_TRUE(second.ok());
  AddHost("agent-3", {{"valkey", "8.1.1"}}, 2 * kGibibyte);  // which has shrunk meanwhile
  EndFirst();
  const model::Operation ended = Operation(second->operation->id);
  EXPECT_EQ(ended.status, OperationStatus::kFailed);
  EXPECT_NE(ended.progress.reason.find("no room on agent-3"), std::string::npos) << ended.progress.reason;
  EXPECT_EQ(ended.begun, world.clock.Now());
  EXPECT_EQ(Cluster().spec.node_type, "cache.t4g.small");
  EXPECT_TRUE(Cluster().operation.empty() && Cluster().queue.empty());
}

// A spare has the room that there is, and leaves it again; who there will be by then is not known.
TEST_F(Queue, RoomAndNamesAreLookedAtWhenItsTurnComes) {
  for (const model::Node& node : shard.nodes)
    AddHost(node.agent.str(), {{"valkey", "8.0.1"}, {"valkey", "8.1.1"}}, 2 * kGibibyte);
  const auto second = Replicas(4);
  ASSERT_TRUE(second.ok()) << second.error().message;
  ModifyClusterRequest removal = Request({"replicas_per_shard"}, {});
  removal.spec.replicas_per_shard = 3;
  removal.replicas_to_remove = {"orders-004"};
  ASSERT_TRUE(world.clusters.ModifyCluster(removal).ok());
  EndFirst();
  EXPECT_NE(Operation(second->operation->id).progress.reason.find("have room for"), std::string::npos)
      << Operation(second->operation->id).progress.reason;
}

TEST_F(Queue, WhatItAsksForIsInUse) {
  Store({"mine", "valkey8", "", {}});
  ASSERT_TRUE(Group("mine").ok());
  world.store.Read([](ports::Transaction& tx) {
    EXPECT_FALSE(CheckParameterGroupUnused(tx, "mine").ok());
    EXPECT_TRUE(CheckParameterGroupUnused(tx, "yours").ok());
  });
}

TEST_F(Queue, NothingToChangeByThenHasSucceeded) {
  const auto second = Replicas(3);
  const auto again = Replicas(3);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EndFirst();
  EndFirst();
  EXPECT_EQ(Operation(again->operation->id).status, OperationStatus::kSucceeded);
  EXPECT_EQ(Operation(again->operation->id).progress.reason, "nothing to change");
}

TEST_F(Queue, WhatWaitedForTheWindowIsTakenAlong) {
  immediately = false;
  ASSERT_TRUE(Resize("cache.t4g.medium").ok());
  immediately = true;
  ASSERT_TRUE(Replicas(3).ok());
  ASSERT_NE(Pending(), std::nullopt);
  EndFirst();
  EXPECT_EQ(Pending(), std::nullopt);
  EXPECT_EQ(Cluster().spec.node_type, "cache.t4g.medium");
}

TEST_F(Queue, SomeNeverWait) {
  ModifyClusterRequest request = Request({"replicas_per_shard"}, {});
  request.spec.replicas_per_shard = 3;
  request.refuse_when_busy = true;
  ExpectRefused(Modifies(request), ErrorCode::kFailedPrecondition, "modify-cluster under way");
  request.refuse_when_busy = false;
  request.check_revision = static_cast<std::int64_t>(Cluster().generation);
  ExpectRefused(Modifies(request), ErrorCode::kFailedPrecondition, "modify-cluster under way");
  request.check_revision = 0;
  ASSERT_TRUE(world.clusters.ModifyCluster(request).ok());
  const std::string last = "up to operation " + Cluster().queue.back().str();
  immediately = false;
  ExpectRefused([&] { return Resize("cache.t4g.medium"); }, ErrorCode::kFailedPrecondition, last);
  ExpectRefused([&] { return Replicas(2); }, ErrorCode::kFailedPrecondition, last);  // as it is now, and not for long
  ExpectRefused([&] { return world.clusters.RollbackCluster({.name = "orders", .revision = 1}); },
                ErrorCode::kFailedPrecondition, last);
}

TEST_F(Queue, TheEtagChangesWithIt) {
  ModifyClusterRequest request = Request({"replicas_per_shard"}, {});
  request.spec.replicas_per_shard = 3;
  request.etag = world.clusters.GetCluster("orders")->etag;
  ASSERT_TRUE(world.clusters.ModifyCluster(request).ok());
  ExpectRefused(Modifies(request), ErrorCode::kAborted, "is stale");
}

TEST_F(Queue, IsBounded) {
  for (std::size_t i = 0; i < kMostQueued; ++i) ASSERT_TRUE(Replicas(i % 2 == 0 ? 3 : 2).ok());
  ExpectRefused([&] { return Replicas(1); }, ErrorCode::kResourceExhausted, "allowed: at most 10");
}

TEST_F(Queue, ARepeatedCallIsQueuedOnce) {
  ModifyClusterRequest request = Request({"replicas_per_shard"}, {});
  request.spec.replicas_per_shard = 3;
  request.request_id = "again";
  const auto once = world.clusters.ModifyCluster(request);
  const auto twice = world.clusters.ModifyCluster(request);
  ASSERT_TRUE(once.ok() && twice.ok());
  EXPECT_EQ(once->operation->id, twice->operation->id);
  EXPECT_EQ(Cluster().queue.size(), 1U);
}

TEST_F(Queue, IsCancelledAtOnce) {
  const auto second = Replicas(3);
  const auto third = Resize("cache.t4g.medium");
  const auto cancelled = world.operations.CancelOperation(second->operation->id.str());
  ASSERT_TRUE(cancelled.ok()) << cancelled.error().message;
  EXPECT_EQ(cancelled->status, OperationStatus::kFailed);
  EXPECT_TRUE(cancelled->cancelled);
  EXPECT_EQ(cancelled->begun, std::nullopt);
  EXPECT_EQ(Cluster().queue, std::vector{third->operation->id});
  EXPECT_EQ(Operation(third->operation->id).progress.reason, "operation " + first.str() + " comes first");
  EndFirst();
  EXPECT_EQ(Cluster().spec.replicas_per_shard, 2);
  EXPECT_EQ(Cluster().spec.node_type, "cache.t4g.medium");
  EXPECT_EQ(world.operations.CancelOperation(second->operation->id.str()).error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(Queue, DeletionEndsIt) {
  const auto second = Replicas(3);
  ASSERT_TRUE(world.clusters.DeleteCluster({.name = "orders", .etag = "", .request_id = ""}).ok());
  EXPECT_EQ(Operation(second->operation->id).progress.reason, "superseded by delete");
  EXPECT_EQ(Operation(first).progress.reason, "superseded by delete");
  EXPECT_TRUE(Cluster().queue.empty());
}

TEST_F(Queue, APlanSaysWhatComesFirst) {
  ModifyClusterRequest request = Request({"replicas_per_shard"}, {});
  request.spec.replicas_per_shard = 3;
  request.validate_only = true;
  const auto answer = world.clusters.ModifyCluster(request);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  ASSERT_EQ(answer->plan.size(), 1U);
  EXPECT_EQ(answer->plan.front().action, "wait for its turn");
  EXPECT_EQ(answer->base_revision, 0U);
  EXPECT_EQ(answer->changes, std::vector<std::string>{"replicas_per_shard: 2 → 3"});
  EXPECT_TRUE(Cluster().queue.empty());
}

}  // namespace
}  // namespace cacheplane::service
