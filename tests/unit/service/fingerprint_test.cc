#include "controlplane/service/fingerprint.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace cacheplane::service {
namespace {

TEST(Fingerprint, IsTheSameForTheSameRequest) {
  CreateClusterRequest request;
  request.name = "orders";
  CreateClusterRequest again = request;
  again.name = "Orders";
  again.request_id = "another";
  EXPECT_EQ(Fingerprint(request), Fingerprint(again));
}

// Stored beside the request id: a new version of the program must find the same.
TEST(Fingerprint, NeverChangesBetweenVersions) {
  CreateClusterRequest request;
  request.name = "orders";
  request.spec.node_type = "cache.t4g.small";
  request.spec.replicas_per_shard = 2;
  request.spec.tags = {{"team", "a"}};
  EXPECT_EQ(Fingerprint(request), "da52f7f8ce43d00c39a0ecf1220e8fc4");
}

TEST(Fingerprint, TheUsualFormSaidOrNotIsTheSame) {
  CreateClusterRequest request;
  CreateClusterRequest said;
  said.form = "replication-group";
  EXPECT_EQ(Fingerprint(request), Fingerprint(said));
  said.form = "cache-cluster";
  EXPECT_NE(Fingerprint(request), Fingerprint(said));
}

TEST(Fingerprint, EveryFieldCounts) {
  const std::vector<std::function<void(ClusterDraft&)>> changes = {
      [](ClusterDraft&) {},
      [](ClusterDraft& spec) { spec.engine = "x"; },
      [](ClusterDraft& spec) { spec.engine_version = "x"; },
      [](ClusterDraft& spec) { spec.node_type = "x"; },
      [](ClusterDraft& spec) { spec.shard_count = 1; },
      [](ClusterDraft& spec) { spec.replicas_per_shard = 0; },
      [](ClusterDraft& spec) { spec.multi_az = false; },
      [](ClusterDraft& spec) { spec.automatic_failover = false; },
      [](ClusterDraft& spec) { spec.automatic_failover = true; },
      [](ClusterDraft& spec) { spec.preferred_zones = {"a"}; },
      [](ClusterDraft& spec) {
        spec.preferred_zones = {"a", "b"};
      },
      [](ClusterDraft& spec) {
        spec.preferred_zones = {"b", "a"};
      },
      [](ClusterDraft& spec) { spec.subnet_group = "x"; },
      [](ClusterDraft& spec) { spec.security_groups = {"x"}; },
      [](ClusterDraft& spec) { spec.parameter_group = "x"; },
      [](ClusterDraft& spec) { spec.port = 1; },
      [](ClusterDraft& spec) { spec.maintenance_window = "x"; },
      [](ClusterDraft& spec) { spec.snapshot_window = "x"; },
      [](ClusterDraft& spec) { spec.snapshot_retention_days = 1; },
      [](ClusterDraft& spec) { spec.auto_minor_version_upgrade = true; },
      [](ClusterDraft& spec) { spec.description = "x"; },
      [](ClusterDraft& spec) { spec.description = "x;deletion_protection=1;"; },
      [](ClusterDraft& spec) { spec.deletion_protection = true; },
      [](ClusterDraft& spec) { spec.frozen = true; },
      [](ClusterDraft& spec) {
        spec.tags = {{"a", "b"}};
      },
      [](ClusterDraft& spec) {
        spec.tags = {{"ab", ""}};
      },
  };
  std::set<std::string> seen;
  for (const auto& change : changes) {
    CreateClusterRequest create;
    create.name = "orders";
    change(create.spec);
    EXPECT_TRUE(seen.insert(Fingerprint(create)).second) << seen.size();
  }
}

TEST(Fingerprint, MaskEtagAndRevisionCount) {
  ModifyClusterRequest modify;
  modify.name = "orders";
  std::set<std::string> seen = {Fingerprint(modify)};
  modify.update_mask = {"tags"};
  seen.insert(Fingerprint(modify));
  modify.etag = "g1";
  seen.insert(Fingerprint(modify));
  modify.check_revision = 1;
  seen.insert(Fingerprint(modify));
  EXPECT_EQ(seen.size(), 4U);
}

TEST(Fingerprint, EveryFieldOfARollbackCounts) {
  RollbackClusterRequest request;
  std::set<std::string> seen;
  const auto count = [&] { EXPECT_TRUE(seen.insert(Fingerprint(request)).second) << seen.size(); };
  request.name = "orders";
  count();
  request.revision = 1;
  count();
  std::swap(request.revision, request.check_revision);
  count();
  request.etag = "g1";
  count();
  request.apply_immediately = true;
  count();
  request.request_id = "r1";
  EXPECT_TRUE(seen.contains(Fingerprint(request)));
}

TEST(Fingerprint, EveryFieldOfASwitchoverCounts) {
  SwitchoverClusterRequest request;
  std::set<std::string> seen;
  const auto count = [&] { EXPECT_TRUE(seen.insert(Fingerprint(request)).second) << seen.size(); };
  request.name = "orders";
  count();
  request.shard = "0001";
  count();
  request.node = "orders-002";
  count();
  request.etag = "g1";
  count();
  request.request_id = "r1";
  EXPECT_TRUE(seen.contains(Fingerprint(request)));
}

}  // namespace
}  // namespace cacheplane::service
