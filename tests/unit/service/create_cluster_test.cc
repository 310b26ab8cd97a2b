#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "tests/unit/service/world.h"

namespace cacheplane::service {
namespace {

TEST(CreateCluster, StoresDefinitionOperationAndEventBeforeItAnswers) {
  World world;
  CreateClusterRequest request = World::Request("Orders");
  request.spec.replicas_per_shard = 2;
  const Result<ClusterAnswer> answer = world.clusters.CreateCluster(request);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  const model::Cluster& cluster = answer->cluster->cluster;
  EXPECT_EQ(cluster.name, "orders");
  EXPECT_EQ(cluster.status, model::ClusterStatus::kCreating);
  EXPECT_EQ(cluster.operation, answer->operation->id);
  EXPECT_EQ(cluster.created, world.clock.Now());
  EXPECT_EQ(answer->cluster->etag, "g1-" + cluster.uid.str());
  EXPECT_EQ(world.clusters.GetCluster("ORDERS")->cluster, cluster);
  EXPECT_EQ(world.Events(), std::vector<std::string>{"Creation of cluster orders requested"});
  EXPECT_EQ(world.signals.clusters, 1);
  EXPECT_EQ(world.signals.journal, 1);
}

TEST(CreateCluster, ItsOperationRunsFromTheFirstStep) {
  World world;
  const model::Operation operation = *world.clusters.CreateCluster(World::Request("orders"))->operation;
  EXPECT_EQ(operation.kind, model::OperationKind::kCreateCluster);
  EXPECT_EQ(operation.target, "orders");
  EXPECT_EQ(operation.status, model::OperationStatus::kRunning);
  ASSERT_EQ(operation.progress.steps.size(), 1U);
  EXPECT_EQ(operation.progress.steps[0], (model::OperationStep{"place nodes", model::StepStatus::kPending, ""}));
  EXPECT_FALSE(operation.ended);
}

TEST(CreateCluster, IsShownWithItsOperationWhileThatIsUnderWay) {
  World world;
  const ClusterAnswer answer = *world.clusters.CreateCluster(World::Request("orders"));
  EXPECT_EQ(answer.cluster->operation, answer.operation);
  EXPECT_EQ(world.clusters.GetCluster("orders")->operation, answer.operation);
  World::Require(world.store.Write([&](ports::Transaction& transaction) -> Status {
    model::Operation ended = *answer.operation;
    ended.status = model::OperationStatus::kSucceeded;
    ended.ended = world.clock.Now();
    ended.revision += 1;
    transaction.journal().PutOperation(ended);
    return {};
  }));
  EXPECT_FALSE(world.clusters.GetCluster("orders")->operation);
}

CreateClusterRequest Alone(const std::string& name) {
  CreateClusterRequest request = World::Request(name);
  request.form = "cache-cluster";
  return request;
}

TEST(CreateCluster, ACacheClusterIsOneNodeOnItsOwn) {
  World world;
  const ClusterAnswer answer = *world.clusters.CreateCluster(Alone("alone"));
  EXPECT_EQ(answer.cluster->cluster.form, model::ClusterForm::kCacheCluster);
  EXPECT_EQ(world.clusters.CreateCluster(World::Request("orders"))->cluster->cluster.form,
            model::ClusterForm::kReplicationGroup);
  CreateClusterRequest with_replica = Alone("other");
  with_replica.spec.replicas_per_shard = 1;
  EXPECT_EQ(world.clusters.CreateCluster(with_replica).error().message,
            "spec.replicas_per_shard: 1 for a cache cluster, which is one node on its own; allowed: 0, or a "
            "replication group");
  CreateClusterRequest unknown = World::Request("other");
  unknown.form = "sheaf";
  EXPECT_EQ(world.clusters.CreateCluster(unknown).error().message,
            "form: \"sheaf\" is unknown; allowed: \"replication-group\", \"cache-cluster\"");
}

TEST(CreateCluster, ACacheClusterIsNeverCalledLikeAMemberOfAGroup) {
  World world;
  ASSERT_TRUE(world.clusters.CreateCluster(World::Request("orders")).ok());
  for (const char* name : {"orders-001", "orders-999"}) {
    EXPECT_EQ(world.clusters.CreateCluster(Alone(name)).error().code, ErrorCode::kAlreadyExists) << name;
  }
  for (const char* name : {"orders-1", "orders-0001", "orders-00a", "cart-001"}) {
    EXPECT_TRUE(world.clusters.CreateCluster(Alone(name)).ok()) << name;
  }
  EXPECT_TRUE(world.clusters.CreateCluster(World::Request("orders-002")).ok()) << "its members are orders-002-001, …";
  const auto group = world.clusters.CreateCluster(World::Request("cart"));
  ASSERT_FALSE(group.ok());
  EXPECT_EQ(group.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(group.error().message,
            "name: \"cart\" would have members that are called like cache cluster \"cart-001\"; allowed: any other "
            "name");
  EXPECT_TRUE(world.clusters.CreateCluster(Alone("cart")).ok()) << "it has no members";
}

TEST(CreateCluster, AllNamesOfMembersAreLookedAt) {
  World world;
  for (int i = 0; i < 120; ++i) {
    ASSERT_TRUE(world.clusters.CreateCluster(Alone(fmt::format("cart-{:03}x", i))).ok());
  }
  ASSERT_TRUE(world.clusters.CreateCluster(Alone("cart-500")).ok());
  EXPECT_EQ(world.clusters.CreateCluster(World::Request("cart")).error().code, ErrorCode::kAlreadyExists);
}

TEST(CreateCluster, ATakenNameIsRefusedWhateverItsCase) {
  World world;
  ASSERT_TRUE(world.clusters.CreateCluster(World::Request("orders")).ok());
  const auto second = world.clusters.CreateCluster(World::Request("ORDERS"));
  EXPECT_EQ(second.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(world.Events().size(), 1U);
  EXPECT_EQ(world.signals.clusters, 1);
}

TEST(CreateCluster, TheNameIsFreeOnceTheRowIsGone) {
  World world;
  ASSERT_TRUE(world.clusters.CreateCluster(World::Request("orders")).ok());
  ASSERT_TRUE(world.clusters.DeleteCluster({.name = "orders", .etag = "", .request_id = ""}).ok());
  EXPECT_EQ(world.clusters.CreateCluster(World::Request("orders")).error().code, ErrorCode::kAlreadyExists);
  world.RemoveRow("orders");
  EXPECT_TRUE(world.clusters.CreateCluster(World::Request("orders")).ok());
}

TEST(CreateCluster, ARefusedOneLeavesNothing) {
  World world;
  CreateClusterRequest request = World::Request("orders");
  request.request_id = "r1";
  request.spec.port = 80;
  EXPECT_EQ(world.clusters.CreateCluster(request).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(world.clusters.GetCluster("orders").error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(world.Events().empty());
  request.spec.port = 8080;  // the id was not used up
  EXPECT_TRUE(world.clusters.CreateCluster(request).ok());
}

TEST(CreateCluster, TheQuotaCountsEveryClustersNodes) {
  World world;
  for (int i = 0; i < 50; ++i) {
    CreateClusterRequest request = World::Request("c" + std::to_string(i));
    request.spec.replicas_per_shard = 5;
    ASSERT_TRUE(world.clusters.CreateCluster(request).ok());
  }
  EXPECT_EQ(world.clusters.CreateCluster(World::Request("more")).error().code, ErrorCode::kResourceExhausted);
}

TEST(CreateCluster, ValidateOnlyShowsWithoutEffect) {
  World world;
  CreateClusterRequest request = World::Request("orders");
  request.validate_only = true;
  const auto answer = world.clusters.CreateCluster(request);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->cluster->cluster.spec.engine, "valkey");
  EXPECT_EQ(answer->cluster->cluster.status, model::ClusterStatus::kCreating);
  EXPECT_TRUE(answer->cluster->cluster.uid.empty());
  EXPECT_EQ(answer->cluster->etag, "");
  EXPECT_FALSE(answer->operation);
  EXPECT_EQ(world.clusters.GetCluster("orders").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(world.signals.clusters, 0);
  request.spec.node_type = "";
  EXPECT_EQ(world.clusters.CreateCluster(request).error().code, ErrorCode::kInvalidArgument);
}

TEST(RequestId, ARepeatedCallAnswersTheFirstOne) {
  World world;
  CreateClusterRequest request = World::Request("orders");
  request.request_id = "r1";
  const auto first = world.clusters.CreateCluster(request);
  world.clock.Advance(std::chrono::hours(23));
  world.SetStatus("orders", model::ClusterStatus::kAvailable);
  const auto again = world.clusters.CreateCluster(request);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again->operation, first->operation);
  EXPECT_EQ(again->cluster->cluster.uid, first->cluster->cluster.uid);
  EXPECT_EQ(again->cluster->cluster.status, model::ClusterStatus::kAvailable);  // as it is now
  EXPECT_EQ(world.Events().size(), 1U);
  EXPECT_EQ(world.signals.clusters, 1);
}

TEST(RequestId, AnotherBodyOrMethodIsRefused) {
  World world;
  CreateClusterRequest request = World::Request("orders");
  request.request_id = "r1";
  ASSERT_TRUE(world.clusters.CreateCluster(request).ok());
  request.spec.port = 7000;
  const auto other = world.clusters.CreateCluster(request);
  EXPECT_EQ(other.error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(other.error().message.starts_with("request_id: \"r1\" was used by another request"))
      << other.error().message;
  const auto remove = world.clusters.DeleteCluster({.name = "orders", .etag = "", .request_id = "r1"});
  EXPECT_EQ(remove.error().code, ErrorCode::kInvalidArgument);
}

TEST(RequestId, IsForgottenAfterADay) {
  World world;
  CreateClusterRequest request = World::Request("orders");
  request.request_id = "r1";
  ASSERT_TRUE(world.clusters.CreateCluster(request).ok());
  world.clock.Advance(std::chrono::hours(24));
  EXPECT_EQ(world.clusters.CreateCluster(request).error().code, ErrorCode::kAlreadyExists);
  request.name = "others";
  EXPECT_TRUE(world.clusters.CreateCluster(request).ok());
}

TEST(RequestId, ARepeatedDeleteStillAnswersWhenTheClusterIsGone) {
  World world;
  ASSERT_TRUE(world.clusters.CreateCluster(World::Request("orders")).ok());
  const DeleteClusterRequest request{.name = "orders", .etag = "", .request_id = "r2"};
  const auto first = world.clusters.DeleteCluster(request);
  ASSERT_TRUE(first.ok());
  world.RemoveRow("orders");
  ASSERT_TRUE(world.clusters.CreateCluster(World::Request("orders")).ok());  // another one of that name
  const auto again = world.clusters.DeleteCluster(request);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->operation->id, first->operation->id);
  EXPECT_FALSE(again->cluster);
  EXPECT_EQ(world.clusters.GetCluster("orders")->cluster.status, model::ClusterStatus::kCreating);
}

TEST(RequestId, IsLimited) {
  World world;
  CreateClusterRequest request = World::Request("orders");
  request.request_id = std::string(129, 'x');
  EXPECT_EQ(world.clusters.CreateCluster(request).error().code, ErrorCode::kInvalidArgument);
  request.request_id = "a\n";
  EXPECT_EQ(world.clusters.CreateCluster(request).error().code, ErrorCode::kInvalidArgument);
}

TEST(RequestId, ConcurrentCallsMakeOneCluster) {
  World world;
  CreateClusterRequest request = World::Request("orders");
  request.request_id = "r1";
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::set<std::string> operations;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      const auto answer = world.clusters.CreateCluster(request);
      const std::lock_guard lock(mutex);
      operations.insert(answer.ok() ? answer->operation->id.str() : answer.error().message);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(operations.size(), 1U) << *operations.rbegin();
  EXPECT_EQ(world.Events().size(), 1U);
}

TEST(CreateCluster, ConcurrentCallsWithoutIdMakeOneClusterToo) {
  World world;
  std::atomic<int> created = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] { created += world.clusters.CreateCluster(World::Request("orders")).ok() ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(created, 1);
}

}  // namespace
}  // namespace cacheplane::service
