// A control plane that was held up itself: frozen, swapped out, or suspended with its host.
#include <gtest/gtest.h>

#include "tests/unit/reconcile/installation.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

TEST(HeldUp, DoesNotTakeItsOwnPauseForTheSilenceOfAgents) {
  Installation installation({{"agent-a", "us-east-1a"}, {"agent-b", "us-east-1b"}});
  service::CreateClusterRequest request = service::World::Request("orders");
  request.spec.replicas_per_shard = 1;
  ASSERT_TRUE(installation.world.clusters.CreateCluster(request).ok());
  installation.Pass(2s);
  ASSERT_EQ(installation.Find("orders")->status, model::ClusterStatus::kAvailable);
  const std::vector<model::Node> before = installation.NodesOf("orders");
  installation.HeldUp(6s);
  EXPECT_EQ(installation.Find("orders")->status, model::ClusterStatus::kAvailable)
      << installation.Find("orders")->status_reason;
  installation.Pass(2s);
  EXPECT_EQ(installation.NodesOf("orders"), before);
  EXPECT_EQ(installation.ShardOf("orders").epoch, model::Epoch{1});
}

// What it tells then may be no news.
TEST(Silence, OfAnAgentAndItsEndAreBothLookedAt) {
  Installation installation({{"agent-a", "us-east-1a"}, {"agent-b", "us-east-1b"}, {"agent-c", "us-east-1c"}});
  installation.Creates(1);
  EXPECT_EQ(installation.LookedAtForSilence(), 0U);
  installation.world.facts.silent = {model::AgentName("agent-b")};
  EXPECT_EQ(installation.LookedAtForSilence(), 1U);
  EXPECT_EQ(installation.LookedAtForSilence(), 0U);
  installation.world.facts.silent.clear();
  EXPECT_EQ(installation.LookedAtForSilence(), 1U);
  EXPECT_EQ(installation.LookedAtForSilence(), 0U);
}

}  // namespace
}  // namespace cacheplane::reconcile
