// cluster update.
#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

TEST_F(CommandLineTest, AnUpdateWaitsForItsEnd) {
  v1::UpdateNodesResponse answer;
  *answer.mutable_cluster() = AvailableCluster();
  *answer.mutable_operation() = RunningOperation("update-nodes");
  server_.Answer<v1::UpdateNodesRequest>(answer);
  v1::Operation end = RunningOperation("update-nodes");
  end.set_status("succeeded");
  EndOperation(server_, end, AvailableCluster());
  const Outcome outcome = Run("cluster update orders --to 8.0.10 --etag e1 --request-id r1 -o names");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "orders\n");
  const v1::UpdateNodesRequest asked = server_.Asked<v1::UpdateNodesRequest>().front();
  EXPECT_EQ(asked.name(), "orders");
  EXPECT_EQ(asked.version(), "8.0.10");
  EXPECT_EQ(asked.etag(), "e1");
  EXPECT_EQ(asked.request_id(), "r1");
  EXPECT_FALSE(asked.validate_only());
}

TEST_F(CommandLineTest, AnUpdateThatIsCheckedOnlyShowsThePlan) {
  v1::UpdateNodesResponse answer;
  v1::PlannedStep& step = *answer.add_plan();
  step.set_action("renew the node");
  step.set_node("orders-002");
  server_.Answer<v1::UpdateNodesRequest>(answer);
  const Outcome outcome = Run("cluster update orders --validate-only");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("renew the node  orders-002"), std::string::npos) << outcome.out;
  EXPECT_TRUE(server_.Asked<v1::UpdateNodesRequest>().front().validate_only());
}

TEST_F(CommandLineTest, AnUpdateThatIsRefusedSaysWhy) {
  server_.Refuse<v1::UpdateNodesRequest>(InvalidArgument("version: \"8.0.9\" is nothing newer"));
  EXPECT_EQ(Run("cluster update orders --to 8.0.9").err, "error: InvalidArgument: --to: \"8.0.9\" is nothing newer\n");
}

}  // namespace
}  // namespace cacheplane::cli
