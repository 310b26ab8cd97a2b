// drill kill-node, against an engine that goes down for a while; and the ledger of its writes.
#include <nlohmann/json.hpp>

#include "cli/client/write_ledger.h"
#include "tests/unit/cli/command_line_fixture.h"
#include "tests/unit/cli/counting_engine.h"

namespace cacheplane::cli {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

ProbeTime At(int millis) { return ProbeTime(milliseconds(1000 + millis)); }

TEST(WriteLedger, TheLongestGapLiesBetweenTwoAcknowledgements) {
  WriteLedger ledger;
  EXPECT_EQ(ledger.longest_gap(), microseconds(0));
  ledger.Acknowledged(At(0), 1);
  EXPECT_EQ(ledger.longest_gap(), microseconds(0));
  ledger.Acknowledged(At(2), 2);
  ledger.Failed("reset");
  ledger.Failed("refused");
  ledger.Acknowledged(At(302), 3);
  ledger.Acknowledged(At(303), 4);
  EXPECT_EQ(ledger.longest_gap(), milliseconds(300));
  EXPECT_EQ(ledger.acknowledged(), 4);
  EXPECT_EQ(ledger.failed(), 2);
  EXPECT_EQ(ledger.first_failure(), "reset");
  EXPECT_EQ(ledger.lost(), 0);
}

TEST(WriteLedger, AValueThatGoesBackHasForgotten) {
  WriteLedger ledger;
  for (int value = 1; value <= 10; ++value) ledger.Acknowledged(At(value), value);
  ledger.Failed("reset");
  ledger.Acknowledged(At(20), 12);  // the failed one had counted
  EXPECT_EQ(ledger.lost(), 0);
  ledger.Acknowledged(At(21), 12);
  EXPECT_EQ(ledger.lost(), 1);
  ledger.Acknowledged(At(22), 8);  // 8 to 12 are gone, the 8 is this one's
  EXPECT_EQ(ledger.lost(), 6);
  ledger.Acknowledged(At(23), 9);
  EXPECT_EQ(ledger.lost(), 6);
}

class DrillTest : public CommandLineTest {
 protected:
  void SetUp() override {
    Allow("allowed");
    server_.On<v1::TestFailoverRequest, v1::TestFailoverResponse>([this](const auto&, auto* response) -> Status {
      engine_.Fail(milliseconds(80), forgotten_);
      *response->mutable_operation() = RunningOperation("test-failover");
      response->mutable_operation()->set_node("orders-001");
      return {};
    });
  }

  void Allow(const std::string& value) {
    v1::Cluster cluster = AvailableCluster();
    cluster.mutable_primary_endpoint()->set_address(engine_.address());
    cluster.mutable_primary_endpoint()->set_port(engine_.port());
    (*cluster.mutable_spec()->mutable_tags())["cacheplane:drills"] = value;
    v1::Operation end = RunningOperation("test-failover");
    end.set_node("orders-001");
    end.set_status("succeeded");
    EndOperation(server_, end, cluster);
  }

  CountingEngine engine_;
  std::int64_t forgotten_ = 0;
};

TEST_F(DrillTest, TellsWhatTheFaultCostAClient) {
  const Outcome outcome = Run("drill kill-node orders -o json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const nlohmann::json report = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(report["status"], "succeeded");
  EXPECT_EQ(report["killed"], "orders-001");
  EXPECT_GE(report["longest_gap_ms"].get<double>(), 75);
  EXPECT_GT(report["acknowledged_writes"].get<double>(), 100);
  EXPECT_GT(report["failed_writes"].get<double>(), 0);
  EXPECT_EQ(report["lost_writes"].get<double>(), 0);
  EXPECT_EQ(server_.Asked<v1::TestFailoverRequest>().size(), 1U);
  EXPECT_TRUE(engine_.removed());
}

TEST_F(DrillTest, LostWritesAreCounted) {
  forgotten_ = 7;
  const Outcome outcome = Run("drill kill-node orders");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(
      outcome.out.starts_with("orders-001 was killed, orders-001 is the primary of orders now\n"
                              "longest gap between two acknowledged writes: "))
      << outcome.out;
  EXPECT_EQ(outcome.out.find(", 0 acknowledged ones lost"), std::string::npos) << outcome.out;
}

TEST_F(DrillTest, WithoutTheTagNothingIsKilled) {
  for (const char* value : {"", "yes", "Allowed"}) {
    Allow(value);
    const Outcome outcome = Run("drill kill-node orders");
    EXPECT_EQ(outcome.code, 4);
    EXPECT_EQ(outcome.err,
              "error: FailedPrecondition: cluster orders does not allow drills\n"
              "hint: allow them: `cachectl cluster modify orders --tag cacheplane:drills=allowed`\n");
  }
  EXPECT_TRUE(server_.Asked<v1::TestFailoverRequest>().empty());
}

TEST_F(DrillTest, WhereNoWriteGoesThroughNothingIsKilled) {
  engine_.Refuse();
  const Outcome outcome = Run("drill kill-node orders");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_NE(outcome.err.find("nothing was killed: READONLY You can't write"), std::string::npos) << outcome.err;
  EXPECT_TRUE(server_.Asked<v1::TestFailoverRequest>().empty());
}

TEST_F(DrillTest, ARefusedTestFailoverIsTold) {
  server_.Refuse<v1::TestFailoverRequest>(FailedPrecondition("spec.automatic_failover: false on orders"));
  const Outcome outcome = Run("drill kill-node orders");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_NE(outcome.err.find("--automatic-failover: false on orders"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace cacheplane::cli
