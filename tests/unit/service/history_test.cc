// The revisions that changes of a cluster leave, and what is said to differ between them.
#include "controlplane/service/history.h"

#include "tests/unit/service/upgrade_fixture.h"

namespace cacheplane::service {
namespace {

using Lines = std::vector<std::string>;

class History : public Upgrade {
 protected:
  std::vector<RevisionDetails> List() { return world.clusters.ListClusterRevisions("Orders", {})->items; }
  ClusterAnswer Describe(const std::string& text) {
    ClusterDraft spec;
    spec.description = text;
    return *Modify({"description"}, spec);
  }
};

TEST_F(History, EveryChangeIsARevisionWithWhatMadeIt) {
  const auto changed = Describe("new");
  world.clock.Advance(std::chrono::minutes(1));
  ClusterDraft spec;
  spec.tags = {{"team", "core"}};
  const auto tagged = Modify({"tags"}, spec);
  const std::vector<RevisionDetails> list = List();
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0].revision.number, 3U);
  EXPECT_EQ(list[0].revision.origin, (model::RevisionOrigin{model::RevisionCause::kModify, tagged->operation->id}));
  EXPECT_EQ(list[0].revision.definition.spec, tagged->cluster->cluster.spec);
  EXPECT_EQ(list[0].revision.time - list[1].revision.time, std::chrono::minutes(1));
  EXPECT_EQ(list[0].changes, Lines{"tags.team: none → \"core\""});
  EXPECT_EQ(list[1].revision.origin.operation, changed.operation->id);
  EXPECT_EQ(list[1].changes, Lines{"description: \"\" → \"new\""});
  EXPECT_EQ(list[2].revision.origin.cause, model::RevisionCause::kCreate);
  EXPECT_EQ(world.operations.GetOperation(list[2].revision.origin.operation.str())->kind,
            model::OperationKind::kCreateCluster);
  EXPECT_EQ(list[2].changes, Lines{});
}

TEST_F(History, WhatChangesNoDefinitionIsNone) {
  ASSERT_TRUE(world.clusters.SwitchoverCluster({"orders", "", "", "", ""}).ok());
  PlacedShard::EndOperation(world);
  ASSERT_TRUE(world.clusters.RebootCluster({.name = "orders"}).ok());
  PlacedShard::EndOperation(world);
  Describe("");
  EXPECT_EQ(List().size(), 1U);
  EXPECT_EQ(List().front().revision.origin.cause, model::RevisionCause::kCreate);
}

TEST_F(History, ARepeatedCallIsOne) {
  ModifyClusterRequest request;
  request.name = "orders";
  request.spec.description = "once";
  request.update_mask = {"description"};
  request.request_id = "r1";
  ASSERT_TRUE(world.clusters.ModifyCluster(request).ok());
  ASSERT_TRUE(world.clusters.ModifyCluster(request).ok());
  EXPECT_EQ(List().size(), 2U);
}

