#include <gtest/gtest.h>

#include "controlplane/decide/assignments.h"
#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {
namespace {

using model::ClusterStatus;
using model::Role;
using namespace std::chrono_literals;

std::string ReasonOf(const Step& step) {
  if (const auto* waiting = As<Waiting>(step)) return waiting->reason;
  if (const auto* blocked = As<Blocked>(step)) return blocked->reason;
  if (const auto* status = As<SetStatus>(step)) return status->reason;
  return "no reason in " + Describe(step);
}

bool Contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Creation, IsAStoryOfSteps) {
  Scenario scenario;
  scenario.Place();
  EXPECT_EQ(ReasonOf(scenario.Next()), "orders-001: no report from agent-a yet");
  scenario.Runs(1);
  EXPECT_EQ(scenario.Next(), Step(AttachReplicas{model::Epoch{1}}));
  scenario.view.shard->attached = model::Epoch{1};
  EXPECT_EQ(ReasonOf(scenario.Next()), "orders-002: no report from agent-b yet");
  scenario.Runs(2).Runs(3);
  EXPECT_NE(As<PublishEndpoints>(scenario.Next()), nullptr);
  scenario.Published();
  EXPECT_EQ(ReasonOf(scenario.Next()), "no router is connected to serve the endpoints");
  scenario.Served();
  EXPECT_EQ(scenario.Next(), Step(SetStatus{ClusterStatus::kAvailable, ""}));
}

TEST(Creation, ReaderEndpointSpreadsOverReplicasPrimaryEndpointIsThePrimary) {
  Scenario scenario;
  scenario.Place().Runs(1).Runs(2).Runs(3);
  scenario.view.shard->attached = model::Epoch{1};
  const Step step = scenario.Next();
  const auto* publish = As<PublishEndpoints>(step);
  ASSERT_NE(publish, nullptr) << Describe(step);
  EXPECT_EQ(publish->primary, std::vector{scenario.Node(1).planned.address});
  EXPECT_EQ(publish->reader.size(), 2U);
}

TEST(Creation, ALoneNodeServesBothEndpoints) {
  Scenario scenario(0, false);
  scenario.Place().Runs(1);
  scenario.view.shard->attached = model::Epoch{1};
  const Step step = scenario.Next();
  const auto* publish = As<PublishEndpoints>(step);
  ASSERT_NE(publish, nullptr) << Describe(step);
  EXPECT_EQ(publish->reader, publish->primary);
}

struct Unverified {
  const char* what;
  void (*spoil)(Scenario&);
  const char* reason;
};

class NotAvailableBecause : public testing::TestWithParam<Unverified> {};

// Every way in which a node can be short of what was promised keeps a new cluster from being called available.
TEST_P(NotAvailableBecause, WhileCreating) {
  Scenario scenario;
  scenario.Converge();
  scenario.view.cluster.status = ClusterStatus::kCreating;
  GetParam().spoil(scenario);
  const Step step = scenario.Next();
  EXPECT_EQ(As<SetStatus>(step), nullptr) << Describe(step);
}

TEST_P(NotAvailableBecause, WhileAvailableMakesItImpairedWithTheReason) {
  Scenario scenario;
  scenario.Converge();
  scenario.view.cluster.spec.automatic_failover = false;
  GetParam().spoil(scenario);
  for (NodeView& node : scenario.view.nodes) node.facts->link_down_seconds = node.facts->link_up ? 0 : 60;
  Step step = scenario.Next();
  if (As<PublishEndpoints>(step) != nullptr) {
    scenario.Published();
    step = scenario.Next();
  }
  const auto* status = As<SetStatus>(step);
  ASSERT_NE(status, nullptr) << Describe(step);
  EXPECT_EQ(status->status, ClusterStatus::kImpaired);
  EXPECT_TRUE(Contains(status->reason, GetParam().reason)) << status->reason;
}

