// Newer patch levels, in the maintenance window.
#include <gtest/gtest.h>

#include "controlplane/decide/rolling.h"
#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {
namespace {

using namespace std::chrono_literals;

class Update : public testing::Test {
 protected:
  Update() {
    scenario.Converge();
    view.cluster.spec.auto_minor_version_upgrade = true;
    for (HostView& host : view.hosts) {
      host.host.images.push_back({"valkey", "8.0.2"});
      host.reserved_bytes = host.host.memory_bytes;
    }
    view.window_left = view.window_length = 60min;
  }

  void Begins() {
    scenario.Asked(model::OperationKind::kUpdateNodes, "");
    view.cluster.status = model::ClusterStatus::kModifying;
    view.operation->before = model::BuildOf(view.cluster.spec);
    view.operation->before_replicas = view.cluster.spec.replicas_per_shard;
    for (const NodeView& node : view.nodes)
      view.operation->images_before[node.planned.incarnation] = node.planned.image_version;
  }
  // The step for a replica whose readers are away already.
  Step Renewal(int ordinal) {
    scenario.Node(ordinal).planned.readers_away = true;
    if (As<PublishEndpoints>(scenario.Next()) != nullptr) scenario.Published().Served();
    return scenario.Next();
  }

  Scenario scenario;
  ClusterView& view = scenario.view;
};

TEST_F(Update, BeginsInTheWindowAlone) {
  EXPECT_EQ(scenario.Next(), Step(StartUpdate{}));
  view.window_left = 0min;
  EXPECT_EQ(scenario.Next(), Step(Converged{}));
}

TEST_F(Update, BeginsOnceInAWindow) {
  view.since_update = 59min;
  EXPECT_EQ(scenario.Next(), Step(Converged{}));
  view.since_update = 60min;
  EXPECT_EQ(scenario.Next(), Step(StartUpdate{}));
}

TEST_F(Update, NeedsTimeAndLeave) {
  view.window_left = 1min;
  EXPECT_EQ(scenario.Next(), Step(Converged{})) << "it would not be done in time";
  view.window_left = 60min;
  view.cluster.spec.auto_minor_version_upgrade = false;
  EXPECT_EQ(scenario.Next(), Step(Converged{}));
}

TEST_F(Update, AnOlderPatchLevelIsNone) {
  for (HostView& host : view.hosts) host.host.images = {{"valkey", "8.0.0"}};
  EXPECT_EQ(scenario.Next(), Step(Converged{}));
}

TEST_F(Update, ReplicasFirstAndToTheNewest) {
  Begins();
  EXPECT_EQ(scenario.Next(), Step(LeadReadersAway{model::NodeName("orders-002")}));
  const Step step = Renewal(2);
  ASSERT_NE(As<RenewNode>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<RenewNode>(step)->image_version, "8.0.2");
}

TEST_F(Update, WhatDoesNotComeUpGetsItsFormerVersionBack) {
  Begins();
  model::Node& node = scenario.Node(2).planned;
  node.image_version = "8.0.2";
  node.renewal = 1;
  view.operation->failure = "it ends";
  scenario.Dies(2);
  scenario.Facts(2).renewal = 1;
  if (As<PublishEndpoints>(scenario.Next()) != nullptr) scenario.Published().Served();
  const Step step = Renewal(2);
  ASSERT_NE(As<RenewNode>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<RenewNode>(step)->image_version, "8.0.1");
}

TEST_F(Update, ASpareOfAnOlderPatchLevelWouldProveNothing) {
  Begins();
  scenario.Host("agent-d", "zone-c");
  EXPECT_EQ(scenario.Next(), Step(LeadReadersAway{model::NodeName("orders-002")}));
  view.hosts.back().host.images.push_back({"valkey", "8.0.2"});
  EXPECT_NE(As<AddReplica>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST_F(Update, ItIsDoneWhenEveryNodeHasTheNewest) {
  Begins();
  for (NodeView& node : view.nodes) node.planned.image_version = node.facts->engine_version = "8.0.2";
  EXPECT_EQ(scenario.Next(), Step(CompleteOperation{}));
}

}  // namespace
}  // namespace cacheplane::decide
