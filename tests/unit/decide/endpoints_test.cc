#include "controlplane/decide/endpoints.h"

#include <gtest/gtest.h>

#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {
namespace {

using namespace std::chrono_literals;

using model::ClusterStatus;

TEST(Reader, DropsAReplicaThatDiedAndTakesItBack) {
  Scenario scenario;
  scenario.Converge().Dies(2);
  const Step step = scenario.Next();
  const auto* publish = As<PublishEndpoints>(step);
  ASSERT_NE(publish, nullptr) << Describe(step);
  EXPECT_EQ(publish->reader, std::vector{scenario.Node(3).planned.address});
  scenario.Published();
  scenario.view.cluster.status = ClusterStatus::kImpaired;
  scenario.Runs(2);
  const Step back = scenario.Next();
  ASSERT_NE(As<PublishEndpoints>(back), nullptr) << Describe(back);
  EXPECT_EQ(As<PublishEndpoints>(back)->reader.size(), 2U);
}

TEST(Reader, FallsBackToThePrimaryAndIsNeverEmpty) {
  Scenario scenario;
  scenario.Converge().Dies(2).Dies(3);
  const Step step = scenario.Next();
  ASSERT_NE(As<PublishEndpoints>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<PublishEndpoints>(step)->reader, std::vector{scenario.Node(1).planned.address});
}

TEST(Reader, GoesOnServingWhileThePrimaryIsDown) {
  Scenario scenario;
  scenario.Converge().Dies(1);
  scenario.Facts(2).link_up = scenario.Facts(3).link_up = false;
  EXPECT_EQ(As<PublishEndpoints>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Reader, StaysWithReplicasWhoseLinkBrokeAMomentAgo) {
  Scenario scenario;
  scenario.Converge();
  scenario.Facts(2).link_up = scenario.Facts(3).link_up = false;
  EXPECT_EQ(As<PublishEndpoints>(scenario.Next()), nullptr) << Describe(scenario.Next());
  scenario.Facts(2).link_down_seconds = 6;
  const Step step = scenario.Next();
  ASSERT_NE(As<PublishEndpoints>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<PublishEndpoints>(step)->reader.size(), 1U);
}

TEST(Reader, StaysWithADeadPrimaryWhenNoReplicaHoldsAnything) {
  Scenario scenario;
  scenario.Converge();
  for (const int ordinal : {2, 3}) {
    scenario.Facts(ordinal).link_up = false;
    scenario.Facts(ordinal).replication_offset = 0;
    scenario.Published();
  }
  scenario.Dies(1).Detached();
  EXPECT_EQ(As<PublishEndpoints>(scenario.Next()), nullptr) << Describe(scenario.Next());
}

TEST(Reader, DropsAReplicaOfADeadHostWhichThePrimaryNoLongerLists) {
  Scenario scenario;
  scenario.Converge().FallsSilent(2, 1s);
  EXPECT_EQ(As<PublishEndpoints>(scenario.Next()), nullptr) << Describe(scenario.Next());
  std::erase_if(scenario.Facts(1).replicas, [&](const model::ReplicaFacts& replica) {
    return replica.address == scenario.Node(2).planned.address;
  });
  const Step step = scenario.Next();
  ASSERT_NE(As<PublishEndpoints>(step), nullptr) << Describe(step);
  EXPECT_EQ(As<PublishEndpoints>(step)->reader, std::vector{scenario.Node(3).planned.address});
}

}  // namespace
}  // namespace cacheplane::decide
