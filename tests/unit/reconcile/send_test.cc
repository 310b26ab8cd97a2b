#include <gtest/gtest.h>

#include "tests/unit/reconcile/installation.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

TEST(Sending, ManyClustersThatChangeTogetherShareMessages) {
  constexpr int kClusters = 20;
  Installation installation({{"agent-a", "us-east-1a"}, {"agent-b", "us-east-1b"}});
  for (int number = 0; number < kClusters; ++number) {
    service::CreateClusterRequest request = service::World::Request("orders-" + std::to_string(number));
    request.spec.replicas_per_shard = 1;
    ASSERT_TRUE(installation.world.clusters.CreateCluster(request).ok());
  }
  installation.Pass(3s);
  for (int number = 0; number < kClusters; ++number) {
    const auto cluster = installation.Find("orders-" + std::to_string(number));
    EXPECT_EQ(cluster->status, model::ClusterStatus::kAvailable) << cluster->status_reason;
  }
  // Two for every look at everything, of which there are twelve a second; apart from each other, each step of each
  // cluster would be two more.
  EXPECT_LT(installation.sent, 2 * 12 * 3 + 2 * kClusters);
}

}  // namespace
}  // namespace cacheplane::reconcile
