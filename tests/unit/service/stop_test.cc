// StopCluster and StartCluster: what is stored, and what is refused.
#include "controlplane/service/fleet_service.h"
#include "tests/unit/service/upgrade_fixture.h"

namespace cacheplane::service {
namespace {

class Stop : public Upgrade {
 protected:
  model::Cluster Now() { return world.clusters.GetCluster("orders")->cluster; }
  void Refuses(const Result<ClusterAnswer>& answer, const std::string& fragment) {
    ASSERT_FALSE(answer.ok()) << fragment;
    EXPECT_EQ(answer.error().code, ErrorCode::kFailedPrecondition);
    EXPECT_NE(answer.error().message.find(fragment), std::string::npos) << answer.error().message;
  }
};

TEST_F(Stop, BeginsAnOperation) {
  const auto answer = world.clusters.StopCluster({.name = "Orders"});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->operation->kind, model::OperationKind::kStopCluster);
  EXPECT_EQ(Now().status, model::ClusterStatus::kModifying);
  EXPECT_EQ(Now().operation, answer->operation->id);
  EXPECT_EQ(world.Events().back(), "Stop of cluster orders requested");
  Refuses(world.clusters.StopCluster({.name = "orders"}), "has a stop-cluster under way");
  Refuses(world.clusters.StartCluster({.name = "orders"}), "is modifying; allowed: clusters that are stopped");
}

TEST_F(Stop, CheckedOnlyItChangesNothing) {
  ASSERT_TRUE(world.clusters.StopCluster({.name = "orders", .validate_only = true}).ok());
  EXPECT_EQ(Now().status, model::ClusterStatus::kAvailable);
}

TEST_F(Stop, AStoppedOneIsChangedOnlyWhereNoNodeIs) {
  world.SetStatus("orders", model::ClusterStatus::kStopped);
  for (const auto& answer : {To("8.1"), world.clusters.RebootCluster({.name = "orders"}),
                             world.clusters.SwitchoverCluster({"orders", "", "", "", ""})}) {
    Refuses(answer, "is stopped; allowed: once it is started");
  }
  Refuses(world.clusters.StopCluster({.name = "orders"}), "is stopped already");
  ClusterDraft spec;
  spec.description = "another";
  EXPECT_TRUE(Modify({"description"}, spec).ok());
  EXPECT_EQ(Now().status, model::ClusterStatus::kStopped);
}

TEST_F(Stop, AStoppedOneIsStartedOrDeleted) {
  world.SetStatus("orders", model::ClusterStatus::kStopped);
  ASSERT_TRUE(world.clusters.StartCluster({.name = "orders"}).ok());
  EXPECT_EQ(Now().status, model::ClusterStatus::kModifying);
  world.SetStatus("orders", model::ClusterStatus::kStopped);
  EXPECT_TRUE(world.clusters.DeleteCluster({"orders", "", ""}).ok());
}

TEST_F(Stop, OnlyWhatIsAvailableIsStopped) {
  world.SetStatus("orders", model::ClusterStatus::kImpaired);
  Refuses(world.clusters.StopCluster({.name = "orders"}), "allowed: clusters that are available");
}

TEST_F(Stop, NotWhatIsToLeaveItsHost) {
  FleetService fleet{world.store, world.facts, {world.signals, world.signals}, world.clock};
  for (const model::Node& node : shard.nodes) world.facts.facts.agents[node.agent].connected = true;
  ASSERT_TRUE(fleet.DrainAgent(shard.nodes.front().agent.str(), false).ok());
  Refuses(world.clusters.StopCluster({.name = "orders"}), "which is drained; allowed: once that has left it");
}

TEST_F(Stop, StaleEtagsAndUnknownNamesAreRefused) {
  EXPECT_EQ(world.clusters.StopCluster({.name = "orders", .etag = "g0-x"}).error().code, ErrorCode::kAborted);
  EXPECT_EQ(world.clusters.StartCluster({.name = "nobody"}).error().code, ErrorCode::kNotFound);
}

TEST_F(Stop, TheHostOfAStoppedOneIsNotDrained) {
  world.SetStatus("orders", model::ClusterStatus::kStopped);
  FleetService fleet{world.store, world.facts, {world.signals, world.signals}, world.clock};
  const auto refused = fleet.DrainAgent(shard.nodes.front().agent.str(), false);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("which is stopped"), std::string::npos) << refused.error().message;
}

}  // namespace
}  // namespace cacheplane::service
