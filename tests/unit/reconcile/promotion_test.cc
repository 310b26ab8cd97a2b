// A failover: what is committed with the promotion, and so is never heard of without it.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "tests/unit/reconcile/installation.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

class Watched final : public Installation {
 public:
  using Installation::Installation;
  void Assign(const model::AgentName& agent, const std::vector<model::Assignment>& assignments) override {
    Installation::Assign(agent, assignments);
    told();
  }
  std::function<void()> told = [] {};
};

class Promotion : public testing::Test {
 protected:
  Promotion() { installation_.Creates(2); }

  // Where a map leads, by node.
  std::vector<std::string> Led(model::EndpointKind kind) {
    std::vector<std::string> names;
    for (const model::Endpoint& endpoint : installation_.published.endpoints) {
      if (endpoint.kind != kind) continue;
      for (const model::Node& node : installation_.NodesOf("orders")) {
        const auto found = std::find(endpoint.targets.begin(), endpoint.targets.end(), node.address);
        if (found != endpoint.targets.end()) names.push_back(node.name.str());
      }
    }
    return names;
  }

  bool IsToldToOpen(const std::string& agent) {
    const std::vector<model::Assignment> assignments = installation_.AssignedTo(agent);
    return !assignments.empty() && assignments.front().role == model::Role::kPrimary;
  }

  Watched installation_{{{"agent-a", "us-east-1a"}, {"agent-b", "us-east-1b"}, {"agent-c", "us-east-1c"}}};
};

TEST_F(Promotion, HasBothEndpointsLeadToTheirNewTargetsByTheTimeAnAgentHearsOfIt) {
  ASSERT_EQ(Led(model::EndpointKind::kPrimary), std::vector<std::string>{"orders-001"});
  int told = 0;
  installation_.told = [&] {
    if (!IsToldToOpen("agent-b") || told++ > 0) return;
    EXPECT_EQ(Led(model::EndpointKind::kPrimary), std::vector<std::string>{"orders-002"});
    EXPECT_EQ(Led(model::EndpointKind::kReader), std::vector<std::string>{"orders-003"});
  };
  installation_.ended.insert("orders-001");
  installation_.Pass(1s);
  EXPECT_GT(told, 0) << installation_.Find("orders")->status_reason;
}

}  // namespace
}  // namespace cacheplane::reconcile
