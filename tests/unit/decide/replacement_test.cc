#include "controlplane/decide/replacement.h"

#include <gtest/gtest.h>

#include "controlplane/decide/assignments.h"
#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {
namespace {

using model::ClusterStatus;
using model::Epoch;
using namespace std::chrono_literals;

// Impaired, because the host of orders-003 in zone-c is lost; `agent-d` in `zone` could take it.
Scenario WithoutItsThirdHost(const std::string& zone) {
  Scenario scenario;
  scenario.Host("agent-d", zone).Converge().LosesHost(3);
  scenario.view.cluster.status = ClusterStatus::kImpaired;
  return scenario;
}

ReplaceNode Replacement(const Scenario& scenario) {
  const Step step = scenario.Next();
  const auto* replacement = As<ReplaceNode>(step);
  if (replacement != nullptr) return *replacement;
  ADD_FAILURE() << Describe(step);
  return {};
}

std::string Reason(const Step& step) {
  if (const auto* waiting = As<Waiting>(step)) return waiting->reason;
  if (const auto* status = As<SetStatus>(step)) return status->reason;
  return "no reason in " + Describe(step);
}

model::Assignment AssignmentOf(const Scenario& scenario, int ordinal) {
  AssignmentInputs inputs;
  inputs.node = scenario.view.nodes[static_cast<std::size_t>(ordinal - 1)].planned;
  inputs.shard = *scenario.view.shard;
  inputs.primary = PrimaryOf(scenario.view)->planned.address;
  return MakeAssignment(inputs);
}

TEST(Replacement, IsAStoryOfSteps) {
  Scenario scenario = WithoutItsThirdHost("zone-c");
  const ReplaceNode step = Replacement(scenario);
  EXPECT_EQ(step.lost.str(), "i3");
  EXPECT_EQ(step.node.name.str(), "orders-003");
  EXPECT_EQ(step.node.agent.str(), "agent-d");
  EXPECT_EQ(step.node.role, model::Role::kReplica);
  EXPECT_EQ(step.node.boot, model::Boot{0});
  EXPECT_EQ(step.epoch, Epoch{2});
  EXPECT_EQ(step.reason, "agent-c has not been heard for 30 s");
  scenario.Replaced();
  EXPECT_EQ(Reason(scenario.Next()), "orders-001: not told of the node that joins yet");
  scenario.Facts(1).epoch = Epoch{2};
  EXPECT_EQ(scenario.Next(), Step(AttachReplicas{Epoch{2}}));
  scenario.view.shard->attached = Epoch{2};
  EXPECT_EQ(Reason(scenario.Next()), "orders-003: no report from agent-d yet");
  scenario.Runs(3);
  EXPECT_EQ(As<PublishEndpoints>(scenario.Next())->reader.size(), 2U) << Describe(scenario.Next());
  scenario.Published();
  EXPECT_EQ(scenario.Next(), Step(FinishRecovery{model::NodeName("orders-003"), 0}));
  scenario.Node(3).planned.recovering = false;
  EXPECT_EQ(scenario.Next(), Step(SetStatus{ClusterStatus::kAvailable, ""}));
}

TEST(Replacement, WaitsForAHostThatMayBeRebooting) {
  Scenario scenario = WithoutItsThirdHost("zone-c");
  scenario.FallsSilent(3, 29s);
  EXPECT_EQ(As<ReplaceNode>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Replacement, IsOfReplicasAloneAndOnlyBehindAVerifiedPrimary) {
  Scenario primary;
  primary.Host("agent-d", "zone-a").Converge().LosesHost(1);
  EXPECT_EQ(As<ReplaceNode>(primary.Next()), nullptr) << Describe(primary.Next());
  Scenario alone(0, false);
  alone.Converge().LosesHost(1);
  EXPECT_EQ(As<ReplaceNode>(alone.Next()), nullptr) << Describe(alone.Next());
  Scenario unverified = WithoutItsThirdHost("zone-c");
  unverified.Facts(1).process = model::ProcessState::kStarting;
  EXPECT_EQ(As<ReplaceNode>(unverified.Next()), nullptr) << Describe(unverified.Next());
}

struct Where {
  const char* what;
  void (*given)(Scenario&);
  const char* agent;
};

class ReplacementHost : public testing::TestWithParam<Where> {};

TEST_P(ReplacementHost, IsChosen) {
  Scenario scenario;
  scenario.Host("agent-c2", "zone-c");
  GetParam().given(scenario);
  scenario.Converge();
  // Placed on agent-a, agent-b and agent-c, whatever came after them.
  scenario.LosesHost(3);
  scenario.view.cluster.status = ClusterStatus::kImpaired;
  EXPECT_EQ(Replacement(scenario).node.agent.str(), GetParam().agent);
}

void Fill(Scenario& scenario, const std::string& agent) {
  for (HostView& host : scenario.view.hosts) {
    if (host.host.agent.str() == agent) host.reserved_bytes = host.host.memory_bytes - kGib / 2;
  }
}

INSTANTIATE_TEST_SUITE_P(In, ReplacementHost,
                         testing::Values(Where{"the_same_zone", [](Scenario& s) { s.Host("agent-b2", "zone-b"); },
                                               "agent-c2"},
                                         Where{"another_zone_when_the_same_is_full",
                                               [](Scenario& s) {
                                                 s.Host("agent-b2", "zone-b");
                                                 Fill(s, "agent-c2");
                                               },
                                               "agent-b2"},
                                         Where{"the_zone_with_fewest_nodes",
                                               [](Scenario& s) {
                                                 s.view.cluster.spec.preferred_zones = {"zone-a", "zone-a", "zone-c"};
                                                 s.Host("agent-a2", "zone-a").Host("agent-a3", "zone-a");
                                                 Fill(s, "agent-c2");
                                               },
                                               "agent-b"},
                                         Where{"a_host_with_another_node_but_not_the_primarys_when_there_is_no_other",
                                               [](Scenario& s) { Fill(s, "agent-c2"); }, "agent-b"}),
                         [](const auto& test) { return test.param.what; });

TEST(Replacement, GetsAFreshAddressOfItsZone) {
  Scenario scenario = WithoutItsThirdHost("zone-b");
  for (SubnetView& subnet : scenario.view.subnets) {
    for (const NodeView& node : scenario.view.nodes) subnet.used.insert(node.planned.address.ip);
  }
  const ReplaceNode step = Replacement(scenario);
  EXPECT_EQ(step.node.subnet, "subnet-zone-b");
  EXPECT_EQ(step.node.address, (model::Address{"127.20.16.5", 6379}));
}

TEST(Replacement, NeverLeavesAMultiAzShardInOneZone) {
  Scenario scenario(1);
  scenario.Converge().LosesHost(2);
  for (const char* agent : {"agent-b", "agent-c"}) Fill(scenario, agent);
  scenario.view.cluster.status = ClusterStatus::kImpaired;
  EXPECT_EQ(Reason(scenario.Next()),
            "orders-002 cannot be replaced: in zone-a agent-a would leave all nodes in one zone (Multi-AZ); in zone-c "
            "agent-c has 0.50 GiB free of the 1.00 GiB needed");
  scenario.view.cluster.spec.multi_az = false;
  EXPECT_EQ(Replacement(scenario).node.agent.str(), "agent-a");
}

TEST(Replacement, ThatIsImpossibleIsTheStatusOfAClusterThatWasAvailable) {
  Scenario scenario = WithoutItsThirdHost("zone-c");
  for (const char* agent : {"agent-a", "agent-b", "agent-d"}) Fill(scenario, agent);
  scenario.view.cluster.status = ClusterStatus::kAvailable;
  const Step step = scenario.Next();
  ASSERT_NE(As<SetStatus>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<SetStatus>(step)->reason.rfind("orders-003 cannot be replaced: ", 0), 0U) << Describe(step);
}

TEST(Replacement, IsNotBegunByAControlPlaneThatIsCutOff) {
  Scenario scenario = WithoutItsThirdHost("zone-c");
  for (HostView& host : scenario.view.hosts) host.connected = host.host.agent.str() == "agent-d";
  EXPECT_EQ(Reason(scenario.Next()),
            "orders-003 is not replaced yet: 3 of 4 hosts are silent, so that it may be the control plane that is cut "
            "off");
  for (HostView& host : scenario.view.hosts) host.connected = host.host.agent.str() != "agent-c";
  scenario.view.unbroken = 10s;
  EXPECT_EQ(Reason(scenario.Next()), "orders-003 is not replaced yet: most hosts were silent until lately");
  scenario.view.unbroken = 31s;
  EXPECT_EQ(Replacement(scenario).node.agent.str(), "agent-d");
}

TEST(Replacement, ComesAfterOthersInAllClusters) {
  Scenario scenario = WithoutItsThirdHost("zone-c");
  scenario.view.replacements = {1s, 2s, 3s, 4s};
  EXPECT_EQ(Reason(scenario.Next()), "orders-003 is not replaced yet: 4 other replacements come first");
  scenario.view.replacements.back() = 11min;
  EXPECT_NE(As<ReplaceNode>(scenario.Next()), nullptr) << "one that got stuck holds nobody up";
}

TEST(Replacement, IsOneAtATimeInAShard) {
  Scenario scenario;
  for (const char* zone : {"zone-a", "zone-b", "zone-c"}) scenario.Host(std::string("more-in-") + zone, zone);
  scenario.Converge().LosesHost(2).LosesHost(3);
  scenario.view.cluster.status = ClusterStatus::kImpaired;
  scenario.Replaced();
  scenario.Facts(1).epoch = scenario.view.shard->attached = Epoch{2};
  EXPECT_EQ(Reason(scenario.Next()), "orders-002: no report from more-in-zone-b yet");
  scenario.Runs(2);
  scenario.Node(2).planned.recovering = false;
  scenario.Published();
  EXPECT_EQ(Replacement(scenario).node.name.str(), "orders-003");
  scenario.Node(2).planned.recovering = true;
  scenario.LosesHost(2);
  EXPECT_EQ(Replacement(scenario).node.name.str(), "orders-002") << "lost again before it was verified";
}

TEST(Joining, LeavesTheOthersWithThePrimaryAndTheNewNodeAlone) {
  Scenario scenario = WithoutItsThirdHost("zone-c");
  scenario.Replaced();
  EXPECT_EQ(AssignmentOf(scenario, 1).boot, model::Boot{0});
  EXPECT_EQ(AssignmentOf(scenario, 2).primary, scenario.Node(1).planned.address);
  EXPECT_EQ(AssignmentOf(scenario, 3).primary, std::nullopt);
  scenario.view.shard->attached = Epoch{2};
  EXPECT_EQ(AssignmentOf(scenario, 3).primary, scenario.Node(1).planned.address);
}

TEST(Joining, DoesNotMakeAnAvailableClusterImpaired) {
  Scenario scenario = WithoutItsThirdHost("zone-c");
  scenario.Replaced();
  scenario.view.cluster.status = ClusterStatus::kAvailable;
  EXPECT_NE(As<Waiting>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

// The primary may have been open in the joining epoch unseen, and the new node may not be known to it.
TEST(Joining, APrimaryThatDiesMeanwhileIsDetachedInAFurtherEpoch) {
  Scenario scenario = WithoutItsThirdHost("zone-c");
  scenario.Replaced().Dies(1);
  EXPECT_EQ(scenario.Next(), Step(DetachReplicas{Epoch{3}}));
  scenario.Runs(3).HoldsNothing(3).Detached();
  scenario.Facts(2).epoch = Epoch{2};
  EXPECT_EQ(As<PromoteReplica>(scenario.Next()), nullptr) << "that report is from before the detach";
  scenario.Facts(2).epoch = Epoch{3};
  const Step step = scenario.Next();
  ASSERT_NE(As<PromoteReplica>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<PromoteReplica>(step)->node.str(), "orders-002");
  EXPECT_EQ(As<PromoteReplica>(step)->passed_over, std::vector<std::string>{"orders-003: holds nothing"});
  scenario.Swapped(2);
  EXPECT_EQ(AssignmentOf(scenario, 3).primary, std::nullopt);
  scenario.view.shard->attached = scenario.view.shard->epoch;
  EXPECT_EQ(AssignmentOf(scenario, 3).primary, scenario.Node(2).planned.address);
}

TEST(Joining, AnUnreachablePrimaryOfAnEmptyReplicaIsWaitedFor) {
  Scenario scenario(1);
  scenario.Converge().LosesHost(2);
  scenario.view.cluster.status = ClusterStatus::kImpaired;
  scenario.Replaced().Runs(2);
  scenario.Facts(1).replicas.clear();
  scenario.Facts(2).primary = {scenario.Node(2).planned.address.ip, 1};
  scenario.Facts(2).link_up = false;
  scenario.HoldsNothing(2);
  scenario.FallsSilent(1, 60s);
  scenario.Node(1).lease_left = -1s;
  EXPECT_NE(As<Waiting>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Joining, APrimaryThatStoppedCleanlyMeanwhileIsStartedAgainInAFurtherEpoch) {
  for (const Epoch stopped_in : {Epoch{1}, Epoch{2}}) {
    Scenario scenario = WithoutItsThirdHost("zone-c");
    scenario.Replaced().Dies(1, "stopped");
    scenario.Facts(1).clean_stop = stopped_in;
    ASSERT_NE(As<StartPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
    EXPECT_EQ(As<StartPrimary>(scenario.Next())->epoch, Epoch{3});
  }
}

TEST(Joining, IsNoGroundForASwitchoverBeforeTheAttach) {
  Scenario scenario = WithoutItsThirdHost("zone-c");
  scenario.Replaced().Asked(model::OperationKind::kSwitchover, "orders-002");
  EXPECT_EQ(As<SwitchPrimary>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

}  // namespace
}  // namespace cacheplane::decide
