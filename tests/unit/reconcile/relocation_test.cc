// Another port and another subnet group: what that leaves in rows.
#include <gtest/gtest.h>

#include "controlplane/service/network_service.h"
#include "tests/unit/reconcile/rolling_fixture.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

TEST_F(Rolling, NodesAndEndpointsGetTheNewPort) {
  installation_.Creates(2);
  const auto change = Asks({ToPort});
  installation_.Pass(20s);
  ASSERT_EQ(Operation(change).status, model::OperationStatus::kSucceeded) << Operation(change).progress.reason;
  EXPECT_EQ(installation_.NodesOf("orders").size(), 3U);
  for (const model::Node& node : installation_.NodesOf("orders")) EXPECT_EQ(node.address.port, 6380);
  for (const model::Endpoint& endpoint : installation_.published.endpoints) EXPECT_EQ(endpoint.address.port, 6380);
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable);
}

TEST_F(Rolling, ACancelledChangeOfThePortIsTakenBack) {
  installation_.Creates(1);
  installation_.handovers_fail = true;
  const model::ClusterSpec before = installation_.Find("orders")->spec;
  const auto change = Asks({ToPort});
  installation_.Pass(4s);
  ASSERT_EQ(Operation(change).status, model::OperationStatus::kRunning);
  ASSERT_TRUE(world_.operations.CancelOperation(change.str()).ok());
  installation_.Pass(20s);
  EXPECT_EQ(Operation(change).status, model::OperationStatus::kFailed);
  EXPECT_EQ(installation_.Find("orders")->spec, before);
  EXPECT_EQ(installation_.NodesOf("orders").size(), 2U);
  for (const model::Node& node : installation_.NodesOf("orders")) EXPECT_EQ(node.address.port, 6379);
  for (const model::Endpoint& endpoint : installation_.published.endpoints) EXPECT_EQ(endpoint.address.port, 6379);
}

TEST_F(Rolling, ALoneNodeMovesToAnotherSubnetGroupAndItsEndpointsStay) {
  installation_.Creates(0);
  service::NetworkService networks{world_.store, world_.signals, world_.clock};
  ASSERT_TRUE(networks.CreateSubnet({"other", "us-east-1b", "127.77.0.0/24"}).ok());
  ASSERT_TRUE(networks.CreateSubnetGroup({"others", "", {"other"}}).ok());
  const auto before = installation_.published.endpoints;
  const auto change = Asks({[](service::ClusterDraft& spec, std::vector<std::string>& mask) {
    spec.subnet_group = "others";
    mask.emplace_back("subnet_group");
  }});
  EXPECT_FALSE(networks.DeleteSubnetGroup("default").ok()) << "it may go back to it";
  installation_.Pass(20s);
  ASSERT_EQ(Operation(change).status, model::OperationStatus::kSucceeded) << Operation(change).progress.reason;
  ASSERT_EQ(installation_.NodesOf("orders").size(), 1U);
  EXPECT_EQ(installation_.NodesOf("orders").front().subnet, "other");
  ASSERT_EQ(installation_.published.endpoints.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(installation_.published.endpoints[i].address, before[i].address);
  }
}

}  // namespace
}  // namespace cacheplane::reconcile
