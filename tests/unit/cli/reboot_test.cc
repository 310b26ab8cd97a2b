// cluster reboot and operation cancel.
#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

class RebootTest : public CommandLineTest {
 protected:
  void SetUp() override {
    v1::RebootClusterResponse answer;
    *answer.mutable_cluster() = AvailableCluster();
    *answer.mutable_operation() = RunningOperation("reboot-cluster");
    server_.Answer<v1::RebootClusterRequest>(answer);
    v1::Operation end = RunningOperation("reboot-cluster");
    end.set_status("succeeded");
    EndOperation(server_, end, AvailableCluster());
  }
};

TEST_F(RebootTest, NamesTheNodesAndWaits) {
  const Outcome outcome =
      Run("cluster reboot orders --node orders-001 --node orders-002 --etag e1 --request-id r1 -o names");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "orders\n");
  const v1::RebootClusterRequest asked = server_.Asked<v1::RebootClusterRequest>().front();
  EXPECT_EQ(asked.name(), "orders");
  EXPECT_EQ(std::vector<std::string>(asked.nodes().begin(), asked.nodes().end()),
            (std::vector<std::string>{"orders-001", "orders-002"}));
  EXPECT_EQ(asked.etag(), "e1");
  EXPECT_EQ(asked.request_id(), "r1");
  EXPECT_FALSE(asked.validate_only());
}

TEST_F(RebootTest, CheckedOnlyItShowsThePlan) {
  v1::RebootClusterResponse answer;
  v1::PlannedStep& step = *answer.add_plan();
  step.set_action("renew the node");
  step.set_node("orders-002");
  server_.Answer<v1::RebootClusterRequest>(answer);
  const Outcome outcome = Run("cluster reboot orders --validate-only");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("renew the node  orders-002"), std::string::npos) << outcome.out;
  EXPECT_TRUE(server_.Asked<v1::RebootClusterRequest>().front().validate_only());
}

TEST_F(RebootTest, ACancelShowsTheOperation) {
  v1::CancelOperationResponse answer;
  *answer.mutable_operation() = RunningOperation("reboot-cluster");
  answer.mutable_operation()->set_cancelled(true);
  server_.Answer<v1::CancelOperationRequest>(answer);
  const Outcome outcome = Run("operation cancel op-1");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("Cancelled:  yes"), std::string::npos) << outcome.out;
  EXPECT_EQ(server_.Asked<v1::CancelOperationRequest>().front().id(), "op-1");
}

}  // namespace
}  // namespace cacheplane::cli
