#include "controlplane/decide/maintenance.h"

#include <gtest/gtest.h>

#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {
namespace {

using model::OperationKind;
using namespace std::chrono_literals;

TEST(Maintenance, BeginsInsideTheWindowWhenItCanBeDoneBeforeItsEnd) {
  Scenario scenario;
  scenario.Converge();
  scenario.view.cluster.pending = model::Build{"valkey", "8.1", "cache.t4g.small", "default.valkey8"};
  EXPECT_EQ(scenario.Next(), Step(Converged{}));
  for (HostView& host : scenario.view.hosts) host.host.images.push_back({"valkey", "8.1.1"});
  scenario.view.pending_memory_bytes = kGib;
  scenario.view.pending_data_bytes = kGib / 2;
  scenario.view.window_length = 60min;
  scenario.view.window_left = EstimateRenewal(scenario.view) - 1ms;
  EXPECT_EQ(scenario.Next(), Step(Converged{})) << "it would not be done in time";
  scenario.view.window_left += 1ms;
  EXPECT_EQ(scenario.Next(), Step(StartPending{*scenario.view.cluster.pending}));
  scenario.view.rolling_clusters = Policy{}.maintenance_at_once;
  EXPECT_EQ(scenario.Next(), Step(Waiting{"4 other clusters are changed first", 2s}));
  scenario.view.rolling_clusters -= 1;
  EXPECT_EQ(scenario.Next(), Step(StartPending{*scenario.view.cluster.pending}));
  scenario.view.pending_memory_bytes = 10 * kGib;
  EXPECT_EQ(scenario.Next(), Step(Converged{})) << "no host has the room any more";
  scenario.view.pending_memory_bytes = kGib;
  scenario.Facts(1).used_memory_bytes = kGib / 2 + 1;
  EXPECT_EQ(scenario.Next(), Step(Converged{})) << "the data have outgrown it";
  scenario.Facts(1).used_memory_bytes = kGib / 2;
  scenario.Dies(3);
  EXPECT_EQ(As<StartPending>(scenario.Next()), nullptr) << "not all is well";
  scenario.Runs(3);
  for (HostView& host : scenario.view.hosts) host.host.images.pop_back();
  EXPECT_EQ(As<StartPending>(scenario.Next()), nullptr) << "the image is gone";
}

TEST(Maintenance, AWindowThatIsNeverLongEnoughIsUsedFromItsBeginning) {
  Scenario scenario;
  scenario.Converge();
  for (HostView& host : scenario.view.hosts) host.host.images.push_back({"valkey", "8.1.1"});
  scenario.view.cluster.pending = model::Build{"valkey", "8.1", "cache.t4g.small", "default.valkey8"};
  scenario.view.pending_memory_bytes = 64 * kGib;
  scenario.view.pending_data_bytes = 48 * kGib;
  for (HostView& host : scenario.view.hosts) host.host.memory_bytes = 128 * kGib;
  scenario.Facts(1).used_memory_bytes = 40 * kGib;
  scenario.view.window_length = 60min;
  scenario.view.window_left = 45min;
  EXPECT_NE(As<StartPending>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Maintenance, NodesOfOneHostMustFitTogether) {
  Scenario scenario(1, false);
  scenario.Converge();
  for (HostView& host : scenario.view.hosts) host.host.images.push_back({"valkey", "8.1.1"});
  scenario.Node(2).planned.agent = scenario.Node(1).planned.agent;
  scenario.view.cluster.pending = model::Build{"valkey", "8.1", "cache.t4g.medium", "default.valkey8"};
  scenario.view.pending_memory_bytes = scenario.view.pending_data_bytes = 3 * kGib;
  scenario.view.window_length = scenario.view.window_left = 60min;
  for (HostView& host : scenario.view.hosts) {
    host.host.memory_bytes = 6 * kGib;
    host.reserved_bytes = 2 * kGib;
  }
  EXPECT_NE(As<StartPending>(scenario.Next()), nullptr) << Describe(scenario.Next());
  for (HostView& host : scenario.view.hosts) host.host.memory_bytes -= 1;
  EXPECT_EQ(scenario.Next(), Step(Converged{})) << "there is room for one of them";
}

TEST(Maintenance, DoesNotDisturbWhatIsUnderWay) {
  Scenario scenario;
  scenario.Converge();
  for (HostView& host : scenario.view.hosts) host.host.images.push_back({"valkey", "8.1.1"});
  scenario.view.cluster.pending = model::Build{"valkey", "8.1", "cache.t4g.small", "default.valkey8"};
  scenario.view.pending_memory_bytes = scenario.view.pending_data_bytes = kGib;
  scenario.view.window_length = scenario.view.window_left = 24h;
  ASSERT_NE(As<StartPending>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.Asked(OperationKind::kSwitchover, "orders-002");
  scenario.view.cluster.operation = model::OperationId("op-1");
  EXPECT_EQ(As<StartPending>(scenario.Next()), nullptr);
}

TEST(Maintenance, AnotherGroupAloneNeedsNeitherTimeNorImages) {
  Scenario scenario;
  scenario.Converge();
  scenario.view.cluster.spec.node_type = "cache.t4g.small";
  scenario.view.cluster.pending = model::Build{"valkey", "8.0", "cache.t4g.small", "carts"};
  scenario.view.pending_memory_bytes = scenario.view.pending_data_bytes = kGib;
  scenario.view.window_length = 60min;
  scenario.view.window_left = 1s;
  EXPECT_EQ(scenario.Next(), Step(StartPending{*scenario.view.cluster.pending}));
  scenario.Facts(1).used_memory_bytes = kGib + 1;
  EXPECT_EQ(scenario.Next(), Step(Converged{})) << "it leaves less than the data take";
}

TEST(Maintenance, LargeDataNeedALongerRestOfTheWindow) {
  Scenario scenario;
  scenario.Converge();
  const auto small = EstimateRenewal(scenario.view);
  scenario.Facts(1).used_memory_bytes = kGib;
  EXPECT_GT(EstimateRenewal(scenario.view), small + 3min);
}

}  // namespace
}  // namespace cacheplane::decide
