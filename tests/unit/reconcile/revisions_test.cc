// Definitions that nobody's call changed: each is a revision that says what made it.
#include <gtest/gtest.h>

#include "tests/unit/reconcile/rolling_fixture.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

std::vector<service::RevisionDetails> RevisionsOf(const service::World& world, const std::string& name) {
  return world.clusters.ListClusterRevisions(name, {})->items;
}

TEST_F(Rolling, WhatTheWindowBeginsIsARevision) {
  installation_.Creates(1);
  service::ModifyClusterRequest request = Request({ToVersion});
  request.apply_immediately = false;
  Asks(request);
  UntilWindowOpens();
  installation_.Pass(15s);
  const auto revisions = RevisionsOf(world_, "orders");
  ASSERT_EQ(revisions.size(), 3U);
  EXPECT_EQ(revisions[0].revision.origin.cause, model::RevisionCause::kMaintenanceWindow);
  EXPECT_EQ(revisions[0].changes, (Lines{"engine_version: 8.0 → 8.1", "pending.engine_version: 8.1 → none"}));
  EXPECT_EQ(Operation(revisions[0].revision.origin.operation).status, model::OperationStatus::kSucceeded);
  EXPECT_EQ(revisions[1].changes, Lines{"pending.engine_version: none → 8.1"});
}

TEST_F(Rolling, WhatGoesBackIsARevision) {
  installation_.Creates(1);
  installation_.hanging_image = "8.1.1";
  const auto upgrade = Asks({ToVersion});
  installation_.Pass(15s);
  const auto revisions = RevisionsOf(world_, "orders");
  ASSERT_EQ(revisions.size(), 3U);
  EXPECT_EQ(revisions[0].revision.origin, (model::RevisionOrigin{model::RevisionCause::kWentBack, upgrade}));
  EXPECT_EQ(revisions[0].changes, Lines{"engine_version: 8.1 → 8.0"});
  EXPECT_EQ(revisions[1].revision.origin, (model::RevisionOrigin{model::RevisionCause::kModify, upgrade}));
  EXPECT_EQ(revisions[0].revision.definition, revisions[2].revision.definition);
}

TEST_F(Rolling, ARollbackIsCarriedOutNodeByNode) {
  installation_.Creates(1);
  const model::ClusterSpec first = installation_.Find("orders")->spec;
  Asks({ToReplicas(2), [](service::ClusterDraft& spec, std::vector<std::string>& mask) {
          spec.node_type = "cache.t4g.medium";
          mask.emplace_back("node_type");
        }});
  installation_.Pass(15s);
  ASSERT_EQ(installation_.NodesOf("orders").size(), 3U);
  const auto answer = world_.clusters.RollbackCluster({.name = "orders", .revision = 1, .apply_immediately = true});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  installation_.Pass(15s);
  EXPECT_EQ(Operation(answer->operation->id).status, model::OperationStatus::kSucceeded)
      << Operation(answer->operation->id).progress.reason;
  EXPECT_EQ(installation_.Find("orders")->spec, first);
  EXPECT_EQ(installation_.NodesOf("orders").size(), 2U);
}

}  // namespace
}  // namespace cacheplane::reconcile
