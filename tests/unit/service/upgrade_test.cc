// ModifyCluster where nodes are to be made of something else: what is refused, and what is stored.
#include "controlplane/service/object_users.h"
#include "tests/unit/service/upgrade_fixture.h"

namespace cacheplane::service {
namespace {

TEST_F(Upgrade, IsModifyingBeforeTheCallReturnsAndRemembersTheWayBack) {
  const auto answer = To("8.1");
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->cluster->cluster.status, model::ClusterStatus::kModifying);
  EXPECT_EQ(answer->cluster->cluster.spec.engine_version, "8.1");
  EXPECT_EQ(answer->operation->status, model::OperationStatus::kRunning);
  const model::Build before{"valkey", "8.0", "cache.t4g.small", "default.valkey8"};
  EXPECT_EQ(answer->operation->before, before);
}

TEST_F(Upgrade, TheDefaultParameterGroupGoesWithTheVersion) {
  for (const model::Node& node : shard.nodes) AddHost(node.agent.str(), {{"valkey", "9.1.2"}});
  const auto answer = To("9.1");
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->cluster->cluster.spec.parameter_group, "default.valkey9");
}

TEST_F(Upgrade, WhatCannotFollowIsRefusedUpFront) {
  for (const model::Node& node : shard.nodes) {
    AddHost(node.agent.str(), {{"valkey", "8.0.1"}, {"redis", "8.0.2"}, {"valkey", "9.1.2"}});
  }
  Refused(To("8.0", "redis"), ErrorCode::kFailedPrecondition, "Redis cannot read what Valkey wrote");
  Refused(To("7.2"), ErrorCode::kInvalidArgument, "7.2");
  Refused(To("8.1"), ErrorCode::kInvalidArgument, "no image on any agent");
}

TEST_F(Upgrade, OneHostWithoutTheImageIsNamed) {
  AddHost("agent-2", {{"valkey", "8.0.1"}});
  Refused(To("8.1"), ErrorCode::kInvalidArgument, "has no image on agent-2, where orders-002 runs");
}

TEST_F(Upgrade, SizesNeedRoomOnEveryHostAndForTheData) {
  AddHost("agent-3", {{"valkey", "8.0.1"}}, 2 * kGibibyte);
  Refused(Resize("cache.t4g.medium"), ErrorCode::kInvalidArgument, "no room on agent-3, where orders-003 runs");
  Refused(Resize("cache.nano"), ErrorCode::kInvalidArgument, "cache.nano");
  world.facts.facts.agents[model::AgentName("agent-2")].nodes.Own().begin()->second.used_memory_bytes = kGibibyte;
  Refused(Resize("cache.t4g.micro"), ErrorCode::kInvalidArgument, "the data take 1.00 GiB");
  AddHost("agent-3", {{"valkey", "8.0.1"}});
  EXPECT_TRUE(Resize("cache.t4g.medium").ok());
}

TEST_F(Upgrade, WhatNeedsOtherNodesWaitsForTheWindow) {
  immediately = false;
  const auto answer = To("8.1");
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->operation->status, model::OperationStatus::kSucceeded);
  EXPECT_NE(answer->operation->progress.reason.find("waits for the maintenance window"), std::string::npos);
  const model::Cluster stored = answer->cluster->cluster;
  EXPECT_EQ(stored.status, model::ClusterStatus::kAvailable);
  EXPECT_EQ(stored.spec.engine_version, "8.0");
  EXPECT_EQ(stored.pending, (model::Build{"valkey", "8.1", "cache.t4g.small", "default.valkey8"}));
  Refused(To("7.0"), ErrorCode::kInvalidArgument, "7.0");
}

