// Nodes get other addresses: another port, another subnet group.
#include <gtest/gtest.h>

#include "controlplane/decide/moving.h"
#include "controlplane/decide/rolling.h"
#include "tests/unit/decide/upgrade.h"

namespace cacheplane::decide {
namespace {

class Relocation : public testing::Test {
 protected:
  Relocation() {
    upgrade.HasRoom();
    view.cluster.spec.engine_version = "8.0";
    view.operation->before_port = view.cluster.spec.port;
    view.operation->before_subnet_group = view.cluster.spec.subnet_group;
    view.cluster.spec.port = 6380;
  }

  Upgrade upgrade;
  ClusterView& view = upgrade.scenario.view;
};

TEST_F(Relocation, OneWithTheNewAddressComesBeforeOneWithTheOldGoes) {
  upgrade.Adds();
  EXPECT_EQ(upgrade.scenario.Node(4).planned.address.port, 6380);
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-002")}));
  upgrade.scenario.Node(2).planned.readers_away = true;
  upgrade.scenario.Published();
  EXPECT_EQ(upgrade.Next(), Step(RemoveReplica{model::Incarnation("i2")}));
}

TEST_F(Relocation, ThePrimaryHandsOverWhenAllOthersHaveTheirs) {
  upgrade.Adds();
  for (const int replica : {2, 3}) upgrade.scenario.Node(replica).planned.address.port = 6380;
  for (const int replica : {2, 3}) upgrade.scenario.Runs(replica);
  if (As<PublishEndpoints>(upgrade.Next()) != nullptr) upgrade.scenario.Published();
  EXPECT_NE(As<SwitchPrimary>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
}

TEST_F(Relocation, EndpointsHaveTheNewPortWhenTheLastNodeHas) {
  EXPECT_EQ(As<PublishEndpoints>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
  for (NodeView& node : view.nodes) node.planned.address.port = 6380;
  upgrade.scenario.Runs(1).Runs(2).Runs(3);
  const Step step = upgrade.Next();
  ASSERT_NE(As<PublishEndpoints>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<PublishEndpoints>(step)->port, 6380);
}

TEST_F(Relocation, OnTheWayBackWhatWasAddedGoes) {
  upgrade.Adds();
  EXPECT_TRUE(MayGoBack(view));
  EXPECT_EQ(DefinitionBefore(view).port, view.operation->before_port);
  view.cluster.spec = DefinitionBefore(view);
  view.operation->failure = "it was cancelled";
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-004")}));
}

TEST_F(Relocation, ANodeOutsideTheSubnetGroupLeaves) {
  view.cluster.spec.port = view.operation->before_port;
  view.operation->before_subnet_group = "former";
  EXPECT_EQ(NextToLeave(view), nullptr);
  upgrade.scenario.Node(3).planned.subnet = "elsewhere";
  ASSERT_NE(NextToLeave(view), nullptr);
  EXPECT_EQ(NextToLeave(view)->planned.name.str(), "orders-003");
}

}  // namespace
}  // namespace cacheplane::decide
