// A planned handover: the endpoint is armed for the successor, and the agent that hands over knows whom to tell.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/reconcile/installation.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

class Switch : public testing::Test {
 protected:
  void SetUp() override {
    installation_.Creates(1);
    service::SwitchoverClusterRequest change;
    change.name = "orders";
    ASSERT_TRUE(installation_.world.clusters.SwitchoverCluster(change).ok());
    installation_.HeldUp(0s);  // decided once, and nobody has done anything yet
  }

  const model::Endpoint& Primary() const {
    const auto& endpoints = installation_.published.endpoints;
    return *std::find_if(endpoints.begin(), endpoints.end(), [](const model::Endpoint& endpoint) {
      return endpoint.kind == model::EndpointKind::kPrimary;
    });
  }

  Installation installation_{{{"agent-a", "us-east-1a"}, {"agent-b", "us-east-1b"}}};
};

TEST_F(Switch, ArmsTheEndpointAndTellsTheAgentWhoIsToBeTold) {
  const std::vector<model::Node> nodes = installation_.NodesOf("orders");
  ASSERT_EQ(nodes[1].role, model::Role::kPrimary);
  EXPECT_EQ(Primary().targets, std::vector{nodes[0].address});
  EXPECT_EQ(Primary().armed, (model::ArmedSwitch{nodes[1].address, installation_.ShardOf("orders").epoch}));
  const model::Assignment former = installation_.AssignedTo("agent-a").front();
  EXPECT_TRUE(former.hand_over);
  EXPECT_EQ(former.routers, std::vector<std::string>{Installation::kRouter});
  EXPECT_TRUE(installation_.AssignedTo("agent-b").front().routers.empty());
}

TEST_F(Switch, EndsWithTheEndpointLeadingThereAndDisarmed) {
  installation_.Pass(2s);
  EXPECT_EQ(Primary().targets, std::vector{installation_.NodesOf("orders")[1].address});
  EXPECT_EQ(Primary().armed, std::nullopt);
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable);
}

TEST_F(Switch, SaysAtWhatItFailed) {
  installation_.handovers_fail = true;
  installation_.Pass(2s);
  const model::Operation failed = installation_.world.operations.ListOperations("orders", {})->items.front();
  EXPECT_EQ(failed.status, model::OperationStatus::kFailed);
  ASSERT_FALSE(failed.progress.steps.empty());
  EXPECT_EQ(failed.progress.steps.front(), (model::OperationStep{"hand over", model::StepStatus::kFailed, ""}));
}

}  // namespace
}  // namespace cacheplane::reconcile
