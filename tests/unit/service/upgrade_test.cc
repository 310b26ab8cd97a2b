// ModifyCluster where nodes are to be made of something else: what is refused, and what is stored.
#include <gtest/gtest.h>

#include "cache-engine/catalog/catalog.h"
#include "tests/unit/service/placed_shard.h"

namespace cacheplane::service {
namespace {

class Upgrade : public testing::Test {
 protected:
  Upgrade() {
    CreateClusterRequest request = World::Request("orders");
    request.spec.replicas_per_shard = 2;
    request.spec.engine_version = "8.0";
    World::Require(world.clusters.CreateCluster(request).ok() ? Status() : Internal("not created"));
    for (model::Node& node : shard.nodes) {
      node.memory_bytes = catalog::FindNodeType("cache.t4g.small")->memory_bytes;
      AddHost(node.agent.str(), {{"valkey", "8.0.1"}, {"valkey", "8.1.1"}});
    }
    shard.Establish(world);
    world.facts.facts = shard.facts;
  }

  void AddHost(const std::string& agent, std::vector<model::Image> images, std::int64_t memory = 8 * kGibibyte) {
    world.AddHost(HostOf(agent, "us-east-1a", memory, std::move(images)));
  }

  Result<ClusterAnswer> Modify(const std::vector<std::string>& mask, const ClusterDraft& spec) {
    ModifyClusterRequest request;
    request.name = "orders";
    request.spec = spec;
    request.update_mask = mask;
    request.apply_immediately = immediately;
    return world.clusters.ModifyCluster(request);
  }
  Result<ClusterAnswer> To(const std::string& version, const std::string& engine = "valkey") {
    ClusterDraft spec;
    spec.engine = engine;
    spec.engine_version = version;
    return Modify({"engine", "engine_version"}, spec);
  }
  Result<ClusterAnswer> Resize(const std::string& type) {
    ClusterDraft spec;
    spec.node_type = type;
    return Modify({"node_type"}, spec);
  }

  std::optional<model::Build> Pending() { return world.clusters.GetCluster("orders")->cluster.pending; }

  // Refused with this, and nothing has changed.
  void Refused(const Result<ClusterAnswer>& answer, ErrorCode code, const std::string& fragment) {
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, code) << answer.error().message;
    EXPECT_NE(answer.error().message.find(fragment), std::string::npos) << answer.error().message;
    const model::Cluster now = world.clusters.GetCluster("orders")->cluster;
    EXPECT_EQ(now.spec.engine_version, "8.0");
    EXPECT_EQ(now.spec.node_type, "cache.t4g.small");
    EXPECT_EQ(now.status, model::ClusterStatus::kAvailable);
  }

  World world;
  PlacedShard shard{world.clock.Mono()};
  bool immediately = true;
};

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
  world.facts.facts.agents[model::AgentName("agent-2")].nodes.begin()->second.used_memory_bytes = kGibibyte;
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

TEST_F(Upgrade, OneAtATimeAndSettingsAtAnyTime) {
  ASSERT_TRUE(To("8.1").ok());
  const auto second = Resize("cache.t4g.medium");
  EXPECT_EQ(second.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_NE(second.error().message.find("modify-cluster under way"), std::string::npos) << second.error().message;
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

class Plan : public Upgrade {
 protected:
  // "action node" of each step.
  std::vector<std::string> Steps(const ClusterDraft& spec, const std::vector<std::string>& mask) {
    ModifyClusterRequest request;
    request.name = "orders";
    request.spec = spec;
    request.update_mask = mask;
    request.apply_immediately = immediately;
    request.validate_only = true;
    answer = world.clusters.ModifyCluster(request);
    std::vector<std::string> steps;
    for (const PlannedStep& step : answer->plan) steps.push_back(step.action + " " + step.node);
    return steps;
  }
  Result<ClusterAnswer> answer = ClusterAnswer{};
};

TEST_F(Plan, OfAnUpgradeIsReplicasThenHandoverThenPrimary) {
  ClusterDraft spec;
  spec.engine_version = "8.1";
  EXPECT_EQ(Steps(spec, {"engine_version"}),
            (std::vector<std::string>{"renew the node orders-002", "renew the node orders-003", "hand over orders-002",
                                      "renew the node orders-001"}));
  EXPECT_NE(answer->plan[2].cost.find("cannot be taken back"), std::string::npos);
  immediately = false;
  EXPECT_EQ(Steps(spec, {"engine_version"}).front(), "wait for the maintenance window ");
}

TEST_F(Plan, KnowsHowLongWritesWaitHere) {
  World::Require(world.store.Write([](ports::Transaction& transaction) -> Status {
    for (const int pause : {900, 2500, 70'000}) {
      model::Operation operation;
      operation.id = model::OperationId("past-" + std::to_string(pause));
      operation.write_pause_us = pause;
      transaction.journal().PutOperation(operation);
    }
    return {};
  }));
  ClusterDraft spec;
  spec.engine_version = "8.1";
  ASSERT_EQ(Steps(spec, {"engine_version"}).size(), 4U);
  EXPECT_NE(answer->plan[2].cost.find("about 2.5 ms"), std::string::npos) << answer->plan[2].cost;
}

TEST_F(Plan, OfAnotherCountNamesWhoComesAndWhoGoes) {
  ClusterDraft spec;
  spec.replicas_per_shard = 4;
  EXPECT_EQ(Steps(spec, {"replicas_per_shard"}),
            (std::vector<std::string>{"add a node orders-004", "add a node orders-005"}));
  spec.replicas_per_shard = 1;
  EXPECT_EQ(Steps(spec, {"replicas_per_shard"}), std::vector<std::string>{"remove the node orders-003"});
  spec.description = "another";
  EXPECT_TRUE(Steps(spec, {"description"}).empty());
}

TEST(CheckUpgrade, EveryPairOfVersions) {
  const auto allowed = [](const char* engine, const char* from, const char* to_engine, const char* to) {
    const auto* now = catalog::FindEngineVersion(engine, from);
    const auto* wanted = catalog::FindEngineVersion(to_engine, to);
    return now != nullptr && wanted != nullptr && catalog::CheckUpgrade(*now, *wanted).ok();
  };
  EXPECT_TRUE(allowed("valkey", "8.0", "valkey", "8.0"));
  EXPECT_TRUE(allowed("valkey", "8.0", "valkey", "9.1"));
  EXPECT_FALSE(allowed("valkey", "9.1", "valkey", "8.1"));
  EXPECT_TRUE(allowed("redis", "6.0", "redis", "8.0"));
  EXPECT_FALSE(allowed("redis", "7.0", "redis", "6.0"));
  for (const char* valkey : {"8.0", "8.1", "9.1"}) {
    EXPECT_TRUE(allowed("redis", "6.0", "valkey", valkey));
    EXPECT_TRUE(allowed("redis", "7.0", "valkey", valkey));
    EXPECT_FALSE(allowed("redis", "8.0", "valkey", valkey));
    EXPECT_FALSE(allowed("valkey", valkey, "redis", "8.0"));
  }
}

}  // namespace
}  // namespace cacheplane::service
