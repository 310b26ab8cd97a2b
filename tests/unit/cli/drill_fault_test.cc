// drill pause-node, cut-host and lose-zone, against an engine that goes down for a while.
#include <nlohmann/json.hpp>

#include "cacheplane/v1/drill.pb.h"
#include "tests/unit/cli/command_line_fixture.h"
#include "tests/unit/cli/counting_engine.h"

namespace cacheplane::cli {
namespace {

using std::chrono::milliseconds;

class DrillFaultTest : public CommandLineTest {
 protected:
  void SetUp() override {
    Describe("orders-001", "available");
    server_.On<v1::StartDrillRequest, v1::StartDrillResponse>([this](const auto& request, auto* response) -> Status {
      v1::Drill& drill = *response->mutable_drill();
      drill.set_kind(request.kind());
      drill.add_agents("agent-a");
      drill.add_nodes("orders-001");
      drill.add_clusters("orders");
      drill.mutable_duration()->set_nanos(200'000'000);
      if (request.validate_only()) return {};
      engine_.Fail(milliseconds(80), 0);
      Describe("orders-002", "impaired");
      return {};
    });
  }

  // As the cluster is from now on; one that is impaired is available when it has been asked for a few times.
  void Describe(const std::string& primary, const std::string& status) {
    v1::Cluster cluster = AvailableCluster();
    cluster.set_status(status);
    cluster.mutable_primary_endpoint()->set_address(engine_.address());
    cluster.mutable_primary_endpoint()->set_port(engine_.port());
    (*cluster.mutable_spec()->mutable_tags())["cacheplane:drills"] = "allowed";
    for (v1::Node& node : *cluster.mutable_shards(0)->mutable_nodes()) {
      node.set_role(node.name() == primary ? "primary" : "replica");
    }
    asked_ = 0;
    server_.On<v1::GetClusterRequest, v1::GetClusterResponse>([this, cluster](const auto&, auto* response) -> Status {
      *response->mutable_cluster() = cluster;
      if (++asked_ > 5) response->mutable_cluster()->set_status("available");
      return {};
    });
  }

  std::vector<v1::StartDrillRequest> Started() const { return server_.Asked<v1::StartDrillRequest>(); }

  CountingEngine engine_;
  std::atomic<int> asked_ = 0;
};

TEST_F(DrillFaultTest, TellsWhatTheFaultCostAClient) {
  const Outcome outcome = Run("drill cut-host orders --for 2500ms -o json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const nlohmann::json report = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(report["drill"], "cut-host");
  EXPECT_EQ(report["seconds"], 0.2);
  EXPECT_EQ(report["agents"], nlohmann::json({"agent-a"}));
  EXPECT_EQ(report["nodes"], nlohmann::json({"orders-001"}));
  EXPECT_EQ(report["clusters"], nlohmann::json({"orders"}));
  EXPECT_EQ(report["cluster"], "orders");
  EXPECT_EQ(report["status"], "available") << "it was waited for";
  EXPECT_EQ(report["primary_before"], "orders-001");
  EXPECT_EQ(report["primary"], "orders-002");
  EXPECT_GE(report["longest_gap_ms"].get<double>(), 75);
  EXPECT_GT(report["acknowledged_writes"].get<double>(), 100);
  EXPECT_GT(report["failed_writes"].get<double>(), 0);
  EXPECT_EQ(report["lost_writes"].get<double>(), 0);
  EXPECT_TRUE(engine_.removed());
  EXPECT_EQ(outcome.err, "this hits orders-001 on agent-a, of orders\n");
  ASSERT_EQ(Started().size(), 2U);
  EXPECT_TRUE(Started()[0].validate_only());
  EXPECT_FALSE(Started()[1].validate_only());
  EXPECT_EQ(Started()[1].cluster(), "orders");
  EXPECT_EQ(Started()[1].duration().seconds(), 2);
  EXPECT_EQ(Started()[1].duration().nanos(), 500'000'000);
}

TEST_F(DrillFaultTest, InWordsToo) {
  const Outcome outcome = Run("drill pause-node orders --node orders-001");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(
      outcome.out.starts_with("pause-node for 0.2 s: orders-001 on agent-a, of orders\n"
                              "orders-002 is the primary of orders now, in place of orders-001\n"
                              "longest gap between two acknowledged writes: "))
      << outcome.out;
  EXPECT_EQ(Started()[1].node(), "orders-001");
  EXPECT_FALSE(Started()[1].has_duration()) << "the server knows the default";
}

TEST_F(DrillFaultTest, AZoneNamesTheClusterThatIsWatchedByItself) {
  const Outcome outcome = Run("drill lose-zone us-east-1a -o names");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "orders-002\n");
  EXPECT_EQ(Started()[1].zone(), "us-east-1a");
  EXPECT_EQ(Started()[1].cluster(), "");
  EXPECT_EQ(Run("drill lose-zone --cluster orders").code, 0);
  EXPECT_EQ(Started()[3].cluster(), "orders");
  const Outcome neither = Run("drill lose-zone");
  EXPECT_EQ(neither.code, 252);
  EXPECT_NE(neither.err.find("ZONE or --cluster is missing"), std::string::npos) << neither.err;
}

TEST_F(DrillFaultTest, WithoutTheTagNothingIsAsked) {
  EndOperation(server_, RunningOperation("x"), AvailableCluster());
  for (const char* line : {"drill pause-node orders", "drill cut-host orders", "drill lose-zone --cluster orders"}) {
    const Outcome outcome = Run(line);
    EXPECT_EQ(outcome.code, 4);
    EXPECT_EQ(outcome.err,
              "error: FailedPrecondition: cluster orders does not allow drills\n"
              "hint: allow them: `cachectl cluster modify orders --tag cacheplane:drills=allowed`\n");
  }
  EXPECT_TRUE(Started().empty());
}

TEST_F(DrillFaultTest, WhereNoWriteGoesThroughNothingIsBegun) {
  engine_.Refuse();
  const Outcome outcome = Run("drill pause-node orders");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_NE(outcome.err.find("the drill was not begun: READONLY You can't write"), std::string::npos) << outcome.err;
  EXPECT_EQ(Started().size(), 1U) << "the rehearsal";
}

TEST_F(DrillFaultTest, ARefusalIsToldAsItIs) {
  server_.Refuse<v1::StartDrillRequest>(FailedPrecondition("cluster: \"carts\" would be hit"));
  const Outcome outcome = Run("drill cut-host orders --host agent-b");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_EQ(outcome.err, "error: FailedPrecondition: cluster: \"carts\" would be hit\n");
  EXPECT_EQ(outcome.out, "");
}

TEST_F(DrillFaultTest, AClusterThatDoesNotRecoverIsATimeoutWithAReport) {
  server_.On<v1::StartDrillRequest, v1::StartDrillResponse>([this](const auto& request, auto* response) -> Status {
    response->mutable_drill()->set_kind(request.kind());
    response->mutable_drill()->add_clusters("orders");
    if (!request.validate_only()) server_.Refuse<v1::GetClusterRequest>(Unavailable("away"));
    return {};
  });
  const Outcome outcome = Run("drill cut-host orders --timeout 400ms -o json");
  EXPECT_EQ(outcome.code, 5) << outcome.err;
  EXPECT_EQ(nlohmann::json::parse(outcome.out)["primary_before"], "orders-001");
}

}  // namespace
}  // namespace cacheplane::cli
