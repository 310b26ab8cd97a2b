// cluster switchover and cluster test-failover.
#include <nlohmann/json.hpp>

#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

class ClusterPrimaryTest : public CommandLineTest {
 protected:
  void SetUp() override {
    v1::SwitchoverClusterResponse switched;
    *switched.mutable_cluster() = AvailableCluster();
    *switched.mutable_operation() = RunningOperation("switchover");
    server_.Answer<v1::SwitchoverClusterRequest>(switched);
    v1::TestFailoverResponse killed;
    *killed.mutable_cluster() = AvailableCluster();
    *killed.mutable_operation() = RunningOperation("test-failover");
    server_.Answer<v1::TestFailoverRequest>(killed);
    EndWith("switchover", "succeeded");
  }

  // The end of the operation; the replica is the primary by then.
  void EndWith(const std::string& kind, const std::string& status) {
    v1::Operation end = RunningOperation(kind);
    end.set_status(status);
    v1::OperationStep* step = end.add_steps();
    step->set_name("hand over");
    step->set_status("done");
    step->set_detail("writes were paused 2.1 ms");
    v1::Cluster cluster = AvailableCluster();
    v1::Shard& shard = *cluster.mutable_shards(0);
    shard.mutable_nodes(0)->set_role("replica");
    shard.mutable_nodes(1)->set_role("primary");
    EndOperation(server_, end, cluster);
  }
};

TEST_F(ClusterPrimaryTest, ASwitchoverTellsWhoIsPrimaryAndHowLongWritesPaused) {
  const Outcome outcome = Run("cluster switchover orders --to orders-002 --etag e1 --request-id r1");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "orders-002 is the primary of orders now\nwrites were paused 2.1 ms\n");
  EXPECT_NE(outcome.err.find("switchover orders: hand over done: writes were paused 2.1 ms"), std::string::npos)
      << outcome.err;
  const v1::SwitchoverClusterRequest asked = server_.Asked<v1::SwitchoverClusterRequest>().front();
  EXPECT_EQ(asked.name(), "orders");
  EXPECT_EQ(asked.node(), "orders-002");
  EXPECT_EQ(asked.shard(), "");
  EXPECT_EQ(asked.etag(), "e1");
  EXPECT_EQ(asked.request_id(), "r1");
}

TEST_F(ClusterPrimaryTest, FromIsThePrimaryThatIsExpected) {
  EXPECT_EQ(Run("cluster switchover orders --from orders-001").code, 0);
  EXPECT_EQ(server_.Asked<v1::SwitchoverClusterRequest>().front().expected_primary(), "orders-001");
  EXPECT_EQ(Run("cluster test-failover orders --from orders-001 --no-wait").code, 0);
  EXPECT_EQ(server_.Asked<v1::TestFailoverRequest>().front().expected_primary(), "orders-001");
  server_.Refuse<v1::TestFailoverRequest>(Aborted("expected_primary: \"orders-001\" is not the primary of orders"));
  const Outcome outcome = Run("cluster test-failover orders --from orders-001");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_TRUE(outcome.err.starts_with("error: Aborted: --from: \"orders-001\" is not the primary of orders\n"))
      << outcome.err;
}

TEST_F(ClusterPrimaryTest, ANodeOutOfAnEmptyVariableIsNone) {
  for (const char* flag : {"--from", "--to"}) {
    EXPECT_EQ(Run({"cluster", "switchover", "orders", flag, ""}).err,
              std::string("error: InvalidArgument: ") + flag + ": \"\" is no node\n");
  }
  EXPECT_TRUE(server_.Asked<v1::SwitchoverClusterRequest>().empty());
}

