// DrillService as clients see it.
#include "cacheplane/v1/drill.grpc.pb.h"
#include "tests/unit/api/served.h"

namespace cacheplane::api {
namespace {

class Drills : public Served {
 protected:
  Drills() {
    service::CreateClusterRequest request = service::World::Request("orders");
    request.spec.tags = {{"cacheplane:drills", "allowed"}};
    const auto created = clusters.CreateCluster(request);
    service::World::Require(created.ok() ? Status() : Status(created.error()));
    world.AddHost(service::HostOf("a1", "us-east-1a", service::kGibibyte, {}));
    world.facts.facts.agents[model::AgentName("a1")].connected = true;
    service::World::Require(world.store.Write([&](ports::Transaction& transaction) -> Status {
      model::Node node;
      node.cluster = transaction.clusters().Find("orders")->uid;
      node.incarnation = model::Incarnation("in-1");
      node.name = model::NodeName("orders-001");
      node.agent = model::AgentName("a1");
      node.subnet = "subnet-us-east-1a";
      node.role = model::Role::kPrimary;
      node.address = {"127.20.0.5", 6379};
      transaction.plan().PutShard({node.cluster, 1, model::Epoch{1}, model::Epoch{1}});
      return transaction.plan().PutNode(node);
    }));
    world.SetStatus("orders", model::ClusterStatus::kAvailable);
  }

  grpc::Status Start(v1::StartDrillRequest request, v1::StartDrillResponse* response) {
    request.set_kind("cut-host");
    request.set_cluster("orders");
    return v1::DrillService::NewStub(channel)->StartDrill(Context().get(), request, response);
  }
};

TEST_F(Drills, AnAnswerTellsWhoIsHit) {
  v1::StartDrillRequest request;
  request.mutable_duration()->set_seconds(1);
  request.mutable_duration()->set_nanos(500'000'000);
  v1::StartDrillResponse response;
  const grpc::Status status = Start(request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.drill().kind(), "cut-host");
  EXPECT_EQ(response.drill().agents(0), "a1");
  EXPECT_EQ(response.drill().nodes(0), "orders-001");
  EXPECT_EQ(response.drill().clusters(0), "orders");
  EXPECT_EQ(response.drill().duration().seconds(), 1);
  EXPECT_EQ(response.drill().duration().nanos(), 500'000'000);
  ASSERT_EQ(faults.ordered.size(), 1U);
  EXPECT_EQ(faults.ordered[0].second, (ports::Fault{ports::CutHost{}, std::chrono::milliseconds(1500)}));
}

TEST_F(Drills, DurationsThatAreNoneAreRefused) {
  for (const auto& [seconds, nanos] : std::vector<std::pair<std::int64_t, int>>{
           {0, 0}, {-1, 0}, {0, -5}, {0, 999'999}, {61, 0}, {std::numeric_limits<std::int64_t>::max(), 0}}) {
    v1::StartDrillRequest request;
    request.mutable_duration()->set_seconds(seconds);
    request.mutable_duration()->set_nanos(nanos);
    v1::StartDrillResponse response;
    const grpc::Status status = Start(request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << seconds;
    EXPECT_NE(status.error_message().find("allowed: 1 s to 60 s"), std::string::npos) << status.error_message();
  }
  EXPECT_TRUE(faults.ordered.empty());
}

TEST_F(Drills, AnAgentThatCannotIsAFailedPrecondition) {
  faults.problems[model::AgentName("a1")] = FailedPrecondition("no packet filter");
  v1::StartDrillResponse response;
  const grpc::Status status = Start({}, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(), "agent: a1: no packet filter");
  EXPECT_FALSE(response.has_drill());
}

}  // namespace
}  // namespace cacheplane::api
