// ModifyCluster, DeleteCluster and reading.
#include <gtest/gtest.h>

#include "controlplane/service/operation_service.h"
#include "tests/unit/service/world.h"

namespace cacheplane::service {
namespace {

class ChangeCluster : public testing::Test {
 protected:
  ChangeCluster() {
    CreateClusterRequest request = World::Request("orders");
    request.spec.replicas_per_shard = 1;
    created = *world.clusters.CreateCluster(request);
  }

  Result<ClusterAnswer> Modify(const std::vector<std::string>& mask, const ClusterDraft& spec,
                               const std::string& etag = "") {
    return world.clusters.ModifyCluster(
        {.name = "Orders", .spec = spec, .update_mask = mask, .etag = etag, .request_id = ""});
  }
  Result<ClusterAnswer> Delete(const std::string& etag = "") {
    return world.clusters.DeleteCluster({.name = "Orders", .etag = etag, .request_id = ""});
  }
  model::ClusterSpec Spec() { return world.clusters.GetCluster("orders")->cluster.spec; }

  World world;
  ClusterAnswer created;
};

TEST_F(ChangeCluster, EveryFieldThatCanChangeDoes) {
  ClusterDraft spec;
  spec.description = "orders of the shop";
  spec.maintenance_window = "SUN:23:00-MON:01:30";
  spec.snapshot_window = "05:00-06:00";
  spec.snapshot_retention_days = 7;
  spec.auto_minor_version_upgrade = false;
  spec.deletion_protection = true;
  spec.frozen = true;
  spec.security_groups = {"default"};
  spec.tags = {{"team", "shop"}};
  const auto answer = Modify({"description", "maintenance_window", "snapshot_window", "snapshot_retention_days",
                              "auto_minor_version_upgrade", "deletion_protection", "frozen", "security_groups", "tags"},
                             spec);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  model::ClusterSpec expected = created.cluster->cluster.spec;
  expected.description = "orders of the shop";
  expected.maintenance_window = "sun:23:00-mon:01:30";
  expected.snapshot_window = "05:00-06:00";
  expected.snapshot_retention_days = 7;
  expected.auto_minor_version_upgrade = false;
  expected.deletion_protection = true;
  expected.frozen = true;
  expected.tags = {{"team", "shop"}};
  EXPECT_EQ(Spec(), expected);
  EXPECT_NE(answer->cluster->etag, created.cluster->etag);
  EXPECT_EQ(answer->operation->status, model::OperationStatus::kSucceeded);
  EXPECT_EQ(answer->operation->progress.percent, 100);
  EXPECT_EQ(answer->operation->ended, world.clock.Now());
}

TEST_F(ChangeCluster, OnlyMaskedFieldsChange) {
  ClusterDraft spec;
  spec.description = "new";
  spec.tags = {{"ignored", "x"}};
  ASSERT_TRUE(Modify({"description"}, spec).ok());
  EXPECT_EQ(Spec().description, "new");
  EXPECT_TRUE(Spec().tags.empty());
  EXPECT_EQ(world.Events().back(), "Cluster orders modified: description");
}

TEST_F(ChangeCluster, AMaskedFieldThatIsAbsentGoesBackToItsDefault) {
  const model::ClusterSpec before = Spec();
  ClusterDraft spec;
  spec.snapshot_retention_days = 7;
  spec.maintenance_window = "sun:23:00-mon:01:30";
  spec.tags = {{"a", "b"}};
  const std::vector<std::string> mask = {"snapshot_retention_days", "maintenance_window", "tags"};
  ASSERT_TRUE(Modify(mask, spec).ok());
  ASSERT_TRUE(Modify(mask, {}).ok());
  EXPECT_EQ(Spec(), before);
}

TEST_F(ChangeCluster, WhatCannotChangeYetSaysSoAndChangesNothing) {
  for (const std::string field : {"shard_count", "preferred_zones"}) {
    ClusterDraft spec;
    spec.description = "changed";
    const auto answer = Modify({"description", field}, spec);
    EXPECT_EQ(answer.error().code, ErrorCode::kUnimplemented) << field;
    EXPECT_TRUE(answer.error().message.starts_with("not yet: changing " + field)) << answer.error().message;
  }
  EXPECT_EQ(world.clusters.GetCluster("orders")->etag, created.cluster->etag);
  EXPECT_EQ(Spec().description, "");
}

TEST_F(ChangeCluster, BadMasksAreRefused) {
  for (const std::vector<std::string>& mask : std::vector<std::vector<std::string>>{
           {}, {""}, {"*"}, {"name"}, {"tags.team"}, {"Description"}, {"spec.description"}}) {
    EXPECT_EQ(Modify(mask, {}).error().code, ErrorCode::kInvalidArgument);
  }
}

TEST_F(ChangeCluster, NewValuesAreValidated) {
  ClusterDraft spec;
  spec.snapshot_retention_days = 36;
  spec.security_groups = {"nowhere"};
  EXPECT_EQ(Modify({"snapshot_retention_days"}, spec).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Modify({"security_groups"}, spec).error().code, ErrorCode::kNotFound);
}

TEST_F(ChangeCluster, ItDoesNotMatterThatTheRestWouldBeRefusedToday) {
  world.AddHost(HostOf("tiny", "us-east-1a", kGibibyte / 100, {}));  // no image, no memory
  ClusterDraft spec;
  spec.description = "still";
  EXPECT_TRUE(Modify({"description"}, spec).ok());
}

TEST_F(ChangeCluster, NothingToChangeKeepsTheEtag) {
  const auto answer = Modify({"description", "tags"}, {});
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->cluster->etag, created.cluster->etag);
  EXPECT_EQ(answer->operation->status, model::OperationStatus::kSucceeded);
  EXPECT_EQ(world.Events().size(), 1U);
}

TEST_F(ChangeCluster, AModificationLeavesTheRunningOperationAlone) {
  ClusterDraft spec;
  spec.description = "new";
  const auto answer = Modify({"description"}, spec);
  EXPECT_EQ(answer->cluster->cluster.operation, created.operation->id);
  EXPECT_NE(answer->operation->id, created.operation->id);
}

TEST_F(ChangeCluster, AStaleEtagIsAborted) {
  ClusterDraft spec;
  spec.description = "mine";
  ASSERT_TRUE(Modify({"description"}, spec, created.cluster->etag).ok());
  spec.description = "theirs";
  EXPECT_EQ(Modify({"description"}, spec, created.cluster->etag).error().code, ErrorCode::kAborted);
  EXPECT_EQ(Delete(created.cluster->etag).error().code, ErrorCode::kAborted);
  EXPECT_EQ(Spec().description, "mine");
}

TEST_F(ChangeCluster, ValidateOnlyShowsTheChangeWithoutEffect) {
  ClusterDraft spec;
  spec.description = "new";
  const auto answer = world.clusters.ModifyCluster({.name = "orders",
                                                    .spec = spec,
                                                    .update_mask = {"description"},
                                                    .etag = "",
                                                    .request_id = "",
                                                    .validate_only = true});
  EXPECT_EQ(answer->cluster->cluster.spec.description, "new");
  EXPECT_FALSE(answer->operation);
  const auto removal =
      world.clusters.DeleteCluster({.name = "orders", .etag = "", .request_id = "", .validate_only = true});
  EXPECT_EQ(removal->cluster->cluster.status, model::ClusterStatus::kDeleting);
  EXPECT_EQ(world.clusters.GetCluster("orders")->cluster, created.cluster->cluster);
}

TEST_F(ChangeCluster, DeletingWhileItIsBeingCreatedEndsTheCreation) {
  const auto answer = Delete();
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->cluster->cluster.status, model::ClusterStatus::kDeleting);
  EXPECT_EQ(answer->cluster->cluster.operation, answer->operation->id);
  EXPECT_EQ(answer->operation->kind, model::OperationKind::kDeleteCluster);
  EXPECT_EQ(answer->operation->status, model::OperationStatus::kRunning);
  const model::Operation creation = *world.operations.GetOperation(created.operation->id.str());
  EXPECT_EQ(creation.status, model::OperationStatus::kFailed);
  EXPECT_EQ(creation.progress.reason, "superseded by delete");
  EXPECT_EQ(creation.expected_end, std::nullopt);
  EXPECT_EQ(creation.revision, created.operation->revision + 1);
  EXPECT_TRUE(creation.ended);
}

