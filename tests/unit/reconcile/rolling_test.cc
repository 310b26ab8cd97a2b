// A modification carried out: what it leaves in rows and in its operation, whatever comes between.
#include <gtest/gtest.h>

#include <functional>
#include <regex>

#include "controlplane/model/window.h"
#include "controlplane/service/operation_service.h"
#include "tests/unit/reconcile/installation.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

using Change = std::function<void(service::ClusterDraft& spec, std::vector<std::string>& mask)>;

class Rolling : public testing::Test {
 public:
  static void ToVersion(service::ClusterDraft& spec, std::vector<std::string>& mask) {
    spec.engine_version = "8.1";
    mask.emplace_back("engine_version");
  }
  static Change ToReplicas(int replicas) {
    return [replicas](service::ClusterDraft& spec, std::vector<std::string>& mask) {
      spec.replicas_per_shard = replicas;
      mask.emplace_back("replicas_per_shard");
    };
  }

  static void Spread(service::ClusterDraft& spec, std::vector<std::string>& mask) {
    spec.multi_az = spec.automatic_failover = true;
    mask.insert(mask.end(), {"multi_az", "automatic_failover"});
  }
  // Which no Multi-AZ cluster may be.
  static void Alone(service::ClusterDraft& spec, std::vector<std::string>& mask) {
    spec.multi_az = spec.automatic_failover = false;
    mask.insert(mask.end(), {"multi_az", "automatic_failover"});
  }

 protected:
  static service::ModifyClusterRequest Request(const std::vector<Change>& changes) {
    service::ModifyClusterRequest request;
    request.name = "orders";
    request.apply_immediately = true;
    for (const Change& change : changes) change(request.spec, request.update_mask);
    return request;
  }
  model::OperationId Asks(const service::ModifyClusterRequest& request) {
    const auto answer = world_.clusters.ModifyCluster(request);
    if (!answer.ok()) throw std::runtime_error(answer.error().message);
    return answer->operation->id;
  }
  model::OperationId Asks(const std::vector<Change>& changes) { return Asks(Request(changes)); }

  model::Operation Operation(const model::OperationId& id) {
    return *service::OperationService(world_.store).GetOperation(id.str());
  }
  model::OperationId SwitchesOver() {
    return world_.clusters.SwitchoverCluster({"orders", "", "", "", ""})->operation->id;
  }

  void UntilWindowOpens() {
    const auto window = model::ParseMaintenanceWindow(installation_.Find("orders")->spec.maintenance_window);
    while (model::LeftOf(*window, world_.clock.Now()) == 0ms) world_.clock.Advance(1min);
  }

  Installation installation_{{{"agent-a", "us-east-1a"}, {"agent-b", "us-east-1b"}, {"agent-c", "us-east-1c"}}};
  service::World& world_ = installation_.world;
};

TEST_F(Rolling, OnlyItsOwnHandoverIsWhatItCostWriters) {
  installation_.Creates(1);
  installation_.pause_us = 1500;
  const auto switchover = SwitchesOver();
  installation_.Pass(2s);
  EXPECT_EQ(Operation(switchover).write_pause_us, 1500);
  const auto scaling = Asks({ToReplicas(2)});
  installation_.Pass(3s);
  ASSERT_EQ(Operation(scaling).status, model::OperationStatus::kSucceeded) << Operation(scaling).progress.reason;
  EXPECT_EQ(Operation(scaling).write_pause_us, 0);
  installation_.pause_us = 2500;
  const auto upgrade = Asks({ToVersion});
  installation_.Pass(10s);
  ASSERT_EQ(Operation(upgrade).status, model::OperationStatus::kSucceeded) << Operation(upgrade).progress.reason;
  EXPECT_EQ(Operation(upgrade).write_pause_us, 2500);
}

