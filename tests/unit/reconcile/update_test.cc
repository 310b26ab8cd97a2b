// Newer patch levels on the hosts, taken in the maintenance window.
#include <gtest/gtest.h>

#include "tests/unit/reconcile/rolling_fixture.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

class Updates : public Rolling {
 protected:
  Updates() { installation_.Creates(1); }

  void HostsGet(const std::string& version, std::int64_t memory) {
    for (const auto& [agent, zone] : std::map<std::string, std::string>{
             {"agent-a", "us-east-1a"}, {"agent-b", "us-east-1b"}, {"agent-c", "us-east-1c"}}) {
      world_.AddHost(service::HostOf(agent, zone, memory, {{"valkey", "8.0.1"}, {"valkey", version}}));
    }
  }
  std::vector<model::Operation> Operations() { return world_.operations.ListOperations("orders", {})->items; }
  void AllHave(const std::string& version) {
    EXPECT_EQ(installation_.NodesOf("orders").size(), 2U);
    for (const model::Node& node : installation_.NodesOf("orders")) EXPECT_EQ(node.image_version, version);
    EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable)
        << installation_.Find("orders")->status_reason;
  }
};

TEST_F(Updates, EveryNodeHasTheNewestAfterTheWindow) {
  HostsGet("8.0.10", 64 * service::kGibibyte);
  installation_.Pass(2s);
  AllHave("8.0.1");
  UntilWindowOpens();
  installation_.Pass(20s);
  AllHave("8.0.10");
  EXPECT_EQ(Operations().front().kind, model::OperationKind::kUpdateNodes);
  EXPECT_EQ(Operations().front().status, model::OperationStatus::kSucceeded);
}

TEST_F(Updates, WhatDoesNotComeUpIsTakenBackAndNotTriedAgainInThisWindow) {
  for (const std::int64_t memory : {std::int64_t{0}, 64 * service::kGibibyte}) {
    HostsGet("8.0.10", memory);
    installation_.hanging_image = "8.0.10";
    UntilWindowOpens();
    installation_.Pass(20s);
    const model::Operation failed = Operations().front();
    ASSERT_EQ(failed.kind, model::OperationKind::kUpdateNodes);
    EXPECT_EQ(failed.status, model::OperationStatus::kFailed);
    EXPECT_NE(failed.progress.reason.find("did not come up with valkey 8.0.10"), std::string::npos)
        << failed.progress.reason;
    AllHave("8.0.1");
    installation_.Pass(60s);
    EXPECT_EQ(Operations().front().id, failed.id);
    world_.clock.Advance(std::chrono::hours(24));
  }
}

TEST_F(Updates, ACancelledOneGivesNodesTheirFormerVersionBack) {
  HostsGet("8.0.10", 0);
  installation_.handovers_fail = true;
  UntilWindowOpens();
  installation_.Pass(3s);
  const model::OperationId id = Operations().front().id;
  ASSERT_EQ(Operation(id).status, model::OperationStatus::kRunning);
  ASSERT_TRUE(world_.operations.CancelOperation(id.str()).ok());
  installation_.Pass(20s);
  EXPECT_EQ(Operation(id).status, model::OperationStatus::kFailed);
  AllHave("8.0.1");
}

}  // namespace
}  // namespace cacheplane::reconcile
