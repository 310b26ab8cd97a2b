// A placed cluster "orders" on hosts with several images, about to be modified.
#pragma once

#include <gtest/gtest.h>

#include "cache-engine/catalog/catalog.h"
#include "tests/unit/service/placed_shard.h"

namespace cacheplane::service {

class Upgrade : public testing::Test {
 protected:
  Upgrade() {
    CreateClusterRequest request = World::Request("orders");
    request.spec.replicas_per_shard = 2;
    request.spec.engine_version = "8.0";
    World::Require(world.clusters.CreateCluster(request).ok() ? Status() : Internal("not created"));
    for (model::Node& node : shard.nodes) {
      node.memory_bytes = catalog::FindNodeType("cache.t4g.small")->memory_bytes;
      AddHost(node.agent.str(), {{"valkey", "8.0.1"}, {"valkey", "8.1.1"}});
    }
    shard.Establish(world);
    world.facts.facts = shard.facts;
  }

  void AddHost(const std::string& agent, std::vector<model::Image> images, std::int64_t memory = 8 * kGibibyte) {
    world.AddHost(HostOf(agent, "us-east-1a", memory, std::move(images)));
  }

  Result<ClusterAnswer> Modify(const std::vector<std::string>& mask, const ClusterDraft& spec) {
    ModifyClusterRequest request;
    request.name = "orders";
    request.spec = spec;
    request.update_mask = mask;
    request.apply_immediately = immediately;
    return world.clusters.ModifyCluster(request);
  }
  Result<ClusterAnswer> To(const std::string& version, const std::string& engine = "valkey") {
    ClusterDraft spec;
    spec.engine = engine;
    spec.engine_version = version;
    return Modify({"engine", "engine_version"}, spec);
  }
  Result<ClusterAnswer> Resize(const std::string& type) {
    ClusterDraft spec;
    spec.node_type = type;
    return Modify({"node_type"}, spec);
  }

  Result<ClusterAnswer> Group(const std::string& name) {
    ClusterDraft spec;
    spec.parameter_group = name;
    return Modify({"parameter_group"}, spec);
  }
  void Store(const model::ParameterGroup& group) {
    World::Require(world.store.Write([&](ports::Transaction& tx) { return tx.parameter_groups().Insert(group); }));
  }

  std::optional<model::Build> Pending() { return world.clusters.GetCluster("orders")->cluster.pending; }

  // Refused with this, and nothing has changed.
  void Refused(const Result<ClusterAnswer>& answer, ErrorCode code, const std::string& fragment) {
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, code) << answer.error().message;
    EXPECT_NE(answer.error().message.find(fragment), std::string::npos) << answer.error().message;
    const model::Cluster now = world.clusters.GetCluster("orders")->cluster;
    EXPECT_EQ(now.spec.engine_version, "8.0");
    EXPECT_EQ(now.spec.node_type, "cache.t4g.small");
    EXPECT_EQ(now.status, model::ClusterStatus::kAvailable);
  }

  World world;
  PlacedShard shard{world.clock.Mono()};
  bool immediately = true;
};

}  // namespace cacheplane::service
