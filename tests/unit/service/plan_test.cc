// What validate_only says would be done.
#include "tests/unit/service/upgrade_fixture.h"

namespace cacheplane::service {
namespace {

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
  EXPECT_EQ(
      Steps(spec, {"engine_version"}),
      (std::vector<std::string>{"add a node orders-004", "renew the node orders-002", "renew the node orders-003",
                                "hand over orders-002", "renew the node orders-001", "remove the node orders-004"}));
  EXPECT_NE(answer->plan[3].cost.find("cannot be taken back"), std::string::npos);
  immediately = false;
  EXPECT_EQ(Steps(spec, {"engine_version"}).front(), "wait for the maintenance window ");
}

TEST_F(Plan, OfAnotherPortReplacesEveryNode) {
  ClusterDraft spec;
  spec.port = 6380;
  EXPECT_EQ(Steps(spec, {"port"}),
            (std::vector<std::string>{"add a node orders-004", "remove the node orders-002", "add a node orders-002",
                                      "remove the node orders-003", "add a node orders-003", "hand over orders-002",
                                      "remove the node orders-001", "change the port of the endpoints "}));
  immediately = false;
  const auto refused = Modify({"port"}, spec);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message,
            "spec.port: 6380 cannot wait for the maintenance window; allowed: apply_immediately true");
}

TEST_F(Plan, WithoutRoomNobodyIsAdded) {
  for (const model::Node& node : shard.nodes)
    AddHost(node.agent.str(), {{"valkey", "8.0.1"}, {"valkey", "8.1.1"}}, node.memory_bytes);
  ClusterDraft spec;
  spec.engine_version = "8.1";
  EXPECT_EQ(Steps(spec, {"engine_version"}),
            (std::vector<std::string>{"renew the node orders-002", "renew the node orders-003", "hand over orders-002",
                                      "renew the node orders-001"}));
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
  ASSERT_EQ(Steps(spec, {"engine_version"}).size(), 6U);
  EXPECT_NE(answer->plan[3].cost.find("about 2.5 ms"), std::string::npos) << answer->plan[3].cost;
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

TEST_F(Plan, OfWhatWaitsAlreadyIsShownAgain) {
  immediately = false;
  ASSERT_TRUE(To("8.1").ok());
  ClusterDraft spec;
  spec.engine_version = "8.1";
  const std::vector<std::string> steps = Steps(spec, {"engine_version"});
  EXPECT_EQ(steps,
            (std::vector<std::string>{"wait for the maintenance window ", "add a node orders-004",
                                      "renew the node orders-002", "renew the node orders-003", "hand over orders-002",
                                      "renew the node orders-001", "remove the node orders-004"}));
  EXPECT_TRUE(answer->changes.empty());
  EXPECT_EQ(answer->base_revision, 2U);
}

TEST_F(Plan, OfAnotherParameterGroupNamesTheParameters) {
  // The last one is of 8.1.
  Store({"carts",
         "valkey8",
         "",
         {{"timeout", "60"}, {"reserved-memory-percent", "30"}, {"commandlog-large-reply-max-len", "7"}}});
  ClusterDraft spec;
  spec.parameter_group = "carts";
  EXPECT_EQ(Steps(spec, {"parameter_group"}), std::vector<std::string>{"change parameters "});
  EXPECT_EQ(answer->plan.front().cost, "none for clients: reserved-memory-percent, timeout");
  immediately = false;
  EXPECT_EQ(Steps(spec, {"parameter_group"}),
            (std::vector<std::string>{"wait for the maintenance window ", "change parameters "}));
  immediately = true;
  spec.engine_version = "8.1";
  EXPECT_EQ(Steps(spec, {"parameter_group", "engine_version"}).front(), "add a node orders-004")
      << "nodes that are made anew start with all of them";
}

TEST_F(Plan, KnowsWhichParametersWaitForAReboot) {
  Store({"old", "redis6.x", "", {{"activerehashing", "no"}, {"timeout", "60"}}});
  model::ClusterSpec from;
  from.engine = "redis";
  from.engine_version = "6.0";
  from.parameter_group = "default.redis6.x";
  from.replicas_per_shard = 2;
  model::ClusterSpec to = from;
  to.parameter_group = "old";
  Intention intention{.cluster = "orders", .from = from, .to = to};
  world.store.Read(
      [&](ports::Transaction& tx) { intention.parameters = ParameterChangesOf(tx.parameter_groups(), from, to); });
  EXPECT_EQ(PlanOf(intention, shard.nodes),
            (std::vector<PlannedStep>{
                {"change parameters", "", "none for clients: timeout; once each node is rebooted: activerehashing"}}));
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