INSTANTIATE_TEST_SUITE_P(
    Everything, NotAvailableBecause,
    testing::Values(
        Unverified{"replica gone", [](Scenario& s) { s.Dies(2); }, "orders-002: ended: signal 9"},
        Unverified{"replica gone and not to be started", [](Scenario& s) { s.Dies(2).Facts(2).problem = "no image"; },
                   "orders-002: ended: signal 9; no image"},
        Unverified{"replica hung", [](Scenario& s) { s.Facts(2).process = model::ProcessState::kHung; },
                   "does not answer"},
        Unverified{"replica starting", [](Scenario& s) { s.Facts(2).process = model::ProcessState::kStarting; },
                   "starting"},
        Unverified{"replica link down", [](Scenario& s) { s.Facts(2).link_up = false; }, "link to orders-001 is down"},
        Unverified{"replica follows another", [](Scenario& s) { s.Facts(2).primary.ip = "127.20.0.9"; }, "link"},
        Unverified{"replica is a primary", [](Scenario& s) { s.Facts(2).role = Role::kPrimary; }, "link"},
        Unverified{"replica of another version", [](Scenario& s) { s.Facts(3).engine_version = "8.1.1"; },
                   "orders-003: runs version 8.1.1, not 8.0.1"},
        Unverified{"primary does not list it", [](Scenario& s) { s.Facts(1).replicas.pop_back(); }, "does not list it"},
        Unverified{"primary lists it as synchronising",
                   [](Scenario& s) { s.Facts(1).replicas[0].state = "wait_bgsave"; }, "synchronising (wait_bgsave)"},
        Unverified{"primary hung", [](Scenario& s) { s.Facts(1).process = model::ProcessState::kHung; }, "orders-001"},
        Unverified{"primary demoted by hand", [](Scenario& s) { s.Facts(1).role = Role::kReplica; }, "not yet open"},
        Unverified{"primary in an older epoch", [](Scenario& s) { s.Facts(1).epoch = model::Epoch{0}; },
                   "not yet open"},
        Unverified{"agent long silent", [](Scenario& s) { s.FallsSilent(3, 20s); }, "agent-c has not been heard"}),
    [](const auto& test) {
      std::string name = test.param.what;
      std::replace(name.begin(), name.end(), ' ', '_');
      return name;
    });

