// The cluster "orders" while it is upgraded, changed by words.
#pragma once

#include <gtest/gtest.h>

#include "tests/unit/decide/scenario.h"

namespace cacheplane::decide {

// Asked to run 8.1 instead of 8.0; all hosts have it and no room for more nodes, and the router serves whatever is
// published.
class Upgrade {
 public:
  explicit Upgrade(int replicas = 2) : scenario(replicas, replicas > 0) {
    scenario.Converge().Asked(model::OperationKind::kModifyCluster, "");
    ClusterView& view = scenario.view;
    view.cluster.status = model::ClusterStatus::kModifying;
    view.operation_age = std::chrono::hours(1);
    view.operation->before = model::BuildOf(view.cluster.spec);
    view.operation->before_replicas = replicas;
    view.cluster.spec.engine_version = "8.1";
    for (HostView& host : view.hosts) {
      host.host.images.push_back({"valkey", "8.1.1"});
      host.reserved_bytes = host.host.memory_bytes;
    }
  }

  Upgrade& HasRoom() {
    for (HostView& host : scenario.view.hosts) host.reserved_bytes = 0;
    return *this;
  }

  // The node that AddReplica names, which must come, is in sync.
  void Adds() {
    for (SubnetView& subnet : scenario.view.subnets) {
      for (const NodeView& node : scenario.view.nodes) subnet.used.insert(node.planned.address.ip);
    }
    const Step step = Next();
    ASSERT_NE(As<AddReplica>(step), nullptr) << Describe(step);
    model::Node node = As<AddReplica>(step)->node;
    node.incarnation = model::Incarnation("added");
    node.joined_at = scenario.view.operation->created + std::chrono::seconds(1);
    node.recovering = false;
    scenario.view.nodes.push_back({node, std::nullopt, true, std::chrono::milliseconds(0)});
    scenario.view.shard->epoch = scenario.view.shard->attached = As<AddReplica>(step)->epoch;
    for (NodeView& each : scenario.view.nodes) {
      if (each.facts) each.facts->epoch = scenario.view.shard->epoch;
    }
    scenario.Runs(static_cast<int>(scenario.view.nodes.size())).Published();
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
    scenario.Node(ordinal).since_renewal = std::chrono::milliseconds(0);
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
  void Fails(model::ProcessState state, std::uint64_t ends) {
    scenario.Dies(2, "exit status 1");
    scenario.Facts(2).process = state;
    scenario.Facts(2).renewal = scenario.Node(2).planned.renewal;
    scenario.Facts(2).starts = scenario.Node(2).planned.renewed_start + ends;
    if (As<PublishEndpoints>(Next()) != nullptr) scenario.Published();
  }

  Scenario scenario;
};

}  // namespace cacheplane::decide
