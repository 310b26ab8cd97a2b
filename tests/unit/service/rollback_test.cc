// RollbackCluster: what comes back, what is refused; and changes that expect a revision.
#include "tests/unit/service/upgrade_fixture.h"

namespace cacheplane::service {
namespace {

using Lines = std::vector<std::string>;

class Rollback : public Upgrade {
 protected:
  Result<ClusterAnswer> Back(std::int64_t revision) {
    return world.clusters.RollbackCluster(
        {.name = "orders", .revision = revision, .apply_immediately = immediately, .check_revision = check_revision});
  }
  Result<ClusterAnswer> Planned(std::int64_t revision) {
    return world.clusters.RollbackCluster(
        {.name = "orders", .revision = revision, .validate_only = true, .apply_immediately = immediately});
  }
  void Done(const Result<ClusterAnswer>& answer) {
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    if (answer->operation->status == model::OperationStatus::kRunning) PlacedShard::EndOperation(world);
  }
  void RefusedWith(const Result<ClusterAnswer>& answer, ErrorCode code, const std::string& message) {
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, code);
    EXPECT_EQ(answer.error().message, message);
  }
  model::Cluster Now() { return world.clusters.GetCluster("orders")->cluster; }
  std::int64_t check_revision = 0;
};

TEST_F(Rollback, MakesTheDefinitionWhatItWasAndIsARevision) {
  Store({"carts", "valkey8", "", {{"timeout", "60"}}});
  const model::ClusterSpec first = Now().spec;
  ClusterDraft spec;
  spec.description = "new";
  spec.tags = {{"team", "core"}};
  spec.deletion_protection = true;
  spec.replicas_per_shard = 1;
  spec.node_type = "cache.t4g.medium";
  spec.parameter_group = "carts";
  Done(Modify({"description", "tags", "deletion_protection", "replicas_per_shard", "node_type", "parameter_group"},
              spec));
  const model::ClusterSpec second = Now().spec;
  const auto answer = Back(1);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(Now().spec, first);
  EXPECT_EQ(Now().status, model::ClusterStatus::kModifying);
  EXPECT_EQ(answer->operation->kind, model::OperationKind::kModifyCluster);
  EXPECT_EQ(answer->operation->before, model::BuildOf(second)) << "its own way back";
  EXPECT_EQ(answer->operation->before_replicas, 1);
  EXPECT_EQ(world.signals.reassigned.size(), 2U) << "agents are told of the parameters";
  const RevisionDetails newest = world.clusters.ListClusterRevisions("orders", {})->items.front();
  EXPECT_EQ(newest.revision.number, 3U);
  EXPECT_EQ(newest.revision.origin, (model::RevisionOrigin{model::RevisionCause::kRollback, answer->operation->id, 1}));
  EXPECT_EQ(world.Events().back(),
            "Cluster orders rolled back to revision 1: description, deletion_protection, tags, node_type, "
            "parameter_group, replicas_per_shard");
  Done(answer);
  Done(Back(2));
  EXPECT_EQ(Now().spec, second) << "forward again";
}

TEST_F(Rollback, ToThePresentChangesNothing) {
  const auto answer = Back(1);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->operation->progress.reason, "nothing to change");
  EXPECT_EQ(Now().generation, 1U);
}

TEST_F(Rollback, OlderEnginesAreRefusedWithTheReason) {
  Done(To("8.1"));
  const auto answer = Back(1);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(answer.error().message.find("revision: 1 cannot be restored: spec.engine_version: \"8.0\": valkey 8.1 to "
                                        "valkey 8.0 is a downgrade: an older engine cannot read"),
            0U)
      << answer.error().message;
  EXPECT_EQ(Now().spec.engine_version, "8.1");
  EXPECT_EQ(Now().generation, 2U);
}

TEST_F(Rollback, ARevisionThatIsNotKeptIsNotFound) {
  ClusterDraft spec;
  spec.description = "new";
  Done(Modify({"description"}, spec));
  RefusedWith(Back(3), ErrorCode::kNotFound, "revision: 3 of cluster orders is not kept; allowed: 1 to 2");
  RefusedWith(Back(0), ErrorCode::kInvalidArgument, "revision: 0 of cluster orders is not kept; allowed: 1 to 2");
  RefusedWith(Back(-1), ErrorCode::kInvalidArgument, "revision: -1 of cluster orders is not kept; allowed: 1 to 2");
  for (int i = 0; i < ports::kMostRevisions; ++i) {
    spec.description = std::to_string(i);
    Done(Modify({"description"}, spec));
  }
  RefusedWith(Back(2), ErrorCode::kNotFound, "revision: 2 of cluster orders is not kept; allowed: 3 to 102");
}