TEST(Silence, OfAnAgentThatRestartsChangesNothing) {
  Scenario scenario;
  scenario.Converge().FallsSilent(2, 2s);
  EXPECT_NE(As<Waiting>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Silence, AfterARestartOfTheControlPlaneChangesNothingEither) {
  Scenario scenario;
  scenario.Converge();
  for (NodeView& node : scenario.view.nodes) {
    node.facts.reset();
    node.agent_connected = false;
    node.silence = 1s;
  }
  scenario.view.routers = {};
  EXPECT_NE(As<Waiting>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Silence, OfThePrimarysAgentLeavesReplicasUnjudged) {
  Scenario scenario;
  scenario.Converge();
  scenario.Node(1).facts.reset();
  scenario.FallsSilent(1, 1s);
  EXPECT_NE(As<Waiting>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Queue, TheFirstHasItsTurnOnceNothingIsUnderWay) {
  Scenario scenario;
  scenario.Converge();
  scenario.view.cluster.queue = {model::OperationId("op-2"), model::OperationId("op-3")};
  EXPECT_EQ(scenario.Next(), Step(BeginQueued{model::OperationId("op-2")}));
  scenario.Dies(1);
  EXPECT_EQ(scenario.Next(), Step(BeginQueued{model::OperationId("op-2")})) << "it may be what mends the cluster";
  scenario.Node(2).facts.reset();
  scenario.Node(2).silence = 1s;
  EXPECT_EQ(As<BeginQueued>(scenario.Next()), nullptr) << "how much it holds is not known yet";
  scenario.Node(2).silence = 20s;
  EXPECT_NE(As<BeginQueued>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.view.cluster.operation = model::OperationId("op-1");
  EXPECT_EQ(As<BeginQueued>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.view.cluster.status = ClusterStatus::kDeleting;
  scenario.view.cluster.operation = {};
  EXPECT_EQ(As<BeginQueued>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

// Its turn came, and there was nothing to do or it could not be had.
TEST(Queue, WhatIsLeftBehindIsAvailableOrImpaired) {
  Scenario scenario;
  scenario.Converge();
  scenario.view.cluster.status = ClusterStatus::kModifying;
  EXPECT_EQ(scenario.Next(), Step(SetStatus{ClusterStatus::kAvailable, ""}));
  scenario.Facts(1).replicas[0].state = "wait_bgsave";
  const Step step = scenario.Next();
  ASSERT_NE(As<SetStatus>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<SetStatus>(step)->status, ClusterStatus::kImpaired);
  Scenario held;
  held.Converge().LosesHost(3);
  held.view.cluster.status = ClusterStatus::kModifying;
  for (HostView& host : held.view.hosts) host.reserved_bytes = host.host.memory_bytes;
  const Step no_place = held.Next();
  ASSERT_NE(As<SetStatus>(no_place), nullptr) << Describe(no_place);
  EXPECT_EQ(As<SetStatus>(no_place)->status, ClusterStatus::kImpaired);
}

TEST(Impaired, BecomesAvailableAgainWhenVerified) {
  Scenario scenario;
  scenario.Converge();
  scenario.view.cluster.status = ClusterStatus::kImpaired;
  EXPECT_EQ(scenario.Next(), Step(SetStatus{ClusterStatus::kAvailable, ""}));
}

TEST(Assignments, CarryAPermitOnlyUntilItsEpochHadAnOpenPrimary) {
  Scenario scenario;
  scenario.Place();
  AssignmentInputs inputs;
  inputs.node = scenario.Node(1).planned;
  inputs.shard = *scenario.view.shard;
  inputs.primary = scenario.Node(1).planned.address;
  inputs.spec = scenario.view.cluster.spec;
  EXPECT_EQ(MakeAssignment(inputs).boot, model::Boot{1});
  inputs.shard.attached = inputs.shard.epoch;
  EXPECT_EQ(MakeAssignment(inputs).boot, model::Boot{0});
}

TEST(Deletion, IsAStoryOfSteps) {
  Scenario scenario;
  scenario.Converge();
  scenario.view.cluster.status = ClusterStatus::kDeleting;
  EXPECT_EQ(scenario.Next(), Step(WithdrawEndpoints{}));
  scenario.Withdrawn();
  EXPECT_EQ(ReasonOf(scenario.Next()), "the router serves endpoint map 1, not yet 2");
  scenario.view.routers.served_version = 2;
  EXPECT_EQ(scenario.Next(), Step(EraseNodes{}));
  for (NodeView& node : scenario.view.nodes) node.planned.intent = model::Intent::kErase;
  EXPECT_EQ(ReasonOf(scenario.Next()), "orders-001: being erased by agent-a");
  for (int ordinal = 1; ordinal <= 3; ++ordinal) scenario.Facts(ordinal).process = model::ProcessState::kErased;
  EXPECT_EQ(scenario.Next(), Step(ForgetCluster{}));
}

TEST(Deletion, DoesNotWaitForARouterThatIsAway) {
  Scenario scenario;
  scenario.Converge();
  scenario.view.cluster.status = ClusterStatus::kDeleting;
  scenario.Withdrawn();
  scenario.view.routers.any_connected = false;
  EXPECT_EQ(scenario.Next(), Step(EraseNodes{}));
}

// Told to erase, but not done yet.
Scenario Erasing() {
  Scenario scenario;
  scenario.Converge();
  scenario.view.cluster.status = ClusterStatus::kDeleting;
  scenario.Withdrawn();
  scenario.view.routers.served_version = 2;
  for (NodeView& node : scenario.view.nodes) node.planned.intent = model::Intent::kErase;
  return scenario;
}

TEST(Deletion, WaitsForAnAgentThatIsAway) {
  Scenario scenario = Erasing();
  scenario.FallsSilent(1, 20s);
  EXPECT_TRUE(Contains(ReasonOf(scenario.Next()), "agent-a is not connected"));
}

TEST(Deletion, LeavesWhatIsOnALostHostToBeErasedWhenItIsBack) {
  Scenario scenario = Erasing();
  scenario.LosesHost(1);
  EXPECT_EQ(ReasonOf(scenario.Next()), "orders-002: being erased by agent-b");
  for (int ordinal = 2; ordinal <= 3; ++ordinal) scenario.Facts(ordinal).process = model::ProcessState::kErased;
  EXPECT_EQ(scenario.Next(), Step(ForgetCluster{{model::Incarnation("i1")}}));
}

TEST(Deletion, BeforePlacementForgetsAtOnce) {
  Scenario scenario;
  scenario.view.cluster.status = ClusterStatus::kDeleting;
  EXPECT_EQ(scenario.Next(), Step(ForgetCluster{}));
}

}  // namespace
}  // namespace cacheplane::decide
