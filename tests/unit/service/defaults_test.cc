#include "controlplane/service/defaults.h"

#include <gtest/gtest.h>

#include <set>

#include "controlplane/model/window.h"

namespace cacheplane::service {
namespace {

TEST(FillDefaults, OfAnEmptyDefinition) {
  const model::ClusterSpec spec = FillDefaults("orders", {});
  EXPECT_EQ(spec.engine, "valkey");
  EXPECT_EQ(spec.engine_version, "8.0");
  EXPECT_EQ(spec.shard_count, 1);
  EXPECT_EQ(spec.replicas_per_shard, 0);
  EXPECT_FALSE(spec.multi_az);
  EXPECT_FALSE(spec.automatic_failover);
  EXPECT_EQ(spec.subnet_group, "default");
  EXPECT_EQ(spec.security_groups, std::vector<std::string>{"default"});
  EXPECT_EQ(spec.parameter_group, "default.valkey8");
  EXPECT_EQ(spec.port, 6379);
  EXPECT_EQ(spec.snapshot_retention_days, 0);
  EXPECT_TRUE(spec.auto_minor_version_upgrade);
  EXPECT_FALSE(spec.deletion_protection);
}

TEST(FillDefaults, FailoverFollowsTheReplicas) {
  ClusterDraft draft;
  draft.replicas_per_shard = 1;
  EXPECT_TRUE(FillDefaults("orders", draft).automatic_failover);
  draft.automatic_failover = false;
  EXPECT_FALSE(FillDefaults("orders", draft).automatic_failover);
}

TEST(FillDefaults, AZeroThatWasGivenStays) {
  ClusterDraft draft;
  draft.replicas_per_shard = 0;
  draft.auto_minor_version_upgrade = false;
  EXPECT_EQ(FillDefaults("orders", draft).replicas_per_shard, 0);
  EXPECT_FALSE(FillDefaults("orders", draft).auto_minor_version_upgrade);
}

TEST(FillDefaults, GroupAndVersionFollowTheEngine) {
  ClusterDraft draft;
  draft.engine = "Redis";
  const model::ClusterSpec spec = FillDefaults("orders", draft);
  EXPECT_EQ(spec.engine_version, "7.0");
  EXPECT_EQ(spec.parameter_group, "default.redis7");
}

TEST(FillDefaults, ANumberOfElastiCachesOwnIsTheVersionItStandsFor) {
  ClusterDraft draft;
  draft.engine = "redis";
  draft.engine_version = "7.1";
  const model::ClusterSpec spec = FillDefaults("orders", draft);
  EXPECT_EQ(spec.engine_version, "7.0");
  EXPECT_EQ(spec.engine_version_alias, "7.1");
  EXPECT_EQ(spec.parameter_group, "default.redis7");
  EXPECT_EQ(ToDraft(spec).engine_version, "7.1");
  EXPECT_EQ(FillDefaults("orders", ToDraft(spec)), spec);
  draft.engine = "valkey";
  EXPECT_EQ(FillDefaults("orders", draft).engine_version, "7.1") << "of no version of Valkey";
}

TEST(FillDefaults, WindowsAreTheSameEveryTimeAndNeverMeet) {
  std::set<std::string> windows;
  for (int i = 0; i < 500; ++i) {
    const std::string name = "cluster-" + std::to_string(i);
    const model::ClusterSpec spec = FillDefaults(name, {});
    EXPECT_EQ(spec, FillDefaults(name, {}));
    const auto maintenance = model::ParseMaintenanceWindow(spec.maintenance_window);
    const auto snapshot = model::ParseSnapshotWindow(spec.snapshot_window);
    ASSERT_TRUE(maintenance && snapshot) << name;
    EXPECT_FALSE(model::Overlap(*maintenance, *snapshot)) << name;
    windows.insert(spec.maintenance_window);
  }
  EXPECT_GT(windows.size(), 100U);  // spread over the week
}

TEST(FillDefaults, ADerivedWindowKeepsClearOfTheGivenOne) {
  for (int i = 0; i < 200; ++i) {
    const std::string name = "cluster-" + std::to_string(i);
    ClusterDraft draft;
    draft.snapshot_window = "00:00-20:00";
    const auto maintenance = model::ParseMaintenanceWindow(FillDefaults(name, draft).maintenance_window);
    EXPECT_FALSE(model::Overlap(*maintenance, *model::ParseSnapshotWindow(draft.snapshot_window))) << name;
    draft = {};
    draft.maintenance_window = "MON:00:00-MON:20:00";
    const model::ClusterSpec spec = FillDefaults(name, draft);
    EXPECT_EQ(spec.maintenance_window, "mon:00:00-mon:20:00");
    EXPECT_FALSE(model::Overlap(*model::ParseMaintenanceWindow(spec.maintenance_window),
                                *model::ParseSnapshotWindow(spec.snapshot_window)));
  }
}

TEST(ToDraft, LeavesNothingToFill) {
  ClusterDraft draft;
  draft.replicas_per_shard = 2;
  draft.tags = {{"team", "a"}};
  const model::ClusterSpec spec = FillDefaults("orders", draft);
  EXPECT_EQ(FillDefaults("another-name", ToDraft(spec)), spec);
}

}  // namespace
}  // namespace cacheplane::service
