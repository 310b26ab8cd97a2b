// What was planned for a modification or reboot is what is then done.
#include <gtest/gtest.h>

#include <regex>

#include "controlplane/service/fleet_service.h"
#include "tests/unit/reconcile/rolling_fixture.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

struct Case {
  std::string name;
  int replicas;
  std::vector<Change> changes;
  std::vector<std::string> removals{};
  bool switched_before = false;
  bool reboots = false;
  bool moved_before = false;  // so that the lowest number is free
};

// What was planned for it beside what is then done, each as "action node".
class Planned : public Rolling, public testing::WithParamInterface<Case> {
 protected:
  std::vector<std::string> Plan(service::ModifyClusterRequest request) {
    request.validate_only = true;
    std::vector<std::string> steps;
    const auto answer = GetParam().reboots ? world_.clusters.RebootCluster({.name = "orders", .validate_only = true})
                                           : world_.clusters.ModifyCluster(request);
    if (!answer.ok()) throw std::runtime_error(answer.error().message);
    for (const service::PlannedStep& step : answer->plan) steps.push_back(step.action + " " + step.node);
    return steps;
  }

  std::vector<std::string> Done(const service::ModifyClusterRequest& request) {
    const std::size_t before = world_.Events().size();
    const model::OperationId id = GetParam().reboots ? Reboots() : Asks(request);
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

  void Moves() {
    service::FleetService fleet{world_.store, world_.facts, {world_.signals, world_.signals}, world_.clock};
    ASSERT_TRUE(fleet.DrainAgent("agent-a", false).ok());
    installation_.Pass(10s);
    ASSERT_TRUE(fleet.UncordonAgent("agent-a").ok());
    ASSERT_NE(installation_.NodesOf("orders").front().name.str(), "orders-001");
  }

 private:
  static std::string StepOf(const std::string& event) {
    std::smatch found;
    const auto is = [&](const char* pattern) { return std::regex_match(event, found, std::regex(pattern)); };
    if (is("(\\S+) is added on .*")) return "add a node " + found[1].str();
    if (is("Endpoints of cluster orders have port .*")) return "change the port of the endpoints ";
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
  if (GetParam().moved_before) Moves();
  service::ModifyClusterRequest request = Request(GetParam().changes);
  request.replicas_to_remove = GetParam().removals;
  const std::vector<std::string> plan = Plan(request);
  EXPECT_EQ(plan, Done(request));
}

INSTANTIATE_TEST_SUITE_P(
    Modifications, Planned,
    testing::Values(
        Case{"Upgrade", 2, {Rolling::ToVersion}}, Case{"Reboot", 2, {}, {}, false, true},
        Case{"RebootElsewhere", 2, {}, {}, true, true}, Case{"RebootOfOneNode", 0, {}, {}, false, true},
        Case{"UpgradeElsewhere", 2, {Rolling::ToVersion}, {}, true}, Case{"UpgradeOfOneNode", 0, {Rolling::ToVersion}},
        Case{"More", 1, {Rolling::ToReplicas(4)}}, Case{"FewerFromWhereMostAre", 5, {Rolling::ToReplicas(2)}},
        Case{"UpgradeAfterAMove", 2, {Rolling::ToVersion}, {}, false, false, true}, Case{"Port", 2, {Rolling::ToPort}},
        Case{"PortElsewhere", 2, {Rolling::ToPort}, {}, true}, Case{"PortOfOneNode", 0, {Rolling::ToPort}},
        Case{"PortAndFewer", 3, {Rolling::ToPort, Rolling::ToReplicas(1)}},
        Case{"PortAndMore", 1, {Rolling::ToPort, Rolling::ToReplicas(2)}},
        Case{"PortAndVersion", 1, {Rolling::ToPort, Rolling::ToVersion}},
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
