// RebootCluster and CancelOperation: what is refused, and what is stored.
#include "tests/unit/service/upgrade_fixture.h"

namespace cacheplane::service {
namespace {

class Reboot : public Upgrade {
 protected:
  Result<ClusterAnswer> Asks(const std::vector<std::string>& nodes) {
    return world.clusters.RebootCluster({.name = "Orders", .nodes = nodes});
  }
  void Stores(const model::Node& node) {
    World::Require(world.store.Write([&](ports::Transaction& tx) { return tx.plan().PutNode(node); }));
  }

  template <typename Answer>
  static void ExpectRefused(const Result<Answer>& answer, ErrorCode code, const std::string& message) {
    ASSERT_FALSE(answer.ok()) << message;
    EXPECT_EQ(answer.error().code, code);
    EXPECT_EQ(answer.error().message, message);
  }
};

TEST_F(Reboot, RemembersWhatEachProcessWas) {
  shard.nodes[1].renewal = 4;
  Stores(shard.nodes[1]);
  const auto answer = Asks({"ORDERS-002", "orders-003"});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->operation->kind, model::OperationKind::kRebootCluster);
  EXPECT_EQ(answer->cluster->cluster.status, model::ClusterStatus::kModifying);
  const std::map<model::Incarnation, std::uint64_t> asked{{shard.nodes[1].incarnation, 4},
                                                          {shard.nodes[2].incarnation, 0}};
  EXPECT_EQ(answer->operation->reboots, asked);
  EXPECT_EQ(world.Events().back(), "Reboot of cluster orders requested: orders-002, orders-003");
}

TEST_F(Reboot, NamesWhatIsAllowed) {
  ExpectRefused(Asks({"orders-009"}), ErrorCode::kNotFound,
                R"(nodes: orders has no node "orders-009"; allowed: "orders-001", "orders-002", "orders-003")");
  ExpectRefused(Asks({"orders-002", "Orders-002"}), ErrorCode::kInvalidArgument,
                R"(nodes: "Orders-002" is named twice; allowed: each once)");
  EXPECT_EQ(world.clusters.RebootCluster({.name = "carts"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(world.clusters.RebootCluster({.name = "orders", .etag = "old"}).error().code, ErrorCode::kAborted);
  EXPECT_EQ(world.clusters.GetCluster("orders")->cluster.status, model::ClusterStatus::kAvailable);
  ASSERT_TRUE(Asks({}).ok());
  EXPECT_EQ(Asks({}).error().code, ErrorCode::kFailedPrecondition) << "one at a time";
}

TEST_F(Reboot, IsNotDoneTwiceForOneRequestId) {
  const auto first = world.clusters.RebootCluster({.name = "orders", .request_id = "r1"});
  const auto second = world.clusters.RebootCluster({.name = "orders", .request_id = "r1"});
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(first->operation->id, second->operation->id);
  const auto other = world.clusters.RebootCluster({.name = "orders", .nodes = {"orders-002"}, .request_id = "r1"});
  EXPECT_EQ(other.error().code, ErrorCode::kInvalidArgument) << "the same id for something else";
}

TEST_F(Reboot, IsCancelledOnce) {
  const std::string id = Asks({})->operation->id.str();
  const int told = world.signals.clusters;
  const auto cancelled = world.operations.CancelOperation(id);
  ASSERT_TRUE(cancelled.ok()) << cancelled.error().message;
  EXPECT_TRUE(cancelled->cancelled);
  EXPECT_EQ(cancelled->status, model::OperationStatus::kRunning) << "it ends when what is under way has ended";
  EXPECT_GT(world.signals.clusters, told);
  EXPECT_EQ(*world.operations.CancelOperation(id), *cancelled);
}

TEST_F(Reboot, ThereIsNoWayBackOnceTheNewIsWrittenTo) {
  const std::string id = To("8.1")->operation->id.str();
  shard.nodes[0].image_version = "8.1.1";
  Stores(shard.nodes[0]);
  ExpectRefused(world.operations.CancelOperation(id), ErrorCode::kFailedPrecondition,
                "id: \"" + id +
                    "\" cannot be cancelled: writes go to orders-001, which is made of the new; allowed: before that");
  EXPECT_FALSE(world.operations.GetOperation(id)->cancelled);
}

TEST_F(Reboot, OnlyWhatCanBeTakenBackIsCancelled) {
  ExpectRefused(world.operations.CancelOperation("op-none"), ErrorCode::kNotFound,
                R"(id: there is no operation "op-none")");
  const std::string switchover = world.clusters.SwitchoverCluster({"orders", "", "", "", ""})->operation->id.str();
  ExpectRefused(world.operations.CancelOperation(switchover), ErrorCode::kFailedPrecondition,
                "id: \"" + switchover +
                    "\" is a switchover, which cannot be cancelled; allowed: operations of kind \"modify-cluster\", "
                    "\"reboot-cluster\", \"stop-cluster\" and \"update-nodes\"");
}

}  // namespace
}  // namespace cacheplane::service
