// Processes give way to others of the same make.
#include <gtest/gtest.h>

#include "controlplane/decide/rolling.h"
#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {
namespace {

using model::OperationKind;
using model::ProcessState;
using namespace std::chrono_literals;

class Reboot : public testing::Test {
 protected:
  Reboot() { scenario.Converge(); }

  void Asks(const std::vector<int>& ordinals) {
    scenario.Asked(OperationKind::kRebootCluster, "");
    scenario.view.cluster.status = model::ClusterStatus::kModifying;
    scenario.view.operation_age = 1h;
    scenario.view.operation->before = model::BuildOf(scenario.view.cluster.spec);
    scenario.view.operation->before_replicas = scenario.view.cluster.spec.replicas_per_shard;
    for (const int ordinal : ordinals) scenario.view.operation->reboots[scenario.Node(ordinal).planned.incarnation] = 0;
  }

  // The step for a replica whose readers are away already.
  Step Renewal(int ordinal) {
    scenario.Node(ordinal).planned.readers_away = true;
    if (As<PublishEndpoints>(scenario.Served().Next()) != nullptr) scenario.Published();
    return scenario.Served().Next();
  }

  Scenario scenario;
};

TEST_F(Reboot, KeepsTheImageThoughTheHostHasANewerOne) {
  for (HostView& host : scenario.view.hosts) host.host.images.push_back({"valkey", "8.0.9"});
  Asks({2});
  const Step step = Renewal(2);
  ASSERT_NE(As<RenewNode>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<RenewNode>(step)->node.str(), "orders-002");
  EXPECT_EQ(As<RenewNode>(step)->image_version, "8.0.1");
}

TEST_F(Reboot, TakesTheNewestImageWhenTheHostHasLostThatOne) {
  for (HostView& host : scenario.view.hosts) host.host.images = {{"valkey", "8.0.9"}};
  Asks({2});
  const Step step = Renewal(2);
  ASSERT_NE(As<RenewNode>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<RenewNode>(step)->image_version, "8.0.9");
}

TEST_F(Reboot, OfThePrimaryAloneHandsOverFirst) {
  Asks({1});
  EXPECT_EQ(scenario.Served().Next(), Step(SwitchPrimary{model::NodeName("orders-002"), model::Epoch{2}, 1, 1}));
}

TEST_F(Reboot, IsDoneWhenNobodyIsLeft) {
  Asks({2});
  scenario.Node(2).planned.renewal = 1;
  scenario.Facts(2).renewal = 1;
  EXPECT_EQ(scenario.Served().Next(), Step(CompleteOperation{}));
}

TEST_F(Reboot, ANodeReplacedMeanwhileIsNotRestarted) {
  Asks({2});
  scenario.view.operation->reboots = {{model::Incarnation("gone"), 0}};
  EXPECT_EQ(scenario.Served().Next(), Step(CompleteOperation{}));
}

TEST_F(Reboot, ACancelledOneLeavesTheRestAlone) {
  Asks({1, 2, 3});
  scenario.view.operation->cancelled = true;
  EXPECT_EQ(scenario.Served().Next(), Step(GoBack{"it was cancelled"}));
  scenario.view.operation->failure = "it was cancelled";
  EXPECT_EQ(scenario.Served().Next(), Step(FailOperation{"it was cancelled"}));
}

TEST_F(Reboot, ACancelledOneEndsThoughAHostIsLost) {
  Asks({1, 2, 3});
  scenario.view.operation->cancelled = true;
  scenario.FallsSilent(3, 20s);
  if (As<PublishEndpoints>(scenario.Served().Next()) != nullptr) scenario.Published();
  EXPECT_EQ(scenario.Served().Next(), Step(GoBack{"it was cancelled"}));
  scenario.view.operation->failure = "it was cancelled";
  const Step step = scenario.Served().Next();
  ASSERT_NE(As<FailOperation>(step), nullptr) << Describe(step);
  EXPECT_NE(As<FailOperation>(step)->impaired, "");
}

TEST_F(Reboot, WhoIsUnwellIsRestartedFirst) {
  Asks({1, 2, 3});
  scenario.Dies(3, "exit status 1");
  if (As<PublishEndpoints>(scenario.Served().Next()) != nullptr) scenario.Published();
  const Step step = Renewal(3);
  ASSERT_NE(As<RenewNode>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<RenewNode>(step)->node.str(), "orders-003");
}

TEST_F(Reboot, EndsWhenANodeDoesNotComeUpAgain) {
  Asks({2, 3});
  model::Node& node = scenario.Node(2).planned;
  node.renewal = 1;
  node.renewed_start = 1;
  node.recovering = true;
  scenario.Node(2).since_renewal = 0ms;
  scenario.Dies(2, "exit status 1");
  scenario.Facts(2).renewal = 1;
  if (As<PublishEndpoints>(scenario.Served().Next()) != nullptr) scenario.Published();
  EXPECT_NE(As<Waiting>(scenario.Served().Next()), nullptr) << "it may come up yet";
  scenario.Facts(2).starts = 1 + 3;
  const std::string reason = "orders-002 did not come up again: its process ended 3 times: exit status 1";
  EXPECT_EQ(scenario.Served().Next(), Step(GoBack{reason}));
  scenario.view.operation->failure = reason;
  EXPECT_EQ(scenario.Served().Next(), Step(FailOperation{reason, "orders-002: ended: exit status 1"}));
}

}  // namespace
}  // namespace cacheplane::decide
