// cluster stop and cluster start.
#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

class ClusterStopTest : public CommandLineTest {
 protected:
  template <typename Request, typename Response>
  void Answers(const std::string& kind) {
    Response answer;
    *answer.mutable_cluster() = AvailableCluster();
    *answer.mutable_operation() = RunningOperation(kind);
    server_.Answer<Request>(answer);
    v1::Operation end = RunningOperation(kind);
    end.set_status("succeeded");
    EndOperation(server_, end, AvailableCluster());
  }
};

TEST_F(ClusterStopTest, NeedsAYesWhereNobodyCanBeAsked) {
  Answers<v1::StopClusterRequest, v1::StopClusterResponse>("stop-cluster");
  const Outcome refused = Run("cluster stop orders");
  EXPECT_EQ(refused.code, 252);
  EXPECT_NE(refused.err.find("ends all processes of cluster \"orders\": it needs --yes"), std::string::npos)
      << refused.err;
  EXPECT_TRUE(server_.Asked<v1::StopClusterRequest>().empty());
  const Outcome outcome = Run("cluster stop orders --yes --etag e1 -o names");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(server_.Asked<v1::StopClusterRequest>().front().etag(), "e1");
}

TEST_F(ClusterStopTest, OnATerminalTheNameIsAskedFor) {
  Answers<v1::StopClusterRequest, v1::StopClusterResponse>("stop-cluster");
  tty_ = true;
  input_ = "carts\n";
  EXPECT_NE(Run("cluster stop orders").code, 0);
  EXPECT_TRUE(server_.Asked<v1::StopClusterRequest>().empty());
  input_ = "orders\n";
  EXPECT_EQ(Run("cluster stop orders").code, 0);
}

TEST_F(ClusterStopTest, AStartAsksNobody) {
  Answers<v1::StartClusterRequest, v1::StartClusterResponse>("start-cluster");
  const Outcome outcome = Run("cluster start orders -o names");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(server_.Asked<v1::StartClusterRequest>().front().name(), "orders");
}

}  // namespace
}  // namespace cacheplane::cli