TEST_F(Rolling, WhatDoesNotComeUpTakesTheDefinitionBack) {
  installation_.Creates(1);
  installation_.hanging_image = "8.1.1";
  const model::ClusterSpec before = installation_.Find("orders")->spec;
  const auto upgrade = Asks({ToVersion});
  installation_.Pass(15s);
  const model::Operation operation = Operation(upgrade);
  EXPECT_EQ(operation.status, model::OperationStatus::kFailed);
  EXPECT_NE(operation.progress.reason.find("orders-002 did not come up with valkey 8.1.1"), std::string::npos)
      << operation.progress.reason;
  const model::Cluster after = *installation_.Find("orders");
  EXPECT_EQ(after.spec, before);
  EXPECT_EQ(after.status, model::ClusterStatus::kAvailable) << after.status_reason;
  for (const model::Node& node : installation_.NodesOf("orders"))
    EXPECT_EQ(node.image_version, "8.0.1") << node.name.str();
}

TEST_F(Rolling, ALoneNodeGoesBackToBeingAlone) {
  installation_.Creates(0);
  installation_.hanging_image = "8.1.1";
  const model::ClusterSpec before = installation_.Find("orders")->spec;
  const auto upgrade = Asks({ToVersion, ToReplicas(1), Spread});
  installation_.Pass(15s);
  EXPECT_EQ(Operation(upgrade).status, model::OperationStatus::kFailed);
  EXPECT_EQ(installation_.Find("orders")->spec, before);
  EXPECT_EQ(installation_.NodesOf("orders").size(), 1U);
}

TEST_F(Rolling, AHandoverThatIsGivenUpIsTriedAgainLater) {
  installation_.Creates(1);
  installation_.handovers_fail = true;
  const auto upgrade = Asks({ToVersion});
  installation_.Pass(3s);
  const model::Operation waiting = Operation(upgrade);
  EXPECT_EQ(waiting.status, model::OperationStatus::kRunning);
  EXPECT_GE(waiting.attempts, 1);
  EXPECT_GT(waiting.retry_at, world_.clock.Now() - 2s);
  EXPECT_EQ(installation_.NodesOf("orders").front().role, model::Role::kPrimary);
  installation_.handovers_fail = false;
  installation_.Pass(8s);
  EXPECT_EQ(Operation(upgrade).status, model::OperationStatus::kSucceeded) << Operation(upgrade).progress.reason;
}

TEST_F(Rolling, HandoversThatAllFailGoBack) {
  installation_.Creates(1);
  installation_.handovers_fail = true;
  const auto upgrade = Asks({ToVersion});
  installation_.Pass(30s);
  const model::Operation operation = Operation(upgrade);
  EXPECT_EQ(operation.status, model::OperationStatus::kFailed);
  EXPECT_NE(operation.failure.find("5 handovers were given up"), std::string::npos) << operation.failure;
  EXPECT_EQ(installation_.Find("orders")->spec.engine_version, "8.0");
}

TEST_F(Rolling, ReadersComeBackToAPrimaryThatWasToLeave) {
  installation_.Creates(1);
  const auto scaling = Asks({ToReplicas(2)});
  // As it stands where a failover made a node primary that was about to be renewed.
  service::World::Require(world_.store.Write([&](ports::Transaction& tx) {
    model::Node primary = installation_.NodesOf("orders").front();
    primary.readers_away = true;
    return tx.plan().PutNode(primary);
  }));
  installation_.Pass(3s);
  ASSERT_EQ(Operation(scaling).status, model::OperationStatus::kSucceeded) << Operation(scaling).progress.reason;
  for (const model::Node& node : installation_.NodesOf("orders")) EXPECT_FALSE(node.readers_away) << node.name.str();
}

TEST_F(Rolling, WhatWaitedBeginsInsideTheWindow) {
  installation_.Creates(1);
  service::ModifyClusterRequest request = Request({ToVersion});
  request.apply_immediately = false;
  Asks(request);
  installation_.Pass(3s);
  ASSERT_EQ(installation_.Find("orders")->spec.engine_version, "8.0");
  UntilWindowOpens();
  installation_.Pass(15s);
  const model::Cluster after = *installation_.Find("orders");
  EXPECT_EQ(after.spec.engine_version, "8.1");
  EXPECT_EQ(after.pending, std::nullopt);
  EXPECT_EQ(after.status, model::ClusterStatus::kAvailable) << after.status_reason;
  for (const model::Node& node : installation_.NodesOf("orders"))
    EXPECT_EQ(node.image_version, "8.1.1") << node.name.str();
}

