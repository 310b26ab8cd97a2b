// How far a cluster is with newer patch levels: by its nodes, their hosts, and the operations there were.
#include "controlplane/service/cluster_updates.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "common/text.h"
#include "controlplane/service/update_service.h"
#include "tests/unit/service/upgrade_fixture.h"

namespace cacheplane::service {
namespace {

using model::OperationStatus;

class ClusterUpdates : public testing::Test {
 protected:
  ClusterUpdates() {
    cluster.uid = model::ClusterUid("cl-1");
    cluster.name = "orders";
    cluster.status = model::ClusterStatus::kAvailable;
    cluster.spec.engine = "valkey";
    cluster.spec.engine_version = "8.0";
    cluster.spec.replicas_per_shard = 1;
    for (int ordinal : {1, 2}) AddNode(ordinal);
    for (const char* agent : {"a1", "a2", "a3"}) {
      hosts.push_back(HostOf(agent, "z", kGibibyte, {{"valkey", "8.0.1"}, {"valkey", "8.1.1"}}));
    }
  }

  void AddNode(int ordinal) {
    NodeDetails details;
    details.node.incarnation = model::Incarnation(fmt::format("i{}", ordinal));
    details.node.name = model::NodeNameOf("orders", ordinal);
    details.node.ordinal = ordinal;
    details.node.agent = model::AgentName(fmt::format("a{}", ordinal));
    details.node.engine = "valkey";
    details.node.image_version = details.engine_version = "8.0.1";
    nodes.push_back(details);
  }
  void HostsGet(const std::string& version) {
    for (model::Host& host : hosts) host.images.push_back({"valkey", version});
  }
  void Has(std::size_t index, const std::string& version) {
    nodes[index].node.image_version = nodes[index].engine_version = version;
    nodes[index].node.renewed_at = now;
  }
  // To 8.0.5, begun a minute ago.
  model::Operation& Began() {
    model::Operation operation;
    operation.kind = model::OperationKind::kUpdateNodes;
    operation.cluster = cluster.uid;
    operation.created = now - std::chrono::minutes(1);
    operation.before = model::BuildOf(cluster.spec);
    operation.update_to = "8.0.5";
    for (const NodeDetails& node : nodes) operation.images_before[node.node.incarnation] = node.node.image_version;
    operations.insert(operations.begin(), operation);
    return operations.front();
  }
  void Ended(OperationStatus status) {
    operations.front().status = status;
    operations.front().ended = now;
  }

  // "8.0.5 in-progress 1/2 [complete waiting-to-start]" for each; "open" behind it where a node could take it.
  std::vector<std::string> Told() {
    std::vector<std::string> told;
    for (const ClusterUpdate& update : UpdatesOf(cluster, nodes, hosts, operations, now)) {
      std::vector<std::string> each;
      for (const NodeUpdate& node : update.nodes) each.emplace_back(UpdateStatusName(node.status));
      told.push_back(fmt::format("{} {} {}/{} [{}]{}", update.level.version, UpdateStatusName(update.status),
                                 update.updated, update.nodes.size(), Join(each, " "), update.is_open ? " open" : ""));
    }
    return told;
  }
  using Texts = std::vector<std::string>;