TEST_F(Upgrade, AnotherParameterGroupIsTakenAtOnceAndNobodyRestarts) {
  Store({"carts", "valkey8", "", {{"timeout", "60"}}});
  const auto answer = Group("Carts");
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->operation->status, model::OperationStatus::kSucceeded);
  EXPECT_EQ(answer->cluster->cluster.spec.parameter_group, "carts");
  EXPECT_EQ(answer->cluster->cluster.status, model::ClusterStatus::kAvailable);
  EXPECT_EQ(world.signals.reassigned, std::vector{answer->cluster->cluster.uid}) << "the agents are told";
  immediately = false;
  ASSERT_TRUE(Group("default.valkey8").ok());
  EXPECT_EQ(Pending(), (model::Build{"valkey", "8.0", "cache.t4g.small", "default.valkey8"}));
}

TEST_F(Upgrade, AParameterGroupIsOfTheVersionsFamilyAndLeavesRoomForTheData) {
  Store({"carts", "valkey9", "", {}});
  Refused(Group("carts"), ErrorCode::kInvalidArgument, R"("carts" is of family "valkey9", and valkey 8.0 takes)");
  Refused(Group("none"), ErrorCode::kNotFound, R"(spec.parameter_group: "none" does not exist)");
  Store({"tight", "valkey8", "", {{"reserved-memory-percent", "60"}}});
  world.facts.facts.agents[model::AgentName("agent-2")].nodes.Own().begin()->second.used_memory_bytes = kGibibyte;
  Refused(Group("tight"), ErrorCode::kInvalidArgument,
          "spec.parameter_group: \"tight\" leaves 0.55 GiB, and the data take 1.00 GiB");
}

TEST_F(Upgrade, AGroupWithAnotherNumberOfDatabasesIsNotTaken) {
  Store({"few", "valkey8", "", {{"databases", "4"}}});
  Refused(Group("few"), ErrorCode::kInvalidArgument,
          R"(spec.parameter_group: "few" has 4 databases, and the cluster has 16, which cannot change while it runs)");
  Store({"same", "valkey8", "", {{"databases", "16"}}});
  EXPECT_TRUE(Group("same").ok());
}

TEST_F(Upgrade, AcrossFamiliesTheGroupChangesInTheSameCall) {
  for (const model::Node& node : shard.nodes) AddHost(node.agent.str(), {{"valkey", "8.0.1"}, {"valkey", "9.1.2"}});
  Store({"eight", "valkey8", "", {}});
  Store({"nine", "valkey9", "", {}});
  ASSERT_TRUE(Group("eight").ok());
  EXPECT_NE(To("9.1").error().message.find(R"("eight" is of family "valkey8")"), std::string::npos);
  ClusterDraft spec;
  spec.engine_version = "9.1";
  spec.parameter_group = "nine";
  const auto answer = Modify({"engine_version", "parameter_group"}, spec);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->operation->before, (model::Build{"valkey", "8.0", "cache.t4g.small", "eight"}));
  world.store.Read([](ports::Transaction& tx) {
    EXPECT_FALSE(CheckParameterGroupUnused(tx, "eight").ok()) << "it may go back to that";
    EXPECT_FALSE(CheckParameterGroupUnused(tx, "nine").ok());
  });
}

TEST_F(Upgrade, WhatWaitsIsAddedToReplacedAndTakenBack) {
  immediately = false;
  ASSERT_TRUE(To("8.1").ok());
  ASSERT_TRUE(Resize("cache.t4g.medium").ok());
  EXPECT_EQ(Pending(), (model::Build{"valkey", "8.1", "cache.t4g.medium", "default.valkey8"}));
  ClusterDraft spec;
  spec.description = "in between";
  ASSERT_TRUE(Modify({"description"}, spec).ok());
  EXPECT_EQ(Pending(), (model::Build{"valkey", "8.1", "cache.t4g.medium", "default.valkey8"}));
  ASSERT_TRUE(To("8.0").ok());
  EXPECT_EQ(Pending(), (model::Build{"valkey", "8.0", "cache.t4g.medium", "default.valkey8"}));
  ASSERT_TRUE(Resize("cache.t4g.small").ok());
  EXPECT_EQ(Pending(), std::nullopt);
}