TEST_F(ClusterPrimaryTest, JsonIsTheResponseAtTheEnd) {
  const Outcome outcome = Run("cluster switchover orders -o json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const nlohmann::json response = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(response["operation"]["status"], "succeeded");
  EXPECT_EQ(response["operation"]["steps"][0]["detail"], "writes were paused 2.1 ms");
  EXPECT_EQ(response["cluster"]["shards"][0]["nodes"][1]["role"], "primary");
  EXPECT_EQ(Run("cluster switchover orders -o names").out, "orders-002\n");
}

TEST_F(ClusterPrimaryTest, NoWaitAnswersAtOnce) {
  const Outcome outcome = Run("cluster switchover orders --no-wait -o json");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(nlohmann::json::parse(outcome.out)["operation"]["status"], "running");
  EXPECT_TRUE(server_.Asked<v1::WaitOperationRequest>().empty());
  EXPECT_EQ(Run("cluster switchover orders --no-wait -o names").out, "op-1\n");
  EXPECT_NE(Run("cluster test-failover orders --no-wait").out.find("test-failover"), std::string::npos);
}

TEST_F(ClusterPrimaryTest, ATestFailoverTellsTheSame) {
  EndWith("test-failover", "succeeded");
  const Outcome outcome = Run("cluster test-failover orders --shard 1");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "orders-002 is the primary of orders now\nwrites were paused 2.1 ms\n");
  EXPECT_EQ(server_.Asked<v1::TestFailoverRequest>().front().shard(), "1");
}

TEST_F(ClusterPrimaryTest, AFailureStillTellsWhoIsPrimary) {
  EndWith("switchover", "failed");
  const Outcome outcome = Run("cluster switchover orders");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("error: OperationFailed: switchover orders failed"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.out.find("orders-002 is the primary of orders now\n"), std::string::npos) << outcome.out;
}

TEST_F(ClusterPrimaryTest, ARefusalIsAConflict) {
  server_.Refuse<v1::SwitchoverClusterRequest>(FailedPrecondition("node: \"orders-001\" is already the primary"));
  const Outcome outcome = Run("cluster switchover orders --to orders-001");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_EQ(outcome.out, "");
}

TEST_F(ClusterPrimaryTest, CheckedOnlyItTellsWhoWouldTakeOverAndWhy) {
  v1::SwitchoverClusterResponse checked;
  *checked.mutable_cluster() = AvailableCluster();
  checked.mutable_succession()->set_primary("orders-001");
  checked.mutable_succession()->set_successor("orders-002");
  checked.mutable_succession()->set_reason("it holds most: offset 1200 as last reported");
  checked.mutable_succession()->add_passed_over("orders-003: 200 bytes behind orders-002");
  server_.Answer<v1::SwitchoverClusterRequest>(checked);
  const Outcome outcome = Run("cluster switchover orders --validate-only");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "orders-002 would take over from orders-001, because it holds most: offset 1200 as last reported\n"
            "passed over: orders-003: 200 bytes behind orders-002\n");
  EXPECT_TRUE(server_.Asked<v1::SwitchoverClusterRequest>().front().validate_only());
  EXPECT_EQ(Run("cluster switchover orders --validate-only -o names").out, "orders-002\n");
  const nlohmann::json response = nlohmann::json::parse(Run("cluster switchover orders --validate-only -o json").out);
  EXPECT_EQ(response["succession"]["successor"], "orders-002");
}

TEST_F(ClusterPrimaryTest, DescribeShowsProtectionAndFailovers) {
  v1::Cluster cluster = AvailableCluster();
  cluster.set_protection("kernel");
  v1::Shard& shard = *cluster.mutable_shards(0);
  shard.set_epoch(5);
  shard.set_slots("0-16383");
  v1::GetClusterResponse response;
  *response.mutable_cluster() = cluster;
  server_.Answer<v1::GetClusterRequest>(response);
  const std::string quiet = Run("cluster describe orders").out;
  EXPECT_NE(quiet.find("Protection:           kernel\n"), std::string::npos) << quiet;
  EXPECT_NE(quiet.find("epoch 5, slots 0-16383\n"), std::string::npos) << quiet;
  shard.set_failovers(2);
  shard.mutable_last_failover_time()->set_seconds(1'700'000'000);
  *response.mutable_cluster()->mutable_shards(0) = shard;
  server_.Answer<v1::GetClusterRequest>(response);
  const std::string busy = Run("cluster describe orders").out;
  EXPECT_NE(busy.find("epoch 5, slots 0-16383, 2 unplanned failovers lately, the latest at 2023-11-14T22:13:20Z\n"),
            std::string::npos)
      << busy;
}

}  // namespace
}  // namespace cacheplane::cli