  WallTime now = FromUnixMillis(1'700'000'000'000);
  model::Cluster cluster;
  std::vector<NodeDetails> nodes;
  std::vector<model::Host> hosts;
  std::vector<model::Operation> operations;
};

TEST_F(ClusterUpdates, WhatIsNotNewerIsNone) {
  EXPECT_EQ(Told(), Texts{});
  HostsGet("8.0.0");
  EXPECT_EQ(Told(), Texts{});
}

TEST_F(ClusterUpdates, EveryNewerPatchLevelOfANodesHostIsOne) {
  HostsGet("8.0.5");
  hosts[1].images.push_back({"valkey", "8.0.10"});
  hosts[2].images.push_back({"valkey", "8.0.11"});
  EXPECT_EQ(Told(), (Texts{"8.0.10 not-applied 0/1 [not-applied] open",
                           "8.0.5 not-applied 0/2 [not-applied not-applied] open"}));
  Has(0, "8.0.5");
  Has(1, "8.0.10");
  EXPECT_EQ(Told(), Texts{}) << "each has the newest of its host";
}

TEST_F(ClusterUpdates, ANodeWhoseHostLacksItDoesNotCount) {
  hosts[1].images.push_back({"valkey", "8.0.10"});
  Began();
  Has(1, "8.0.10");
  Ended(OperationStatus::kSucceeded);
  operations.front().update_to = "8.0.10";
  EXPECT_EQ(Told(), Texts{"8.0.10 complete 1/1 [complete]"});
}

TEST_F(ClusterUpdates, AClusterBeingDeletedHasNone) {
  HostsGet("8.0.5");
  cluster.status = model::ClusterStatus::kDeleting;
  EXPECT_EQ(Told(), Texts{});
}

TEST_F(ClusterUpdates, FromTheBeginningToTheEnd) {
  HostsGet("8.0.5");
  Began();
  EXPECT_EQ(Told(), Texts{"8.0.5 waiting-to-start 0/2 [waiting-to-start waiting-to-start] open"});
  Has(1, "8.0.5");
  nodes[1].engine_version = "8.0.1";
  EXPECT_EQ(Told(), Texts{"8.0.5 in-progress 0/2 [waiting-to-start in-progress] open"});
  nodes[1].engine_version.clear();
  EXPECT_EQ(Told(), Texts{"8.0.5 in-progress 0/2 [waiting-to-start in-progress] open"});
  Has(1, "8.0.5");
  EXPECT_EQ(Told(), Texts{"8.0.5 in-progress 1/2 [waiting-to-start complete] open"});
  Has(0, "8.0.5");
  EXPECT_EQ(Told(), Texts{"8.0.5 in-progress 2/2 [complete complete] open"});
  Ended(OperationStatus::kSucceeded);
  nodes[0].engine_version.clear();
  EXPECT_EQ(Told(), Texts{"8.0.5 complete 2/2 [complete complete]"}) << "one that is down for a moment has it";
  now += std::chrono::hours(24 * 7 - 1);
  EXPECT_EQ(Told().size(), 1U);
  now += std::chrono::hours(1);
  EXPECT_EQ(Told(), Texts{}) << "a week later it is over";
}

TEST_F(ClusterUpdates, OneThatIsLentDoesNotCount) {
  HostsGet("8.0.5");
  Began();
  AddNode(3);
  Has(2, "8.0.5");
  EXPECT_EQ(Told(), Texts{"8.0.5 waiting-to-start 0/2 [waiting-to-start waiting-to-start] open"});
  nodes.erase(nodes.begin());
  EXPECT_EQ(Told(), Texts{"8.0.5 in-progress 1/2 [waiting-to-start complete] open"})
      << "in the place of one that left it does";
}

TEST_F(ClusterUpdates, NorDoesOneThatIsLentUnderALowerNumber) {
  nodes.clear();
  for (int ordinal : {2, 3}) AddNode(ordinal);
  HostsGet("8.0.5");
  Began();
  AddNode(1);
  Has(2, "8.0.5");
  std::rotate(nodes.begin(), nodes.begin() + 2, nodes.end());
  EXPECT_EQ(Told(), Texts{"8.0.5 waiting-to-start 0/2 [waiting-to-start waiting-to-start] open"});
}

TEST_F(ClusterUpdates, OnesThatAreErasedDoNotCount) {
  HostsGet("8.0.5");
  AddNode(3);
  nodes[2].node.intent = model::Intent::kErase;
  EXPECT_EQ(Told(), Texts{"8.0.5 not-applied 0/2 [not-applied not-applied] open"});
}

TEST_F(ClusterUpdates, ACancelledOneStops) {
  HostsGet("8.0.5");
  Began().cancelled = true;
  Has(1, "8.0.5");
  EXPECT_EQ(Told(), Texts{"8.0.5 stopping 1/2 [stopped stopping] open"});
  operations.front().cancelled = false;
  operations.front().failure = "it does not come up";
  EXPECT_EQ(Told(), Texts{"8.0.5 stopping 1/2 [stopped stopping] open"});
  Has(1, "8.0.1");
  Ended(OperationStatus::kFailed);
  EXPECT_EQ(Told(), Texts{"8.0.5 stopped 0/2 [stopped stopped] open"});
  now += std::chrono::hours(24 * 7);
  EXPECT_EQ(Told(), Texts{"8.0.5 not-applied 0/2 [not-applied not-applied] open"});
}

TEST_F(ClusterUpdates, TheLatestOneTells) {
  HostsGet("8.0.5");
  Began();
  Ended(OperationStatus::kFailed);
  Began().created = now;
  EXPECT_EQ(Told(), Texts{"8.0.5 waiting-to-start 0/2 [waiting-to-start waiting-to-start] open"});
}

TEST_F(ClusterUpdates, WhatIsOnTheWayIsComplete) {
  HostsGet("8.0.3");
  HostsGet("8.0.5");
  Began();
  for (std::size_t index : {0U, 1U}) Has(index, "8.0.5");
  Ended(OperationStatus::kSucceeded);
  EXPECT_EQ(Told(), (Texts{"8.0.3 complete 2/2 [complete complete]", "8.0.5 complete 2/2 [complete complete]"}));
  const auto updates = UpdatesOf(cluster, nodes, hosts, operations, now);
  EXPECT_TRUE(updates.back().on_hosts);
  for (model::Host& host : hosts) host.images = {{"valkey", "8.0.1"}};
  EXPECT_FALSE(UpdatesOf(cluster, nodes, hosts, operations, now).back().on_hosts);
}

TEST_F(ClusterUpdates, OfAVersionThatItHadBeforeItHasNone) {
  HostsGet("8.0.5");
  Began();
  Ended(OperationStatus::kSucceeded);
  cluster.spec.engine_version = "8.1";
  EXPECT_EQ(Told(), Texts{});
}

class UpdateLists : public Upgrade {
 protected:
  UpdateService updates{world.store, world.facts, world.clock};
};

TEST_F(UpdateLists, PagesGoOnWhereTheyEnded) {
  for (const model::Node& node : shard.nodes) {
    AddHost(node.agent.str(), {{"valkey", "8.0.1"}, {"valkey", "8.0.2"}, {"valkey", "8.0.3"}, {"valkey", "8.0.4"}});
  }
  std::vector<std::string> seen;
  ListRequest request{.page_size = 2, .page_token = ""};
  do {
    const auto page = updates.ListPatchLevels(request);
    ASSERT_TRUE(page.ok()) << page.error().message;
    for (const PatchLevel& level : page->items) seen.push_back(NameOf(level));
    request.page_token = page->next_page_token;
  } while (!request.page_token.empty());
  EXPECT_EQ(seen, (std::vector<std::string>{"valkey-8.0.2", "valkey-8.0.3", "valkey-8.0.4"}));
  const auto newest = [](const ClusterUpdate& update) { return update.level.version == "8.0.4"; };
  EXPECT_EQ(updates.ListClusterUpdates(newest, {})->items.size(), 1U);
  EXPECT_EQ(updates.UpdatesOfCluster("ORDERS").size(), 3U);
  EXPECT_TRUE(updates.UpdatesOfCluster("carts").empty());
  EXPECT_FALSE(updates.ListPatchLevels({.page_size = -1, .page_token = ""}).ok());
}

}  // namespace
}  // namespace cacheplane::service
