// The values of a parameter group on their way to agents.
#include "controlplane/reconcile/parameters.h"

#include <gtest/gtest.h>

#include "controlplane/service/parameter_group_service.h"
#include "tests/unit/reconcile/installation.h"
#include "tests/unit/service/ordered_trials.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;
using Values = std::map<std::string, std::string>;

class Parameters : public testing::Test {
 protected:
  Parameters() {
    service::World::Require(installation.world.store.Write([](ports::Transaction& tx) {
      return tx.parameter_groups().Insert({"carts", "valkey8", "", {{"timeout", "60"}}});
    }));
    service::CreateClusterRequest request = service::World::Request("orders");
    request.spec.replicas_per_shard = 1;
    request.spec.parameter_group = "carts";
    const auto created = installation.world.clusters.CreateCluster(request);
    EXPECT_TRUE(created.ok()) << created.error().message;
    installation.Pass(3s);
  }

  // Of both nodes.
  std::vector<Values> Sent() {
    std::vector<Values> sent;
    for (const char* agent : {"agent-a", "agent-b"}) {
      for (const auto& assignment : installation.AssignedTo(agent)) sent.push_back(assignment.parameters);
    }
    return sent;
  }

  Installation installation{{{"agent-a", "us-east-1a"}, {"agent-b", "us-east-1b"}}};
};

TEST_F(Parameters, OfTheGroupReachEveryNode) { EXPECT_EQ(Sent(), std::vector<Values>(2, {{"timeout", "60"}})); }

TEST_F(Parameters, ThatChangeAreSentAtOnce) {
  service::World& world = installation.world;
  service::OrderedTrials trials;
  service::ParameterGroupService groups(world.store, world.facts, trials, {world.signals, world.signals}, world.clock);
  bool changed = false;
  groups.ModifyParameterGroup({"carts", {{"maxmemory-policy", "noeviction"}}},
                              [&](const auto& group) { changed = group.ok(); });
  ASSERT_TRUE(changed);
  ASSERT_EQ(world.signals.reassigned.size(), 1U);
  installation.Reassigned(world.signals.reassigned.front());
  EXPECT_EQ(Sent(), std::vector<Values>(2, {{"maxmemory-policy", "noeviction"}, {"timeout", "60"}}));
}

TEST_F(Parameters, OfAnotherFamilyAreNotSent) {
  service::World::Require(installation.world.store.Write([](ports::Transaction& tx) {
    return tx.parameter_groups().Update({"carts", "valkey9", "", {{"timeout", "60"}}});
  }));
  installation.Pass(1s);
  EXPECT_EQ(Sent(), std::vector<Values>(2));
}

TEST_F(Parameters, OfAnotherGroupOfTheClusterAreSentAtOnce) {
  service::World& world = installation.world;
  service::World::Require(world.store.Write([](ports::Transaction& tx) {
    return tx.parameter_groups().Insert({"other", "valkey8", "", {{"timeout", "90"}}});
  }));
  service::ModifyClusterRequest request;
  request.name = "orders";
  request.spec.parameter_group = "other";
  request.update_mask = {"parameter_group"};
  request.apply_immediately = true;
  ASSERT_TRUE(world.clusters.ModifyCluster(request).ok());
  ASSERT_EQ(world.signals.reassigned.size(), 1U);
  installation.Reassigned(world.signals.reassigned.front());
  EXPECT_EQ(Sent(), std::vector<Values>(2, {{"timeout", "90"}}));
}

