#include "controlplane/decide/handover.h"

#include <gtest/gtest.h>

#include "controlplane/decide/assignments.h"
#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {
namespace {

using model::OperationKind;
using namespace std::chrono_literals;

// orders-001 hands over to orders-002; nothing has happened yet.
Scenario HandingOver() {
  Scenario scenario;
  scenario.Converge().Asked(OperationKind::kSwitchover, "orders-002").Swapped(2);
  scenario.view.shard->handover = scenario.Node(1).planned.incarnation;
  for (NodeView& node : scenario.view.nodes) node.planned.chosen_start = node.facts->starts;
  return scenario;
}

TEST(Switchover, BeginsOnceTheSuccessorIsInSync) {
  Scenario scenario;
  scenario.Converge().Asked(OperationKind::kSwitchover, "orders-002");
  scenario.Facts(1).starts = 7;
  EXPECT_EQ(scenario.Next(), Step(SwitchPrimary{model::NodeName("orders-002"), model::Epoch{2}, 1, 7}));
  scenario.Facts(1).replicas[0].state = "send_bulk";
  EXPECT_EQ(As<SwitchPrimary>(scenario.Next()), nullptr);
  scenario.view.operation_age = 31s;
  EXPECT_NE(As<FailOperation>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Switchover, IsDoneOnceEverythingIsVerified) {
  Scenario scenario;
  scenario.Converge().Asked(OperationKind::kSwitchover, "orders-001");
  EXPECT_EQ(scenario.Next(), Step(CompleteOperation{}));
}

TEST(Handover, LeadsNobodyToASuccessorThatIsNotOpen) {
  const Scenario scenario = HandingOver();
  EXPECT_NE(As<Waiting>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Handover, ThatSucceededLeadsClientsToTheSuccessor) {
  Scenario scenario = HandingOver();
  scenario.Runs(2);
  const Step step = scenario.Next();
  ASSERT_NE(As<PublishEndpoints>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<PublishEndpoints>(step)->primary.front(), scenario.Node(2).planned.address);
  scenario.Published();
  EXPECT_EQ(scenario.Next(), Step(AttachReplicas{model::Epoch{2}}));
}

TEST(Handover, ClientsOfTheFormerPrimaryDialAnewOnceTheRoutersLeadElsewhere) {
  Scenario scenario = HandingOver();
  scenario.view.shard->handover = {};
  scenario.view.shard->attached = scenario.view.shard->epoch;
  scenario.Node(1).planned.stepped_down = scenario.view.shard->epoch;
  scenario.Runs(2).Runs(1).Runs(3).Published();
  scenario.view.endpoints.front().version = 2;
  EXPECT_EQ(As<CutClients>(scenario.Next()), nullptr) << "a client that dials anew now would be led back";
  scenario.view.routers.served_version = 2;
  EXPECT_EQ(scenario.Next(), Step(CutClients{model::NodeName("orders-001"), model::Epoch{2}}));
  scenario.Node(1).planned.cut = model::Epoch{2};
  EXPECT_EQ(scenario.Next(), Step(CompleteOperation{}));
}

TEST(Handover, IsReleasedOnceTheFormerPrimaryHasSteppedDown) {
  Scenario demoted = HandingOver();
  demoted.Facts(1).role = model::Role::kReplica;
  EXPECT_EQ(As<ReleaseHandover>(demoted.Next()), nullptr) << "an older report";
  demoted.Facts(1).epoch = model::Epoch{2};
  EXPECT_EQ(demoted.Next(), Step(HoldHandover{model::Epoch{3}})) << "it may have written more";
  demoted.Facts(1).handed_over = model::Epoch{2};
  EXPECT_EQ(demoted.Next(), Step(ReleaseHandover{}));
  demoted.Facts(1).starts = 2;
  EXPECT_EQ(demoted.Next(), Step(HoldHandover{model::Epoch{3}})) << "that is another process, which never was open";
}

TEST(Handover, OfAPrimaryThatEndsIsHeldUntilTheBestIsKnown) {
  Scenario scenario = HandingOver();
  scenario.Dies(1);
  EXPECT_EQ(scenario.Next(), Step(HoldHandover{model::Epoch{3}}));
  scenario.Held();
  EXPECT_NE(As<Waiting>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.SaysInEpoch(2, 500).SaysInEpoch(3, 500);
  EXPECT_EQ(scenario.Next(), Step(ReleaseHandover{})) << "the successor has as much as the other";
}

TEST(Handover, ToAReplicaThatLagsEndsWithTheBestAsPrimary) {
  Scenario scenario = HandingOver();
  scenario.Dies(1).Held().SaysInEpoch(2, 400).SaysInEpoch(3, 500);
  const Step condemned = scenario.Next();
  ASSERT_NE(As<CondemnNode>(condemned), nullptr) << Describe(condemned);
  EXPECT_EQ(As<CondemnNode>(condemned)->node, model::NodeName("orders-002"));
  scenario.Node(2).planned.condemned = 1;
  EXPECT_NE(As<Waiting>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.Dies(2);
  const Step promoted = scenario.Next();
  ASSERT_NE(As<PromoteReplica>(promoted), nullptr) << Describe(promoted);
  EXPECT_EQ(As<PromoteReplica>(promoted)->node, model::NodeName("orders-003"));
}

TEST(Handover, ThatIsHeldGoesOnWithoutASuccessorThatWasStartedAgain) {
  Scenario scenario = HandingOver();
  scenario.Dies(1).Held().SaysInEpoch(3, 500);
  scenario.Facts(2).starts = 2;
  scenario.HoldsNothing(2);
  const Step promoted = scenario.Next();
  ASSERT_NE(As<PromoteReplica>(promoted), nullptr) << Describe(promoted);
  EXPECT_EQ(As<PromoteReplica>(promoted)->node, model::NodeName("orders-003"));
}

TEST(Handover, OfASilentAgentIsHeldAfterItsLease) {
  Scenario scenario = HandingOver();
  scenario.FallsSilent(1, 2s);
  EXPECT_NE(As<Waiting>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.Node(1).lease_left = 0ms;
  EXPECT_EQ(UnprovenIn(scenario.Next()), scenario.Node(1).planned.incarnation) << Describe(scenario.Next());
  scenario.Held().SaysInEpoch(2, 500).SaysInEpoch(3, 500);
  EXPECT_EQ(scenario.Next(), Step(ReleaseHandover{scenario.Node(1).planned.incarnation}));
}

TEST(Handover, ThatWasGivenUpMakesTheFormerPrimaryPrimaryAgain) {
  Scenario scenario = HandingOver();
  scenario.Facts(1).handover_failed = model::Epoch{2};
  scenario.Facts(1).handover_problem = "too slow";
  EXPECT_EQ(scenario.Next(), Step(CancelSwitch{model::Epoch{3}, 1, "too slow"}));
}

TEST(Handover, ThatWasGivenUpMakesNoOtherProcessPrimaryAgain) {
  Scenario scenario = HandingOver();
  scenario.Facts(1).handover_failed = model::Epoch{2};
  scenario.Dies(1);
  EXPECT_EQ(scenario.Next(), Step(HoldHandover{model::Epoch{3}}));
  scenario.Facts(1).process = model::ProcessState::kRunning;
  scenario.Facts(1).role = model::Role::kReplica;
  scenario.Facts(1).epoch = model::Epoch{2};
  scenario.Facts(1).starts = 2;
  EXPECT_EQ(scenario.Next(), Step(HoldHandover{model::Epoch{3}})) << "its process holds nothing";
}

TEST(Handover, ThatWasBrokenOffOpensNobodyEmptyInFrontOfASilentPrimary) {
  Scenario scenario = HandingOver();
  scenario.FallsSilent(1, 2s);
  scenario.Held().SaysInEpoch(2, 0).SaysInEpoch(3, 0);
  ASSERT_NE(As<Blocked>(scenario.Next()), nullptr) << Describe(scenario.Next());
  EXPECT_EQ(As<Blocked>(scenario.Next())->reason,
            "a handover was broken off, orders-002 holds nothing, and orders-001 is waited for");
  scenario.Facts(1).replication_offset = 0;
  EXPECT_NE(As<ReleaseHandover>(scenario.Next()), nullptr) << "nobody holds anything";
}

TEST(Handover, OfANodeThatIsNotThereAnyMoreProvesNothing) {
  Scenario scenario = HandingOver();
  const model::Incarnation gone("gone");
  scenario.view.shard->handover = gone;
  EXPECT_EQ(scenario.Next(), Step(HoldHandover{model::Epoch{3}, gone}));
  scenario.Facts(1).role = model::Role::kReplica;
  scenario.Held().SaysInEpoch(1, 500).SaysInEpoch(2, 500).SaysInEpoch(3, 500);
  EXPECT_EQ(scenario.Next(), Step(ReleaseHandover{gone}));
}

TEST(TestFailover, KillsThePrimaryOnce) {
  Scenario scenario;
  scenario.Converge().Asked(OperationKind::kTestFailover, "orders-001");
  ASSERT_NE(As<CondemnNode>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.Node(1).planned.condemned = 1;
  EXPECT_EQ(As<CondemnNode>(scenario.Next()), nullptr);
}

TEST(TestFailover, KillsNobodyWhileNoReplicaCouldTakeOver) {
  Scenario scenario;
  scenario.Converge().Asked(OperationKind::kTestFailover, "orders-001");
  scenario.Facts(1).replicas.clear();
  EXPECT_EQ(As<CondemnNode>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Assignments, OfAHandoverKeepSiblingsWithTheFormerPrimary) {
  const Scenario scenario = HandingOver();
  const auto assignment = [&](int ordinal) {
    const model::Node& node = scenario.view.nodes[static_cast<std::size_t>(ordinal - 1)].planned;
    AssignmentInputs inputs;
    inputs.node = node;
    inputs.shard = *scenario.view.shard;
    inputs.primary = scenario.view.nodes[1].planned.address;
    inputs.handover = scenario.view.nodes[0].planned.address;
    inputs.peers = {{model::Incarnation("other"), ""}};
    inputs.routers = {"10.0.0.7:40001"};
    return MakeAssignment(inputs);
  };
  EXPECT_TRUE(assignment(1).hand_over);
  EXPECT_EQ(assignment(1).primary, scenario.view.nodes[1].planned.address);
  EXPECT_EQ(assignment(1).routers, std::vector<std::string>{"10.0.0.7:40001"});
  EXPECT_EQ(assignment(2).routers, std::vector<std::string>());
  EXPECT_TRUE(assignment(2).await_handover);
  EXPECT_TRUE(assignment(2).leased);
  EXPECT_FALSE(assignment(3).hand_over);
  EXPECT_EQ(assignment(3).primary, scenario.view.nodes[0].planned.address);
}

TEST(Recovery, IsFinishedOnceTheNodeIsVerified) {
  Scenario scenario;
  scenario.Converge();
  scenario.Node(3).planned.recovering = true;
  EXPECT_EQ(scenario.Next(), Step(FinishRecovery{model::NodeName("orders-003"), 0}));
  scenario.Facts(3).link_up = false;
  EXPECT_EQ(As<FinishRecovery>(scenario.Next()), nullptr);
}

}  // namespace
}  // namespace cacheplane::decide
