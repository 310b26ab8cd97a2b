// CatalogService, FleetService and EventService.
#include <gtest/gtest.h>

#include "controlplane/service/catalog_service.h"
#include "controlplane/service/event_service.h"
#include "controlplane/service/fleet_service.h"
#include "tests/unit/service/world.h"

namespace cacheplane::service {
namespace {

TEST(Catalog, ShowsWhichVersionsHaveImages) {
  World world;
  world.AddHost(HostOf("h1", "a", kGibibyte, {{"valkey", "8.0.1"}, {"valkey", "8.0.2"}}));
  world.AddHost(HostOf("h2", "a", kGibibyte, {{"valkey", "8.0.1"}}));
  const auto page = CatalogService(world.store).ListEngineVersions("Valkey", {});
  ASSERT_FALSE(page->items.empty());
  EXPECT_EQ(page->items[0].version.version, "8.0");
  EXPECT_EQ(page->items[0].images, (std::vector<std::string>{"8.0.1", "8.0.2"}));
  EXPECT_TRUE(page->items[1].images.empty());
}

TEST(Catalog, PagesFollowItsOwnOrder) {
  World world;
  const CatalogService catalog(world.store);
  std::vector<std::string> seen;
  ListRequest request{1, ""};
  do {
    const auto page = catalog.ListEngineVersions("", request);
    seen.push_back(page->items.at(0).version.engine + page->items.at(0).version.version);
    request.page_token = page->next_page_token;
  } while (!request.page_token.empty());
  ASSERT_EQ(seen.size(), catalog::EngineVersions().size() + catalog::VersionAliases().size());
  EXPECT_EQ(seen.front(), "valkey8.0");
  EXPECT_EQ(seen.back(), "redis8.0");
}

TEST(Catalog, UnknownEnginesAreRefused) {
  World world;
  EXPECT_EQ(CatalogService(world.store).ListEngineVersions("mysql", {}).error().code, ErrorCode::kInvalidArgument);
}

TEST(Catalog, ListsTheNodeTypesOfNewClusters) {
  World world;
  const auto page = CatalogService(world.store).ListNodeTypes({});
  EXPECT_FALSE(page->items.empty());
  for (const catalog::NodeType& type : page->items) EXPECT_TRUE(type.new_clusters_allowed) << type.name;
}

class Fleet : public testing::Test {
 protected:
  Fleet() {
    world.AddHost(HostOf("agent-b", "us-east-1b", 4 * kGibibyte, {{"valkey", "8.0.1"}}));
    world.AddHost(HostOf("agent-a", "us-east-1a", 4 * kGibibyte, {{"valkey", "8.0.1"}}));
    World::Require(world.clusters.CreateCluster(World::Request("orders")).ok() ? Status() : Internal("create"));
    World::Require(world.store.Write([&](ports::Transaction& transaction) -> Status {
      model::Node node;
      node.incarnation = model::Incarnation("in-1");
      node.name = model::NodeNameOf("orders", 1);
      node.cluster = transaction.clusters().Find("orders")->uid;
      node.agent = model::AgentName("agent-a");
      node.subnet = "subnet-us-east-1a";
      node.address = {"127.20.0.4", 6379};
      node.memory_bytes = kGibibyte;
      transaction.plan().PutShard({node.cluster, 1, {}, {}});
      return transaction.plan().PutNode(node);
    }));
  }