TEST_F(Upgrade, WhatWaitsAndCannotBeDoneAnyMoreSaysSo) {
  immediately = false;
  ASSERT_TRUE(To("8.1").ok());
  const std::vector<std::string> before = world.clusters.GetCluster("orders")->notices;
  AddHost("agent-2", {{"valkey", "8.0.1"}});
  const std::vector<std::string> notices = world.clusters.GetCluster("orders")->notices;
  ASSERT_EQ(notices.size(), before.size() + 1);
  EXPECT_EQ(notices.back().find("what waits for the maintenance window cannot be done: spec.engine_version: \"8.1\""),
            0U)
      << notices.back();
}

TEST_F(Upgrade, AtOnceMeansWhatWaitsAsWell) {
  immediately = false;
  ASSERT_TRUE(To("8.1").ok());
  immediately = true;
  ClusterDraft spec;
  spec.description = "now";
  const auto answer = Modify({"description"}, spec);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->cluster->cluster.status, model::ClusterStatus::kModifying);
  EXPECT_EQ(answer->cluster->cluster.spec.engine_version, "8.1");
  EXPECT_EQ(Pending(), std::nullopt);
  EXPECT_EQ(
      world.Events().back(),
      "Cluster orders modified: description; with what waited for the maintenance window: engine_version: 8.0 → 8.1");
}

TEST_F(Upgrade, WhatWaitedAndIsReplacedAtOnceIsNotToldToBeDone) {
  immediately = false;
  ASSERT_TRUE(To("8.1").ok());
  ASSERT_TRUE(Resize("cache.t4g.medium").ok());
  immediately = true;
  ASSERT_TRUE(Resize("cache.t4g.small").ok());
  EXPECT_EQ(
      world.Events().back(),
      "Cluster orders modified: node_type; with what waited for the maintenance window: engine_version: 8.0 → 8.1");
}

TEST_F(Upgrade, ReplicasDoNotWait) {
  immediately = false;
  ClusterDraft spec;
  spec.replicas_per_shard = 3;
  Refused(Modify({"replicas_per_shard"}, spec), ErrorCode::kInvalidArgument, "apply_immediately true");
}

TEST_F(Upgrade, RemovalsAreCheckedByName) {
  ClusterDraft spec;
  spec.replicas_per_shard = 1;
  const auto remove = [&](const std::vector<std::string>& names) {
    ModifyClusterRequest request;
    request.name = "orders";
    request.spec = spec;
    request.update_mask = {"replicas_per_shard"};
    request.apply_immediately = true;
    request.replicas_to_remove = names;
    return world.clusters.ModifyCluster(request);
  };
  Refused(remove({"orders-001"}), ErrorCode::kFailedPrecondition, "is the primary");
  Refused(remove({"orders-009"}), ErrorCode::kInvalidArgument, "\"orders-002\", \"orders-003\"");
  Refused(remove({"orders-002", "orders-003"}), ErrorCode::kInvalidArgument, "2 names");
  const auto answer = remove({"orders-002"});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->operation->removals, std::vector<std::string>{"orders-002"});
}

TEST_F(Upgrade, SettingsChangeAtAnyTime) {
  ASSERT_TRUE(To("8.1").ok());
  ClusterDraft spec;
  spec.description = "in the middle";
  const auto described = Modify({"description"}, spec);
  ASSERT_TRUE(described.ok()) << described.error().message;
  EXPECT_EQ(described->cluster->cluster.status, model::ClusterStatus::kModifying);
}

TEST_F(Upgrade, ValidateOnlyChangesNothing) {
  ModifyClusterRequest request;
  request.name = "orders";
  request.spec.engine_version = "8.1";
  request.update_mask = {"engine_version"};
  request.apply_immediately = request.validate_only = true;
  ASSERT_TRUE(world.clusters.ModifyCluster(request).ok());
  EXPECT_EQ(world.clusters.GetCluster("orders")->cluster.spec.engine_version, "8.0");
}

}  // namespace
}  // namespace cacheplane::service