TEST_F(History, ComesInPagesThatKnowTheOneBefore) {
  Describe("a");
  Describe("b");
  const auto first = world.clusters.ListClusterRevisions("orders", {1, ""});
  ASSERT_EQ(first->items.size(), 1U);
  EXPECT_EQ(first->items[0].changes, Lines{"description: \"a\" → \"b\""});
  const auto second = world.clusters.ListClusterRevisions("orders", {2, first->next_page_token});
  ASSERT_EQ(second->items.size(), 2U);
  EXPECT_EQ(second->items[0].changes, Lines{"description: \"\" → \"a\""});
  EXPECT_EQ(second->next_page_token, "");
  ASSERT_TRUE(world.clusters.CreateCluster(World::Request("carts")).ok());
  EXPECT_EQ(world.clusters.ListClusterRevisions("carts", {1, first->next_page_token}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(world.clusters.ListClusterRevisions("nobody", {}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(world.clusters.ListClusterRevisions("orders", {-1, ""}).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(History, WhatWaitsIsPartOfIt) {
  immediately = false;
  ASSERT_TRUE(To("8.1").ok());
  EXPECT_EQ(List().front().changes, Lines{"pending.engine_version: none → 8.1"});
  ASSERT_TRUE(To("8.0").ok());
  EXPECT_EQ(List().front().changes, Lines{"pending.engine_version: 8.1 → none"});
}

TEST(ChangesBetween, HasALineForEachField) {
  model::ClusterSpec spec;
  spec.engine = "valkey";
  spec.engine_version = "8.0";
  spec.node_type = "small";
  spec.parameter_group = "default.valkey8";
  spec.tags = {{"a", "1"}, {"b", "2"}, {"empty", ""}};
  const std::pair<std::function<void(model::Definition&)>, Lines> cases[] = {
      {[](model::Definition&) {}, {}},
      {[](model::Definition& d) { d.spec.engine = "redis"; }, {"engine: valkey → redis"}},
      {[](model::Definition& d) { d.spec.engine_version = "8.1"; }, {"engine_version: 8.0 → 8.1"}},
      {[](model::Definition& d) { d.spec.node_type = "large"; }, {"node_type: small → large"}},
      {[](model::Definition& d) { d.spec.shard_count = 2; }, {"shard_count: 1 → 2"}},
      {[](model::Definition& d) { d.spec.replicas_per_shard = 2; }, {"replicas_per_shard: 0 → 2"}},
      {[](model::Definition& d) { d.spec.multi_az = true; }, {"multi_az: false → true"}},
      {[](model::Definition& d) { d.spec.automatic_failover = true; }, {"automatic_failover: false → true"}},
      {[](model::Definition& d) {
         d.spec.preferred_zones = {"a", "b"};
       },
       {"preferred_zones: none → a, b"}},
      {[](model::Definition& d) { d.spec.subnet_group = "net"; }, {"subnet_group: none → net"}},
      {[](model::Definition& d) { d.spec.security_groups = {"web"}; }, {"security_groups: none → web"}},
      {[](model::Definition& d) { d.spec.parameter_group = "carts"; }, {"parameter_group: default.valkey8 → carts"}},
      {[](model::Definition& d) { d.spec.port = 7000; }, {"port: 6379 → 7000"}},
      {[](model::Definition& d) { d.spec.maintenance_window = "w"; }, {"maintenance_window: none → w"}},
      {[](model::Definition& d) { d.spec.snapshot_window = "w"; }, {"snapshot_window: none → w"}},
      {[](model::Definition& d) { d.spec.snapshot_retention_days = 3; }, {"snapshot_retention_days: 0 → 3"}},
      {[](model::Definition& d) { d.spec.auto_minor_version_upgrade = false; },
       {"auto_minor_version_upgrade: true → false"}},
      {[](model::Definition& d) { d.spec.description = "none"; }, {"description: \"\" → \"none\""}},
      {[](model::Definition& d) { d.spec.deletion_protection = true; }, {"deletion_protection: false → true"}},
      {[](model::Definition& d) {
         d.spec.tags = {{"a", "3"}, {"c", ""}, {"empty", ""}};
       },
       {"tags.a: \"1\" → \"3\"", "tags.b: \"2\" → none", "tags.c: none → \"\""}},
      {[](model::Definition& d) {
         d.pending = model::Build{"valkey", "8.1", "large", "default.valkey8"};
       },
       {"pending.engine_version: none → 8.1", "pending.node_type: none → large"}},
      {[](model::Definition& d) {
         d.spec.engine = "redis";
         d.pending = model::Build{"valkey", "8.0", "small", "carts"};
       },
       {"engine: valkey → redis", "pending.engine: none → valkey", "pending.parameter_group: none → carts"}},
  };
  for (const auto& [change, lines] : cases) {
    model::Definition after{spec};
    change(after);
    EXPECT_EQ(ChangesBetween({spec}, after), lines);
  }
}

TEST(ChangesBetween, LongTextsThatDifferOnlyAtTheirEndsDiffer) {
  model::ClusterSpec before;
  before.description = std::string(250, 'x') + "1";
  model::ClusterSpec after = before;
  after.description.back() = '2';
  EXPECT_EQ(ChangesBetween({before}, {after}).size(), 1U);
}

}  // namespace
}  // namespace cacheplane::service