  World world;
  FleetService fleet{world.store, world.facts, {world.signals, world.signals}, world.clock};
};

TEST_F(Fleet, AgentsShowWhatIsPromisedOnThem) {
  const AgentDetails agent = *fleet.GetAgent("agent-a");
  EXPECT_EQ(agent.node_count, 1);
  EXPECT_EQ(agent.memory_reserved_bytes, kGibibyte);
  EXPECT_FALSE(agent.connected);
  EXPECT_EQ(fleet.GetAgent("agent-z").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(fleet.GetAgent("").error().code, ErrorCode::kInvalidArgument);
}

TEST_F(Fleet, UnknownIncarnationsAreShown) {
  model::AgentFacts& facts = world.facts.facts.agents[model::AgentName("agent-a")];
  facts.connected = true;
  facts.heard_wall = world.clock.Now();
  facts.nodes.Own()[model::Incarnation("in-1")] = {};
  facts.nodes.Own()[model::Incarnation("in-lost")] = {};
  facts.nodes.Own()[model::Incarnation("in-erased")].process = model::ProcessState::kErased;
  const AgentDetails agent = *fleet.GetAgent("agent-a");
  EXPECT_TRUE(agent.connected);
  EXPECT_EQ(agent.host.last_heard, world.clock.Now());
  EXPECT_EQ(agent.unknown_nodes, std::vector<std::string>{"in-lost"});
}

TEST_F(Fleet, ListsAreInOrderAndInPages) {
  const auto first = fleet.ListAgents({1, ""});
  EXPECT_EQ(first->items.at(0).host.agent.str(), "agent-a");
  const auto second = fleet.ListAgents({1, first->next_page_token});
  EXPECT_EQ(second->items.at(0).host.agent.str(), "agent-b");
  EXPECT_EQ(second->next_page_token, "");
  world.facts.facts.routers = {{.name = "r2", .data_path = "", .problem = "", .heard_wall = {}},
                               {.name = "r1", .data_path = "", .problem = "", .heard_wall = {}}};
  EXPECT_EQ(fleet.ListRouters({})->items.at(0).name, "r1");
}

TEST_F(Fleet, NodesAreFilteredByClusterAndAgent) {
  const auto count = [&](const std::string& cluster, const std::string& agent) {
    return fleet.ListNodes({cluster, agent, {}})->items.size();
  };
  EXPECT_EQ(count("", ""), 1U);
  EXPECT_EQ(count("Orders", "agent-a"), 1U);
  EXPECT_EQ(count("", "agent-b"), 0U);
  EXPECT_EQ(count("nobody", ""), 0U);
  EXPECT_EQ(fleet.ListNodes({})->items[0].state.status, NodeStatus::kCreating);
}

class Events : public testing::Test {
 protected:
  void Append(const std::string& cluster, const std::string& type = "replication-group") {
    World::Require(world.store.Write([&](ports::Transaction& transaction) -> Status {
      model::Event event;
      event.time = world.clock.Now();
      event.source_type = type;
      event.source = cluster;
      event.cluster = cluster;
      transaction.journal().AppendEvent(event);
      return {};
    }));
  }
  std::size_t Count(ListEventsRequest request) { return events.ListEvents(request)->items.size(); }

  World world;
  EventService events{world.store};
};

TEST_F(Events, AreFiltered) {
  Append("orders");
  world.clock.Advance(std::chrono::seconds(1));
  const WallTime second = world.clock.Now();
  Append("orders", "cache-cluster");
  Append("other");
  EXPECT_EQ(Count({}), 3U);
  EXPECT_EQ(Count({"Orders", "", {}, {}, {}}), 2U);
  EXPECT_EQ(Count({"orders", "cache-cluster", {}, {}, {}}), 1U);
  EXPECT_EQ(Count({"", "", second, {}, {}}), 2U);
  EXPECT_EQ(Count({"", "", {}, second, {}}), 1U);
  EXPECT_EQ(events.ListEvents({"", "moon", {}, {}, {}}).error().code, ErrorCode::kInvalidArgument);
  const WallTime first = second - std::chrono::seconds(1);
  EXPECT_EQ(events.ListEvents({"", "", second, first, {}}).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(Events, PagesNeitherSkipNorRepeat) {
  for (int i = 0; i < 7; ++i) Append("orders");
  std::vector<std::uint64_t> seen;
  ListEventsRequest request;
  request.page.page_size = 3;
  do {
    const auto page = events.ListEvents(request);
    for (const model::Event& event : page->items) seen.push_back(event.sequence);
    request.page.page_token = page->next_page_token;
  } while (!request.page.page_token.empty());
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7}));
}

TEST_F(Events, PagesGoBackFromTheNewest) {
  for (int i = 0; i < 4; ++i) Append("orders");
  Append("other");
  std::vector<std::uint64_t> seen;
  ListEventsRequest request;
  request.newest_first = true;
  request.source = "orders";
  request.page.page_size = 3;
  do {
    const auto page = events.ListEvents(request);
    for (const model::Event& event : page->items) seen.push_back(event.sequence);
    request.page.page_token = page->next_page_token;
  } while (!request.page.page_token.empty());
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{4, 3, 2, 1}));
}

TEST_F(Events, OfEveryTypeThatIsWrittenCanBeAskedFor) {
  for (const char* type : {"replication-group", "cache-cluster", "cache-subnet-group", "cache-security-group",
                           "cache-parameter-group", "agent"}) {
    Append("orders", type);
    EXPECT_EQ(Count({"", type, {}, {}, {}}), 1U) << type;
  }
}

TEST_F(Events, WatchesStartBehindTheirToken) {
  Append("orders");
  Append("orders");
  EXPECT_EQ(*events.StartOf(""), 2U);
  EXPECT_EQ(*events.StartOf(ResumeToken(1)), 1U);
  EXPECT_EQ(*events.StartOf(ResumeToken(0)), 0U);
  EXPECT_EQ(events.EventsAfter(1, "orders", 10).size(), 1U);
  for (const std::string token : {"x", "e", "1", "e-1", "e01", "e1 ", "e3", "e99999999999999999999"}) {
    EXPECT_EQ(events.StartOf(token).error().code, ErrorCode::kInvalidArgument) << token;
  }
}

TEST_F(Events, ATokenOlderThanWhatIsKeptIsRefusedForItWouldSkip) {
  Append("orders");
  Append("orders");
  world.clock.Advance(std::chrono::seconds(1));
  World::Require(world.store.Write([&](ports::Transaction& transaction) -> Status {
    transaction.journal().ForgetEventsBefore(world.clock.Now());
    return {};
  }));
  EXPECT_FALSE(events.StartOf(ResumeToken(1)).ok());
  EXPECT_TRUE(events.StartOf(ResumeToken(2)).ok());
  Append("orders");
  EXPECT_FALSE(events.StartOf(ResumeToken(1)).ok());
  EXPECT_EQ(events.EventsAfter(*events.StartOf(ResumeToken(2)), "", 10).at(0).sequence, 3U);
}

}  // namespace
}  // namespace cacheplane::service
