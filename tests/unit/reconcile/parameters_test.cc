// The values of a parameter group on their way to agents.
#include "controlplane/reconcile/parameters.h"

#include <gtest/gtest.h>

#include "controlplane/service/parameter_group_service.h"
#include "tests/unit/reconcile/installation.h"

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
  service::ParameterGroupService groups(world.store, world.signals, world.signals, world.clock);
  ASSERT_TRUE(groups.ModifyParameterGroup({"carts", {{"maxmemory-policy", "noeviction"}}}).ok());
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