TEST_F(Parameters, StayWithANodeThatIsOfTheFormerFamilyYet) {
  installation.world.store.Read([](ports::Transaction& tx) {
    const std::vector<std::string> groups{"nine", "carts"};
    EXPECT_EQ(ParametersOf(tx, groups, "valkey8"), (Values{{"timeout", "60"}})) << "\"nine\" is not stored";
    EXPECT_EQ(ParametersOf(tx, {"default.valkey8", "carts"}, "valkey8"), Values{}) << "it has no values of its own";
    EXPECT_EQ(ParametersOf(tx, {"default.valkey9", "carts"}, "valkey8"), (Values{{"timeout", "60"}}));
    EXPECT_EQ(ParametersOf(tx, groups, "valkey9"), Values{});
  });
  service::World::Require(installation.world.store.Write([](ports::Transaction& tx) -> Status {
    CP_RETURN_IF_ERROR(tx.parameter_groups().Insert({"nine", "valkey9", "", {}}));
    model::Cluster cluster = *tx.clusters().Find("orders");
    model::Operation operation{.id = model::OperationId("op-up"),
                               .kind = model::OperationKind::kModifyCluster,
                               .cluster = cluster.uid,
                               .target = cluster.name,
                               .progress = {},
                               .created = {},
                               .ended = std::nullopt,
                               .before = model::BuildOf(cluster.spec)};
    tx.journal().PutOperation(operation);
    cluster.spec.parameter_group = "nine";
    cluster.operation = operation.id;
    return tx.clusters().Update(cluster);
  }));
  installation.Reassigned(installation.Find("orders")->uid);
  const std::int64_t memory = catalog::FindNodeType("cache.t4g.small")->memory_bytes;
  EXPECT_EQ(Sent(), std::vector<Values>(2, WithLongBacklog({{"timeout", "60"}}, "valkey8", memory)));
}

constexpr std::int64_t kNode = 1'000'000'000;

TEST(LongBacklog, TakesATenthOfTheMemoryFromWhatIsReserved) {
  const Values long_one = WithLongBacklog({{"timeout", "60"}}, "valkey8", kNode);
  EXPECT_EQ(long_one,
            (Values{{"repl-backlog-size", "110485760"}, {"reserved-memory-percent", "15"}, {"timeout", "60"}}));
  const std::int64_t for_data = *catalog::MaxMemory(kNode, long_one) - 100'000'000;
  EXPECT_EQ(for_data, *catalog::MaxMemory(kNode, {})) << "there is no less for data";
}

TEST(LongBacklog, KeepsWhatTheGroupSays) {
  const Values few =
      WithLongBacklog({{"repl-backlog-size", "1000000"}, {"reserved-memory-percent", "4"}}, "redis7", kNode);
  EXPECT_EQ(few, (Values{{"repl-backlog-size", "41000000"}, {"reserved-memory-percent", "0"}}));
  const Values bytes = WithLongBacklog({{"reserved-memory", "300000000"}}, "redis7", kNode);
  EXPECT_EQ(bytes, (Values{{"repl-backlog-size", "101048576"}, {"reserved-memory", "200000000"}}));
  for (const Values& none : {Values{{"reserved-memory-percent", "0"}}, Values{{"reserved-memory", "1"}}}) {
    EXPECT_EQ(WithLongBacklog(none, "valkey9", kNode), none);
  }
  EXPECT_EQ(WithLongBacklog({}, "redis6.x", kNode), Values{});
}

TEST_F(Parameters, HaveALongBacklogWhileNodesAreMadeAnew) {
  ASSERT_TRUE(installation.world.clusters.RebootCluster({.name = "orders", .request_id = "again"}).ok());
  installation.Reassigned(installation.Find("orders")->uid);
  ASSERT_EQ(Sent().size(), 2U);
  for (const Values& sent : Sent()) EXPECT_EQ(sent.count("repl-backlog-size"), 1U);
  service::World::Require(installation.world.store.Write([](ports::Transaction& tx) {
    model::Operation operation = *tx.journal().FindOperation(tx.clusters().Find("orders")->operation);
    operation.status = model::OperationStatus::kSucceeded;
    tx.journal().PutOperation(operation);
    return Status();
  }));
  installation.Reassigned(installation.Find("orders")->uid);
  EXPECT_EQ(Sent(), std::vector<Values>(2, {{"timeout", "60"}})) << "as before";
}

TEST_F(Parameters, OfTheGroupSayWhatIsForData) {
  const model::Build build{"valkey", "8.0", "cache.t4g.small", "carts"};
  const auto for_data = [&] {
    std::int64_t bytes = 0;
    installation.world.store.Read([&](ports::Transaction& tx) { bytes = DataBytesOf(tx, build); });
    return bytes;
  };
  const std::int64_t usual = for_data();
  EXPECT_GT(usual, 0);
  service::World::Require(installation.world.store.Write([](ports::Transaction& tx) {
    return tx.parameter_groups().Update({"carts", "valkey8", "", {{"reserved-memory-percent", "50"}}});
  }));
  EXPECT_EQ(for_data(), catalog::FindNodeType(build.node_type)->memory_bytes / 2);
  EXPECT_LT(for_data(), usual);
}

}  // namespace
}  // namespace cacheplane::reconcile