TEST_F(ChangeCluster, AClusterBeingDeletedRefusesChanges) {
  ASSERT_TRUE(Delete().ok());
  EXPECT_EQ(Delete().error().code, ErrorCode::kFailedPrecondition);
  ClusterDraft spec;
  spec.description = "new";
  EXPECT_EQ(Modify({"description"}, spec).error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(ChangeCluster, AProtectedClusterIsNotDeleted) {
  ClusterDraft spec;
  spec.deletion_protection = true;
  ASSERT_TRUE(Modify({"deletion_protection"}, spec).ok());
  const auto refused = Delete();
  EXPECT_EQ(refused.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_NE(refused.error().message.find("spec.deletion_protection"), std::string::npos);
  spec.deletion_protection = false;
  ASSERT_TRUE(Modify({"deletion_protection"}, spec).ok());
  EXPECT_TRUE(Delete().ok());
}

TEST_F(ChangeCluster, UnknownNamesAreNotFound) {
  EXPECT_EQ(world.clusters.GetCluster("nobody").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(world.clusters.GetCluster("").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(world.clusters.DeleteCluster({.name = "nobody", .etag = "", .request_id = ""}).error().code,
            ErrorCode::kNotFound);
}

TEST_F(ChangeCluster, ListsComeInPagesByName) {
  for (const std::string name : {"zeta", "alpha", "mid"}) {
    ASSERT_TRUE(world.clusters.CreateCluster(World::Request(name)).ok());
  }
  std::vector<std::string> names;
  ListRequest request{2, ""};
  do {
    const auto page = world.clusters.ListClusters(request);
    for (const ClusterDetails& row : page->items) names.push_back(row.cluster.name);
    request.page_token = page->next_page_token;
  } while (!request.page_token.empty());
  EXPECT_EQ(names, (std::vector<std::string>{"alpha", "mid", "orders", "zeta"}));
}

TEST_F(ChangeCluster, OperationsAreListedNewestFirst) {
  world.clock.Advance(std::chrono::seconds(1));
  ASSERT_TRUE(world.clusters.CreateCluster(World::Request("other")).ok());
  world.clock.Advance(std::chrono::seconds(1));
  const auto removal = Delete();
  const OperationService& operations = world.operations;
  const auto first = operations.ListOperations("Orders", {1, ""});
  ASSERT_EQ(first->items.size(), 1U);
  EXPECT_EQ(first->items[0].id, removal->operation->id);
  const auto rest = operations.ListOperations("Orders", {1, first->next_page_token});
  EXPECT_EQ(rest->items.at(0).id, created.operation->id);
  EXPECT_EQ(rest->next_page_token, "");
  EXPECT_EQ(operations.ListOperations("", {})->items.size(), 3U);
  EXPECT_FALSE(operations.ListOperations("other", {1, first->next_page_token}).ok());
  EXPECT_EQ(operations.GetOperation("op-none").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace cacheplane::service
