#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/reconcile/installation.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

class Replacement : public testing::Test {
 protected:
  void SetUp() override {
    service::CreateClusterRequest request = service::World::Request("orders");
    request.spec.replicas_per_shard = 2;
    request.spec.multi_az = true;
    ASSERT_TRUE(world_.clusters.CreateCluster(request).ok());
    installation_.Pass(2s);
    ASSERT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable)
        << installation_.Find("orders")->status_reason;
    lost_ = installation_.NodesOf("orders").at(2);
    ASSERT_EQ(lost_.agent.str(), "agent-c");
  }

  bool Said(const std::string& message) {
    const std::vector<std::string> events = world_.Events();
    return std::find(events.begin(), events.end(), message) != events.end();
  }

  Installation installation_{
      {{"agent-a", "us-east-1a"}, {"agent-b", "us-east-1b"}, {"agent-c", "us-east-1c"}, {"agent-d", "us-east-1c"}}};
  service::World& world_ = installation_.world;
  model::Node lost_;
};

TEST_F(Replacement, OfALostHostsNodeIsFinishedWithoutIt) {
  installation_.Loses("agent-c");
  installation_.Pass(29s);
  EXPECT_EQ(installation_.NodesOf("orders").at(2), lost_);
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kImpaired);
  installation_.assumed.clear();
  installation_.Pass(5s);
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable)
      << installation_.Find("orders")->status_reason;
  const std::vector<model::Node> nodes = installation_.NodesOf("orders");
  ASSERT_EQ(nodes.size(), 3U);
  EXPECT_EQ(nodes[2].name, lost_.name);
  EXPECT_EQ(nodes[2].agent.str(), "agent-d");
  EXPECT_NE(nodes[2].incarnation, lost_.incarnation);
  EXPECT_NE(nodes[2].address, lost_.address);
  EXPECT_EQ(installation_.assumed, std::vector{nodes[0].incarnation}) << "its lease counts from the attach";
  EXPECT_EQ(installation_.kept, (std::set{nodes[0].incarnation, nodes[1].incarnation, nodes[2].incarnation}))
      << "leases of others may be forgotten";
  EXPECT_TRUE(
      Said("Recovering cache nodes orders-003: replaced on agent-d in us-east-1c, because agent-c has not been heard "
           "for 30 s"));
  EXPECT_TRUE(Said("Finished recovery for cache nodes orders-003"));
}

TEST_F(Replacement, OfAPrimaryThatWasFailedOverIsAReplicaElsewhere) {
  installation_.Loses("agent-a");
  installation_.Pass(3s);
  EXPECT_EQ(installation_.NodesOf("orders").at(1).role, model::Role::kPrimary);
  installation_.Pass(32s);
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable)
      << installation_.Find("orders")->status_reason;
  const model::Node former = installation_.NodesOf("orders").at(0);
  EXPECT_EQ(former.name.str(), "orders-001");
  EXPECT_EQ(former.role, model::Role::kReplica);
  EXPECT_EQ(former.agent.str(), "agent-d") << "alone on its host, though its zone has no other";
  ASSERT_EQ(installation_.AssignedTo("agent-a").size(), 1U);
  EXPECT_EQ(installation_.AssignedTo("agent-a")[0].intent, model::Intent::kErase);
}

TEST_F(Replacement, LeavesTheOthersFollowing) {
  installation_.Loses("agent-c");
  for (int second = 0; second < 35; ++second) {
    installation_.Pass(1s);
    const model::Assignment sibling = installation_.AssignedTo("agent-b").at(0);
    EXPECT_EQ(sibling.primary, installation_.AssignedTo("agent-a").at(0).address);
  }
}

TEST_F(Replacement, IsErasedOnItsHostOnceThatIsBack) {
  installation_.Loses("agent-c");
  installation_.Pass(35s);
  ASSERT_EQ(installation_.AssignedTo("agent-c").size(), 1U);
  EXPECT_EQ(installation_.AssignedTo("agent-c")[0].incarnation, lost_.incarnation);
  EXPECT_EQ(installation_.AssignedTo("agent-c")[0].intent, model::Intent::kErase);
  installation_.Returns("agent-c");
  installation_.Pass(1s);
  EXPECT_TRUE(installation_.AssignedTo("agent-c").empty());
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable);
}

TEST_F(Replacement, IsNotNeededForDeletion) {
  installation_.Loses("agent-c");
  installation_.Pass(1s);
  ASSERT_TRUE(world_.clusters.DeleteCluster({"orders", "", "", false}).ok());
  installation_.Pass(20s);
  EXPECT_TRUE(installation_.Find("orders").has_value());
  installation_.Pass(15s);
  EXPECT_FALSE(installation_.Find("orders").has_value());
  ASSERT_EQ(installation_.AssignedTo("agent-c").size(), 1U);
  EXPECT_EQ(installation_.AssignedTo("agent-c")[0].intent, model::Intent::kErase);
  installation_.Returns("agent-c");
  installation_.Pass(1s);
  EXPECT_TRUE(installation_.AssignedTo("agent-c").empty());
}

TEST_F(Replacement, IsOfNothingWhenTheControlPlaneWasCutOff) {
  for (const char* agent : {"agent-a", "agent-b", "agent-c", "agent-d"}) installation_.Loses(agent);
  installation_.Pass(60s);
  for (const char* agent : {"agent-a", "agent-b", "agent-d"}) installation_.Returns(agent);
  installation_.Pass(20s);
  EXPECT_EQ(installation_.NodesOf("orders").at(2), lost_) << "it may be the last to get through";
  installation_.Returns("agent-c");
  installation_.Pass(20s);
  EXPECT_EQ(installation_.NodesOf("orders").at(2), lost_);
}

}  // namespace
}  // namespace cacheplane::reconcile