struct Case {
  std::string name;
  int replicas;
  std::vector<Change> changes;
  std::vector<std::string> removals{};
  bool switched_before = false;
};

// What was planned for it beside what is then done, each as "action node".
class Planned : public Rolling, public testing::WithParamInterface<Case> {
 protected:
  std::vector<std::string> Plan(service::ModifyClusterRequest request) {
    request.validate_only = true;
    std::vector<std::string> steps;
    const auto answer = world_.clusters.ModifyCluster(request);
    if (!answer.ok()) throw std::runtime_error(answer.error().message);
    for (const service::PlannedStep& step : answer->plan) steps.push_back(step.action + " " + step.node);
    return steps;
  }

  std::vector<std::string> Done(const service::ModifyClusterRequest& request) {
    const std::size_t before = world_.Events().size();
    const model::OperationId id = Asks(request);
    installation_.Pass(15s);
    EXPECT_EQ(Operation(id).status, model::OperationStatus::kSucceeded) << Operation(id).progress.reason;
    std::vector<std::string> steps;
    const std::vector<std::string> events = world_.Events();
    for (std::size_t i = before; i < events.size(); ++i) {
      const std::string step = StepOf(events[i]);
      if (!step.empty() && (steps.empty() || steps.back() != step)) steps.push_back(step);  // told of both nodes
    }
    return steps;
  }

 private:
  static std::string StepOf(const std::string& event) {
    std::smatch found;
    const auto is = [&](const char* pattern) { return std::regex_match(event, found, std::regex(pattern)); };
    if (is("(\\S+) is added on .*")) return "add a node " + found[1].str();
    if (is("(\\S+) is removed from .*")) return "remove the node " + found[1].str();
    if (is("(\\S+) is started anew with .*")) return "renew the node " + found[1].str();
    if (is("Switchover from primary node \\S+ to replica node (\\S+) completed")) return "hand over " + found[1].str();
    return {};
  }
};

TEST_P(Planned, IsWhatIsDone) {
  installation_.Creates(GetParam().replicas);
  if (GetParam().switched_before) {
    SwitchesOver();
    installation_.Pass(2s);
  }
  service::ModifyClusterRequest request = Request(GetParam().changes);
  request.replicas_to_remove = GetParam().removals;
  const std::vector<std::string> plan = Plan(request);
  EXPECT_EQ(plan, Done(request));
}

INSTANTIATE_TEST_SUITE_P(
    Modifications, Planned,
    testing::Values(
        Case{"Upgrade", 2, {Rolling::ToVersion}}, Case{"UpgradeElsewhere", 2, {Rolling::ToVersion}, {}, true},
        Case{"UpgradeOfOneNode", 0, {Rolling::ToVersion}}, Case{"More", 1, {Rolling::ToReplicas(4)}},
        Case{"FewerFromWhereMostAre", 5, {Rolling::ToReplicas(2)}},
        Case{"FewerElsewhere", 3, {Rolling::ToReplicas(1)}, {}, true},
        Case{"FewerByName", 3, {Rolling::ToReplicas(1)}, {"orders-002", "orders-004"}},
        Case{"UpgradeWithMore", 1, {Rolling::ToVersion, Rolling::ToReplicas(3)}},
        Case{"UpgradeWithFewer", 4, {Rolling::ToVersion, Rolling::ToReplicas(2)}},
        Case{"UpgradeWithFewerByName", 4, {Rolling::ToVersion, Rolling::ToReplicas(2)}, {"orders-002", "orders-003"}},
        Case{"UpgradeWithAFirstReplica", 0, {Rolling::ToVersion, Rolling::ToReplicas(1)}},
        Case{"UpgradeWithoutTheOnlyReplica", 1, {Rolling::ToVersion, Rolling::ToReplicas(0), Rolling::Alone}},
        Case{"UpgradeWithoutBoth", 2, {Rolling::ToVersion, Rolling::ToReplicas(0), Rolling::Alone}},
        Case{"UpgradeWithoutBothByName",
             2,
             {Rolling::ToVersion, Rolling::ToReplicas(0), Rolling::Alone},
             {"orders-002", "orders-003"}}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace cacheplane::reconcile
