#include "controlplane/decide/rolling.h"

#include <gtest/gtest.h>

#include "controlplane/decide/scaling.h"
#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {
namespace {

using model::OperationKind;
using model::ProcessState;
using namespace std::chrono_literals;

// Asked to run 8.1 instead of 8.0; all hosts have it, and the router serves whatever is published.
class Upgrade {
 public:
  explicit Upgrade(int replicas = 2) : scenario(replicas, replicas > 0) {
    scenario.Converge().Asked(OperationKind::kModifyCluster, "");
    ClusterView& view = scenario.view;
    view.cluster.status = model::ClusterStatus::kModifying;
    view.operation_age = 1h;
    view.operation->before = model::BuildOf(view.cluster.spec);
    view.operation->before_replicas = replicas;
    view.cluster.spec.engine_version = "8.1";
    for (HostView& host : view.hosts) host.host.images.push_back({"valkey", "8.1.1"});
  }

  Step Next() {
    scenario.Served();
    return scenario.Next();
  }

  // Carries out LeadReadersAway and RenewNode, which must come for that node; it is not up yet.
  void Renews(int ordinal) {
    const std::string name = scenario.Node(ordinal).planned.name.str();
    Step step = Next();
    if (const auto* away = As<LeadReadersAway>(step)) {
      EXPECT_EQ(away->node.str(), name);
      scenario.Node(ordinal).planned.readers_away = true;
      if (As<PublishEndpoints>(Next()) != nullptr) scenario.Published();
      step = Next();
    }
    const auto* renewal = As<RenewNode>(step);
    ASSERT_NE(renewal, nullptr) << Describe(step);
    ASSERT_EQ(renewal->node.str(), name);
    model::Node& node = scenario.Node(ordinal).planned;
    node.image_version = renewal->image_version;
    node.renewal += 1;
    node.renewed_start = renewal->start;
    node.readers_away = false;
    node.recovering = true;
    scenario.Node(ordinal).since_renewal = 0ms;
  }

  void ComesUp(int ordinal) {
    const std::uint64_t starts = scenario.Facts(ordinal).starts;
    std::erase_if(scenario.Facts(PrimaryOf(scenario.view)->planned.ordinal).replicas,
                  [&](const auto& replica) { return replica.address == scenario.Node(ordinal).planned.address; });
    scenario.Runs(ordinal);
    scenario.Facts(ordinal).starts = starts + 1;
    if (As<PublishEndpoints>(Next()) != nullptr) scenario.Published();
    scenario.Node(ordinal).planned.recovering = false;  // FinishRecovery
  }

  // The canary is renewed and does not come up.
  void Fails(ProcessState state, std::uint64_t ends) {
    scenario.Dies(2, "exit status 1");
    scenario.Facts(2).process = state;
    scenario.Facts(2).renewal = scenario.Node(2).planned.renewal;
    scenario.Facts(2).starts = scenario.Node(2).planned.renewed_start + ends;
    if (As<PublishEndpoints>(Next()) != nullptr) scenario.Published();
  }

