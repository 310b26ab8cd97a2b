// Modifications that were asked for while another was under way, carried out one after the other.
#include <gtest/gtest.h>

#include "tests/unit/reconcile/rolling_fixture.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;
using model::OperationStatus;

TEST_F(Rolling, ChangesAreDoneInTheOrderInWhichTheyWereAskedFor) {
  installation_.Creates(1);
  const std::vector<model::OperationId> ids = {Asks({ToVersion}), Asks({ToReplicas(2)}), Asks({ToReplicas(1)})};
  EXPECT_EQ(Operation(ids[1]).status, OperationStatus::kQueued);
  installation_.Pass(60s);
  EXPECT_EQ(installation_.waiting, std::set{model::ClusterStatus::kModifying}) << "not available while changes wait";
  std::optional<WallTime> before;
  for (const model::OperationId& id : ids) {
    const model::Operation operation = Operation(id);
    ASSERT_EQ(operation.status, OperationStatus::kSucceeded) << operation.progress.reason;
    EXPECT_TRUE(!before || model::BegunAt(operation) >= *before);
    before = operation.ended;
  }
  EXPECT_EQ(installation_.NodesOf("orders").size(), 2U);
  EXPECT_EQ(installation_.Find("orders")->spec.engine_version, "8.1");
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable);
}

TEST_F(Rolling, AChangeWaitsBehindAReboot) {
  installation_.Creates(1);
  const auto reboot = Reboots();
  const auto scaling = Asks({ToReplicas(2)});
  installation_.Pass(30s);
  EXPECT_EQ(Operation(reboot).status, OperationStatus::kSucceeded) << Operation(reboot).progress.reason;
  EXPECT_EQ(Operation(scaling).status, OperationStatus::kSucceeded) << Operation(scaling).progress.reason;
  EXPECT_EQ(installation_.NodesOf("orders").size(), 3U);
}

TEST_F(Rolling, WhatGoesBackTakesNobodyElseAlong) {
  installation_.Creates(1);
  installation_.hanging_image = "8.1.1";
  const auto upgrade = Asks({ToVersion});
  const auto scaling = Asks({ToReplicas(2)});
  installation_.Pass(40s);
  EXPECT_EQ(Operation(upgrade).status, OperationStatus::kFailed);
  EXPECT_EQ(Operation(scaling).status, OperationStatus::kSucceeded) << Operation(scaling).progress.reason;
  EXPECT_EQ(installation_.Find("orders")->spec.engine_version, "8.0");
  EXPECT_EQ(installation_.NodesOf("orders").size(), 3U);
}

// One whose turn came with nothing to do is not what the cluster waits for.
TEST_F(Rolling, WhatEndsAtItsTurnLeavesTheClusterAvailable) {
  installation_.Creates(1);
  Asks({ToVersion});
  Asks({ToReplicas(2)});
  const auto same = Asks({ToReplicas(2)});
  ASSERT_EQ(Operation(same).status, OperationStatus::kQueued);
  installation_.Pass(40s);
  EXPECT_EQ(Operation(same).progress.reason, "nothing to change");
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable);
}

// Whoever waits until it is available waits for all of it.
TEST_F(Rolling, ItIsNotAvailableBetweenASwitchoverAndWhatWaits) {
  installation_.Creates(1);
  const auto switchover = SwitchesOver();
  const auto scaling = Asks({ToReplicas(2)});
  EXPECT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kModifying);
  installation_.Pass(40s);
  EXPECT_EQ(installation_.waiting, std::set{model::ClusterStatus::kModifying});
  EXPECT_EQ(Operation(switchover).status, OperationStatus::kSucceeded) << Operation(switchover).progress.reason;
  EXPECT_EQ(Operation(scaling).status, OperationStatus::kSucceeded) << Operation(scaling).progress.reason;
}

TEST_F(Rolling, WhatTheQueueBeginsIsARevisionOfItsOperation) {
  installation_.Creates(1);
  Asks({ToVersion});
  const auto scaling = Asks({ToReplicas(2)});
  installation_.Pass(40s);
  const auto revisions = world_.clusters.ListClusterRevisions("orders", {})->items;
  ASSERT_EQ(revisions.size(), 3U);
  EXPECT_EQ(revisions[0].revision.origin, (model::RevisionOrigin{model::RevisionCause::kModify, scaling}));
  EXPECT_EQ(revisions[0].changes, std::vector<std::string>{"replicas_per_shard: 1 → 2"});
}

}  // namespace
}  // namespace cacheplane::reconcile