TEST_F(Rollback, GroupsThatAreGoneAreNamed) {
  Store({"carts", "valkey8", "", {}});
  Done(Group("carts"));
  Done(Group("default.valkey8"));
  World::Require(world.store.Write([](ports::Transaction& tx) { return tx.parameter_groups().Remove("carts"); }));
  const auto parameters = Back(2);
  ASSERT_FALSE(parameters.ok());
  EXPECT_EQ(parameters.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(
      parameters.error().message.find("revision: 2 cannot be restored: spec.parameter_group: \"carts\" does not exist"),
      0U)
      << parameters.error().message;
  World::Require(world.store.Write([](ports::Transaction& tx) {
    return tx.network().InsertSecurityGroup({"web", "", {}});
  }));
  ClusterDraft spec;
  spec.security_groups = {"web"};
  Done(Modify({"security_groups"}, spec));
  spec.security_groups = {"default"};
  Done(Modify({"security_groups"}, spec));
  World::Require(world.store.Write([](ports::Transaction& tx) { return tx.network().RemoveSecurityGroup("web"); }));
  const auto groups = Back(4);
  ASSERT_FALSE(groups.ok());
  EXPECT_EQ(groups.error().message.find("revision: 4 cannot be restored: spec.security_groups"), 0U)
      << groups.error().message;
}

TEST_F(Rollback, NodesOfAnotherMakeWaitForTheWindowAndOtherCountsDoNot) {
  Done(Resize("cache.t4g.medium"));
  immediately = false;
  const auto answer = Back(1);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(Now().spec.node_type, "cache.t4g.medium");
  EXPECT_EQ(Pending()->node_type, "cache.t4g.small");
  ClusterDraft spec;
  spec.replicas_per_shard = 1;
  immediately = true;
  Done(Modify({"replicas_per_shard"}, spec));
  immediately = false;
  RefusedWith(Back(1), ErrorCode::kInvalidArgument,
              "revision: 1 cannot be restored: spec.replicas_per_shard: 2 cannot wait for the maintenance window; "
              "allowed: apply_immediately true");
}

TEST_F(Rollback, WhatWaitsIsTakenBackAndWhatWaitedIsNotAskedForAgain) {
  immediately = false;
  ASSERT_TRUE(To("8.1").ok());
  ASSERT_TRUE(Back(1).ok());
  EXPECT_EQ(Pending(), std::nullopt);
  EXPECT_EQ(Now().generation, 3U);
  ASSERT_TRUE(Back(2).ok());
  EXPECT_EQ(Pending(), std::nullopt);
  EXPECT_EQ(Now().generation, 3U);
}

TEST_F(Rollback, ZonesOfOtherNodesDoNotComeBack) {
  CreateClusterRequest request = World::Request("zoned");
  request.spec.replicas_per_shard = 1;
  request.spec.preferred_zones = {"us-east-1a", "us-east-1b"};
  ASSERT_TRUE(world.clusters.CreateCluster(request).ok());
  World::Require(world.store.Write([](ports::Transaction& tx) {
    model::Cluster cluster = *tx.clusters().Find("zoned");
    model::Definition more{cluster.spec};
    more.spec.preferred_zones = {};
    more.spec.replicas_per_shard = 2;
    model::Redefine(cluster, more, {model::RevisionCause::kModify}, cluster.updated);
    cluster.status = model::ClusterStatus::kAvailable;
    cluster.operation = {};
    return tx.clusters().Update(cluster);
  }));
  const auto answer = world.clusters.RollbackCluster({.name = "zoned", .revision = 1, .apply_immediately = true});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->cluster->cluster.spec.replicas_per_shard, 1);
  EXPECT_TRUE(answer->cluster->cluster.spec.preferred_zones.empty());
}

TEST_F(Rollback, CheckedOnlyItTellsThePlanAndWhatDiffers) {
  Done(Resize("cache.t4g.medium"));
  const auto answer = Planned(1);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->changes, Lines{"node_type: cache.t4g.medium → cache.t4g.small"});
  EXPECT_EQ(answer->plan.size(), 6U);
  EXPECT_EQ(answer->base_revision, 2U);
  EXPECT_EQ(Now().generation, 2U);
}

TEST_F(Rollback, ARepeatedCallHasOneEffectAndAnotherBodyIsRefused) {
  ClusterDraft spec;
  spec.description = "new";
  Done(Modify({"description"}, spec));
  RollbackClusterRequest request{.name = "orders", .revision = 1, .request_id = "r1"};
  const auto first = world.clusters.RollbackCluster(request);
  const auto second = world.clusters.RollbackCluster(request);
  EXPECT_EQ(first->operation->id, second->operation->id);
  EXPECT_EQ(Now().generation, 3U);
  request.revision = 2;
  EXPECT_EQ(world.clusters.RollbackCluster(request).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(Rollback, AStaleRevisionOrEtagIsAborted) {
  const std::string etag = world.clusters.GetCluster("orders")->etag;
  ClusterDraft spec;
  spec.description = "new";
  Done(Modify({"description"}, spec));
  check_revision = 1;
  RefusedWith(Back(1), ErrorCode::kAborted,
              "check_revision: 1 is not the present one, the definition changed since; current: 2");
  EXPECT_EQ(world.clusters.RollbackCluster({.name = "orders", .revision = 1, .etag = etag}).error().code,
            ErrorCode::kAborted);
  check_revision = -1;
  EXPECT_EQ(Back(1).error().code, ErrorCode::kInvalidArgument);
  check_revision = 2;
  Done(Back(1));
}

TEST_F(Rollback, AModificationCanExpectTheRevisionThatItWasPlannedAgainst) {
  ModifyClusterRequest request;
  request.name = "orders";
  request.spec.description = "new";
  request.update_mask = {"description"};
  request.validate_only = true;
  const auto plan = world.clusters.ModifyCluster(request);
  EXPECT_EQ(plan->changes, Lines{"description: \"\" → \"new\""});
  EXPECT_EQ(plan->base_revision, 1U);
  request.validate_only = false;
  request.check_revision = static_cast<std::int64_t>(plan->base_revision);
  // A failover in between changes no definition.
  ASSERT_TRUE(world.clusters.TestFailover({.name = "orders", .shard = "", .request_id = ""}).ok());
  PlacedShard::EndOperation(world);
  ASSERT_TRUE(world.clusters.ModifyCluster(request).ok());
  request.spec.description = "by an old plan";
  const auto late = world.clusters.ModifyCluster(request);
  EXPECT_EQ(late.error().code, ErrorCode::kAborted);
  EXPECT_EQ(Now().spec.description, "new");
}

}  // namespace
}  // namespace cacheplane::service