  Scenario scenario;
};

TEST(Rolling, ReplicasFirstThenTheHandoverThenTheFormerPrimary) {
  Upgrade upgrade;
  for (const int replica : {2, 3}) {
    upgrade.Renews(replica);
    EXPECT_NE(As<Waiting>(upgrade.Next()), nullptr) << "one at a time: " << Describe(upgrade.Next());
    upgrade.ComesUp(replica);
  }
  EXPECT_EQ(upgrade.Next(), Step(SwitchPrimary{model::NodeName("orders-002"), model::Epoch{2}, 2, 1}));
  upgrade.scenario.Swapped(2).Runs(2).Runs(1).Runs(3);
  upgrade.scenario.view.shard->attached = upgrade.scenario.view.shard->epoch;
  upgrade.scenario.Facts(1).renewal = 0;
  upgrade.scenario.Facts(1).engine_version = "8.0.1";
  upgrade.scenario.Published();
  upgrade.Renews(1);
  upgrade.ComesUp(1);
  EXPECT_EQ(upgrade.Next(), Step(CompleteOperation{}));
}

TEST(Rolling, ReadersAreLedAwayBeforeAProcessGoes) {
  Upgrade upgrade;
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-002")}));
  upgrade.scenario.Node(2).planned.readers_away = true;
  const Step published = upgrade.Next();
  ASSERT_NE(As<PublishEndpoints>(published), nullptr) << Describe(published);
  EXPECT_EQ(As<PublishEndpoints>(published)->reader, std::vector{upgrade.scenario.Node(3).planned.address});
  upgrade.scenario.Published();
  upgrade.scenario.view.routers.served_version = 0;
  EXPECT_NE(As<Waiting>(upgrade.scenario.Next()), nullptr) << "the router does not serve it yet";
  EXPECT_NE(As<RenewNode>(upgrade.Next()), nullptr);
}

TEST(Rolling, ALoneReplicasReadersGoToThePrimary) {
  Upgrade upgrade(1);
  upgrade.scenario.Node(2).planned.readers_away = true;
  const Step published = upgrade.Next();
  ASSERT_NE(As<PublishEndpoints>(published), nullptr) << Describe(published);
  EXPECT_EQ(As<PublishEndpoints>(published)->reader, std::vector{upgrade.scenario.Node(1).planned.address});
}

TEST(Rolling, NothingGoesWhileAnotherReplicaIsDown) {
  Upgrade upgrade;
  upgrade.scenario.Dies(3);
  if (As<PublishEndpoints>(upgrade.Next()) != nullptr) upgrade.scenario.Published();
  EXPECT_NE(As<Waiting>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
}

TEST(Rolling, TheFirstThatDoesNotComeUpTakesEverythingBack) {
  struct Case {
    const char* name;
    ProcessState state;
    std::uint64_t ends;
    std::chrono::milliseconds since;
    const char* problem;
    bool given_up;
  };
  for (const Case& c :
       {Case{"ends again and again", ProcessState::kStopped, 3, 1s, "", true},
        Case{"ended twice", ProcessState::kStopped, 2, 1s, "", false},
        Case{"hangs", ProcessState::kHung, 1, 1s, "", true}, Case{"starts", ProcessState::kStarting, 1, 30s, "", false},
        Case{"starts for ever", ProcessState::kStarting, 1, 61s, "", true},
        Case{"has no image", ProcessState::kStopped, 0, 11s, "no image", true},
        Case{"has no image yet", ProcessState::kStopped, 0, 9s, "no image", false}}) {
    Upgrade upgrade;
    upgrade.Renews(2);
    upgrade.Fails(c.state, c.ends);
    upgrade.scenario.Facts(2).problem = c.problem;
    upgrade.scenario.Node(2).since_renewal = c.since;
    EXPECT_EQ(As<GoBack>(upgrade.Next()) != nullptr, c.given_up) << c.name << ": " << Describe(upgrade.Next());
  }
}

TEST(Rolling, WhatWasInSyncIsRepairedAndNotTakenBack) {
  Upgrade upgrade;
  upgrade.Renews(2);
  upgrade.ComesUp(2);
  upgrade.Renews(3);
  upgrade.scenario.Node(2).since_renewal = 120s;
  upgrade.scenario.Dies(2);
  if (As<PublishEndpoints>(upgrade.Next()) != nullptr) upgrade.scenario.Published();
  EXPECT_NE(As<Waiting>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
}

TEST(Rolling, LargeDataAreGivenTheTimeTheyTake) {
  Upgrade upgrade;
  upgrade.Renews(2);
  upgrade.Fails(ProcessState::kStarting, 1);
  upgrade.scenario.Facts(1).used_memory_bytes = 20 * kGib;
  upgrade.scenario.Facts(2).used_memory_bytes = 0;
  upgrade.scenario.Node(2).since_renewal = 10min;
  EXPECT_NE(As<Waiting>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
  upgrade.scenario.Node(2).since_renewal = 20min;
  EXPECT_NE(As<GoBack>(upgrade.Next()), nullptr);
}

TEST(Rolling, GoingBackLeavesWhatIsWellForLast) {
  Upgrade upgrade;
  upgrade.Renews(2);
  upgrade.ComesUp(2);
  upgrade.Renews(3);
  upgrade.scenario.Dies(3);
  if (As<PublishEndpoints>(upgrade.Next()) != nullptr) upgrade.scenario.Published();
  upgrade.scenario.view.cluster.spec.engine_version = "8.0";
  upgrade.scenario.view.operation->failure = "it ends";
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-003")}));
}

TEST(Rolling, APrimaryThatIsNotHeardMayHaveBeenWrittenTo) {
  Upgrade upgrade(1);
  upgrade.scenario.Node(1).planned.image_version = "8.1.1";
  EXPECT_FALSE(MayGoBack(upgrade.scenario.view));
  upgrade.scenario.Node(1).facts.reset();
  EXPECT_FALSE(MayGoBack(upgrade.scenario.view));
  upgrade.scenario.Node(1).planned.image_version = "8.0.1";
  EXPECT_TRUE(MayGoBack(upgrade.scenario.view));
}

TEST(Rolling, SilenceIsNoFailureOfWhatIsNew) {
  Upgrade upgrade;
  upgrade.Renews(2);
  upgrade.Fails(ProcessState::kHung, 1);
  upgrade.scenario.FallsSilent(2, 2s);
  EXPECT_EQ(As<GoBack>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
}

TEST(Rolling, GoingBackKillsWhatDoesNotRunAndFailsInTheEnd) {
  Upgrade upgrade;
  upgrade.Renews(2);
  upgrade.Fails(ProcessState::kHung, 1);
  upgrade.scenario.view.cluster.spec.engine_version = "8.0";
  upgrade.scenario.view.operation->failure = "it hangs";
  upgrade.scenario.Node(2).planned.readers_away = true;
  const Step step = upgrade.Next();
  ASSERT_NE(As<RenewNode>(step), nullptr) << Describe(step);
  EXPECT_TRUE(As<RenewNode>(step)->kill);
  EXPECT_EQ(As<RenewNode>(step)->image_version, "8.0.1");
  upgrade.Renews(2);
  upgrade.ComesUp(2);
  EXPECT_EQ(upgrade.Next(), Step(FailOperation{"it hangs"}));
}

TEST(Rolling, WhatIsNewGoesBackWithoutAPrimaryToo) {
  Upgrade upgrade;
  upgrade.Renews(2);
  upgrade.Fails(ProcessState::kStopped, 3);
  upgrade.scenario.Dies(1).Detached().Dies(3);
  const Step step = upgrade.Next();
  EXPECT_NE(As<GoBack>(step), nullptr) << Describe(step);
}

// A failover in the middle: the node that was to give way is the primary now, with its old process.
TEST(Rolling, APrimaryWhoseProcessWasToGiveWayHandsOverFirst) {
  Upgrade upgrade;
  upgrade.Renews(2);
  upgrade.ComesUp(2);
  upgrade.Renews(3);
  upgrade.scenario.Swapped(3).Runs(3).Runs(1).Runs(2);
  upgrade.scenario.view.shard->attached = upgrade.scenario.view.shard->epoch;
  upgrade.scenario.Facts(3).renewal = 0;
  upgrade.scenario.Facts(3).engine_version = "8.0.1";
  upgrade.scenario.Node(3).planned.recovering = false;  // FinishRecovery
  upgrade.scenario.Published();
  EXPECT_FALSE(IsRenewed(upgrade.scenario.view, upgrade.scenario.Node(3)));
  upgrade.Renews(1);
  upgrade.ComesUp(1);
  const Step step = upgrade.Next();
  ASSERT_NE(As<SwitchPrimary>(step), nullptr) << Describe(step);
}

TEST(Rolling, HandoversAreTriedAFewTimesWithPauses) {
  Upgrade upgrade(1);
  upgrade.Renews(2);
  upgrade.ComesUp(2);
  upgrade.scenario.view.operation->attempts = 4;
  upgrade.scenario.view.until_retry = 1500ms;
  ASSERT_NE(As<Waiting>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
  upgrade.scenario.view.until_retry = 0ms;
  EXPECT_NE(As<SwitchPrimary>(upgrade.Next()), nullptr);
  upgrade.scenario.view.operation->attempts = 5;
  EXPECT_NE(As<GoBack>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
}

TEST(Rolling, NodesOfAnotherSizeAreRenewedAsWell) {
  Upgrade upgrade(1);
  upgrade.scenario.view.cluster.spec.engine_version = "8.0";
  EXPECT_EQ(upgrade.Next(), Step(CompleteOperation{}));
  upgrade.scenario.view.node_memory_bytes = 2 * kGib;
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-002")}));
}

TEST(Scaling, NodesAreAddedOneByOne) {
  Upgrade upgrade(1);
  upgrade.scenario.view.cluster.spec.engine_version = "8.0";
  upgrade.scenario.view.cluster.spec.replicas_per_shard = 2;
  const Step step = upgrade.Next();
  ASSERT_NE(As<AddReplica>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<AddReplica>(step)->node.name.str(), "orders-003");
  EXPECT_EQ(As<AddReplica>(step)->node.zone, "zone-c") << "where the shard has nobody";
  EXPECT_EQ(As<AddReplica>(step)->node.joined, model::Epoch{2});
}

TEST(Scaling, WhatFindsNoPlaceOrDoesNotComeUpIsGivenUp) {
  Upgrade upgrade(1);
  upgrade.scenario.view.cluster.spec.replicas_per_shard = 3;
  for (HostView& host : upgrade.scenario.view.hosts) host.connected = false;
  upgrade.scenario.view.operation_age = 59s;
  EXPECT_NE(As<Waiting>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
  upgrade.scenario.view.operation_age = 1h;
  EXPECT_NE(As<GoBack>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
}

TEST(Scaling, AnAddedNodeThatHangsTakesTheUpgradeBackThoughMoreAreToCome) {
  Upgrade upgrade(0);
  upgrade.scenario.view.cluster.spec.replicas_per_shard = 2;
  const Step step = upgrade.Next();
  ASSERT_NE(As<AddReplica>(step), nullptr) << Describe(step);
  upgrade.scenario.view.nodes.push_back(
      {.planned = As<AddReplica>(step)->node, .facts = model::NodeFacts{}, .agent_connected = true});
  NodeView& added = upgrade.scenario.Node(2);
  added.facts->process = ProcessState::kHung;
  added.since_renewal = 5s;
  EXPECT_NE(As<GoBack>(upgrade.Next()), nullptr) << Describe(upgrade.Next());
}

TEST(Scaling, WhoIsDownGoesFirstAndThenWhereMostAre) {
  Upgrade upgrade;
  upgrade.scenario.view.cluster.spec.engine_version = "8.0";
  upgrade.scenario.view.cluster.spec.replicas_per_shard = 1;
  upgrade.scenario.Node(2).planned.zone = upgrade.scenario.Node(1).planned.zone;
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-002")}));
  upgrade.scenario.Dies(3);
  if (As<PublishEndpoints>(upgrade.Next()) != nullptr) upgrade.scenario.Published();
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-003")}));
}

TEST(Scaling, WhoWasNamedGoesElseWhoCameLast) {
  Upgrade upgrade;
  upgrade.scenario.view.cluster.spec.engine_version = "8.0";
  upgrade.scenario.view.cluster.spec.replicas_per_shard = 1;
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-003")}));
  upgrade.scenario.view.operation->removals = {"orders-002"};
  EXPECT_EQ(upgrade.Next(), Step(LeadReadersAway{model::NodeName("orders-002")}));
  upgrade.scenario.Node(2).planned.readers_away = true;
  upgrade.scenario.Published();
  EXPECT_EQ(upgrade.Next(), Step(RemoveReplica{model::Incarnation("i2")}));
}

TEST(Scaling, ALoneNodeIsLentAReplicaUntilItsPlaceIsTaken) {
  Upgrade upgrade(0);
  const Step step = upgrade.Next();
  ASSERT_NE(As<AddReplica>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<AddReplica>(step)->node.image_version, "8.1.1");
  EXPECT_EQ(WantedNodes(upgrade.scenario.view), 2);
  upgrade.scenario.Node(1).planned.image_version = "8.1.1";
  EXPECT_EQ(WantedNodes(upgrade.scenario.view), 1);
}

}  // namespace
}  // namespace cacheplane::decide
