#include "tests/contract/store_contract.h"

namespace cacheplane::test {
namespace {

using model::EndpointKind;
using ports::Transaction;

TEST_P(StoreContract, ShardIsInsertedAndReplaced) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  const model::Shard first{cluster.uid, 1, {7}, {6}, {5}};
  const model::Shard second{cluster.uid, 2, {1}, {0}};
  Commit([&](Transaction& t) {
    t.plan().PutShard(second);
    t.plan().PutShard({cluster.uid, 1, {1}, {0}});
    t.plan().PutShard(first);
  });
  EXPECT_EQ(Look([&](Transaction& t) { return t.plan().Shards(cluster.uid); }), (std::vector{first, second}));
}

TEST_P(StoreContract, NodeIsKeptWholeAndReplaced) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  model::Node node = ANode(cluster, 1, "10.0.1.5");
  EXPECT_OK(Write([&](Transaction& t) { return t.plan().PutNode(node); }));
  EXPECT_EQ(Look([](Transaction& t) { return t.plan().AllNodes(); }), std::vector{node});
  node.role = model::Role::kReplica;
  node.boot = {4};
  node.intent = model::Intent::kErase;
  node.joined = {9};
  node.joined_at = At(5);
  node.restore = "1.000000002-3";
  node.restores = 2;
  node.subnet = "net-b";
  node.address = {"10.0.2.7", 6380};
  EXPECT_OK(Write([&](Transaction& t) { return t.plan().PutNode(node); }));
  EXPECT_EQ(Look([](Transaction& t) { return t.plan().AllNodes(); }), std::vector{node});
  EXPECT_TRUE(Look([](Transaction& t) { return t.plan().UsedAddresses("net-a"); }).empty());
}

TEST_P(StoreContract, NodeNeedsItsClusterAndSubnet) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  EXPECT_CODE(Write([&](Transaction& t) { return t.plan().PutNode(ANode(ACluster("carts"), 1, "10.0.1.5")); }),
              ErrorCode::kNotFound);
  model::Node node = ANode(cluster, 1, "10.0.1.5");
  node.subnet = "net-x";
  Commit([&](Transaction& t) { EXPECT_CODE(t.plan().PutNode(node), ErrorCode::kNotFound); });
  EXPECT_TRUE(Look([](Transaction& t) { return t.plan().AllNodes(); }).empty());
}

TEST_P(StoreContract, RunningNodeNameIsUnique) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  model::Node old = ANode(cluster, 1, "10.0.1.5");
  model::Node next = ANode(cluster, 1, "10.0.1.6");
  next.incarnation = model::Incarnation("orders-001.2");
  EXPECT_OK(Write([&](Transaction& t) { return t.plan().PutNode(old); }));
  EXPECT_CODE(Write([&](Transaction& t) { return t.plan().PutNode(next); }), ErrorCode::kAlreadyExists);
  old.intent = model::Intent::kErase;
  Commit([&](Transaction& t) {
    EXPECT_OK(t.plan().PutNode(old));
    EXPECT_OK(t.plan().PutNode(next));
  });
  old.intent = model::Intent::kRun;
  EXPECT_CODE(Write([&](Transaction& t) { return t.plan().PutNode(old); }), ErrorCode::kAlreadyExists);
}

TEST_P(StoreContract, AddressIsHeldByOneNodeOrEndpoint) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  Commit([&](Transaction& t) {
    EXPECT_OK(t.plan().PutNode(ANode(cluster, 1, "10.0.1.5")));
    EXPECT_OK(t.plan().PutEndpoint(AnEndpoint(cluster, EndpointKind::kPrimary, "10.0.1.6")));
    EXPECT_CODE(t.plan().PutNode(ANode(cluster, 2, "10.0.1.5")), ErrorCode::kAlreadyExists);
    EXPECT_CODE(t.plan().PutNode(ANode(cluster, 2, "10.0.1.6")), ErrorCode::kAlreadyExists);
    EXPECT_CODE(t.plan().PutEndpoint(AnEndpoint(cluster, EndpointKind::kReader, "10.0.1.5")),
                ErrorCode::kAlreadyExists);
    EXPECT_CODE(t.plan().PutEndpoint(AnEndpoint(cluster, EndpointKind::kReader, "10.0.1.6")),
                ErrorCode::kAlreadyExists);
    EXPECT_OK(t.plan().PutNode(ANode(cluster, 2, "10.0.1.7")));
    EXPECT_CODE(t.plan().PutNode(ANode(cluster, 2, "10.0.1.5")), ErrorCode::kAlreadyExists);
  });
  store_->Read([](Transaction& t) {
    ASSERT_EQ(t.plan().AllNodes().size(), 2U);
    EXPECT_EQ(t.plan().AllNodes()[1].address.ip, "10.0.1.7");  // the refused change left it alone
    EXPECT_EQ(t.plan().AllEndpoints().size(), 1U);
  });
}

TEST_P(StoreContract, AddressIsFreeAgainAfterRemoval) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  const model::Node node = ANode(cluster, 1, "10.0.1.5");
  Commit([&](Transaction& t) {
    EXPECT_OK(t.plan().PutNode(node));
    t.plan().RemoveNode(node.incarnation);
    t.plan().RemoveNode(node.incarnation);  // not there: no error
    EXPECT_OK(t.plan().PutEndpoint(AnEndpoint(cluster, EndpointKind::kPrimary, "10.0.1.5")));
    t.plan().RemoveEndpoints(cluster.uid);
    EXPECT_OK(t.plan().PutNode(node));
  });
}

TEST_P(StoreContract, NodesComeInOrder) {
  GivenNetwork();
  const model::Cluster carts = GivenCluster("carts");
  const model::Cluster orders = GivenCluster("orders");
  model::Node a = ANode(orders, 1, "10.0.1.1");
  model::Node b = ANode(orders, 2, "10.0.1.2");
  model::Node c = ANode(orders, 3, "10.0.1.3");
  const model::Node other = ANode(carts, 1, "10.0.1.4");
  a.shard = 2;
  c.agent = model::AgentName("agent-2");
  Commit([&](Transaction& t) {
    for (const model::Node& node : {c, b, a, other}) EXPECT_OK(t.plan().PutNode(node));
  });
  store_->Read([&](Transaction& t) {
    EXPECT_EQ(t.plan().Nodes(orders.uid), (std::vector{b, c, a}));
    EXPECT_EQ(t.plan().NodesOn(model::AgentName("agent-1")), (std::vector{other, a, b}));
    EXPECT_EQ(t.plan().NodesOn(model::AgentName("agent-9")), std::vector<model::Node>{});
    EXPECT_EQ(t.plan().AllNodes(), (std::vector{other, a, b, c}));
  });
}

TEST_P(StoreContract, EndpointIsKeptWholeAndReplaced) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  model::Endpoint endpoint = AnEndpoint(cluster, EndpointKind::kPrimary, "10.0.2.5");
  EXPECT_OK(Write([&](Transaction& t) { return t.plan().PutEndpoint(endpoint); }));
  EXPECT_EQ(Look([&](Transaction& t) { return t.plan().Endpoints(cluster.uid); }), std::vector{endpoint});
  endpoint.armed = model::ArmedSwitch{{"10.0.2.9", 6379}, {4}};
  EXPECT_OK(Write([&](Transaction& t) { return t.plan().PutEndpoint(endpoint); }));
  EXPECT_EQ(Look([&](Transaction& t) { return t.plan().Endpoints(cluster.uid); }), std::vector{endpoint});
  endpoint.armed.reset();
  endpoint.targets.clear();
  endpoint.version++;
  EXPECT_OK(Write([&](Transaction& t) { return t.plan().PutEndpoint(endpoint); }));
  EXPECT_EQ(Look([&](Transaction& t) { return t.plan().Endpoints(cluster.uid); }), std::vector{endpoint});
}

TEST_P(StoreContract, EndpointNeedsItsClusterAndSubnet) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  const model::Endpoint homeless = AnEndpoint(ACluster("carts"), EndpointKind::kPrimary, "10.0.2.5");
  EXPECT_CODE(Write([&](Transaction& t) { return t.plan().PutEndpoint(homeless); }), ErrorCode::kNotFound);
  model::Endpoint endpoint = AnEndpoint(cluster, EndpointKind::kPrimary, "10.0.2.5");
  endpoint.subnet = "net-x";
  EXPECT_CODE(Write([&](Transaction& t) { return t.plan().PutEndpoint(endpoint); }), ErrorCode::kNotFound);
}

TEST_P(StoreContract, EndpointsComeInOrder) {
  GivenNetwork();
  const model::Cluster carts = GivenCluster("carts");
  const model::Cluster orders = GivenCluster("orders");
  const model::Endpoint primary = AnEndpoint(orders, EndpointKind::kPrimary, "10.0.2.9");
  const model::Endpoint reader = AnEndpoint(orders, EndpointKind::kReader, "10.0.2.5");
  const model::Endpoint other = AnEndpoint(carts, EndpointKind::kPrimary, "10.0.2.7");
  Commit([&](Transaction& t) {
    for (const model::Endpoint& endpoint : {reader, other, primary}) EXPECT_OK(t.plan().PutEndpoint(endpoint));
  });
  store_->Read([&](Transaction& t) {
    EXPECT_EQ(t.plan().Endpoints(orders.uid), (std::vector{primary, reader}));
    EXPECT_EQ(t.plan().AllEndpoints(), (std::vector{reader, other, primary}));
  });
}

TEST_P(StoreContract, UsedAddressesAreThoseOfTheSubnet) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  model::Endpoint endpoint = AnEndpoint(cluster, EndpointKind::kPrimary, "10.0.1.4");
  endpoint.subnet = "Net-A";
  Commit([&](Transaction& t) {
    EXPECT_OK(t.plan().PutNode(ANode(cluster, 1, "10.0.1.5")));
    EXPECT_OK(t.plan().PutEndpoint(endpoint));
    EXPECT_OK(t.plan().PutEndpoint(AnEndpoint(cluster, EndpointKind::kReader, "10.0.2.5")));
  });
  EXPECT_EQ(Look([](Transaction& t) { return t.plan().UsedAddresses("NET-A"); }),
            (std::vector<std::string>{"10.0.1.4", "10.0.1.5"}));
}

TEST_P(StoreContract, AbandonedIncarnationsOutliveTheirCluster) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  const model::Abandoned second = AnAbandoned("i-2", "10.0.1.6");
  model::Abandoned first = AnAbandoned("i-1", "10.0.1.5");
  model::Abandoned elsewhere = AnAbandoned("i-3", "10.0.2.7");
  elsewhere.agent = model::AgentName("agent-2");
  Commit([&](Transaction& t) {
    for (const model::Abandoned& abandoned : {second, first, elsewhere}) t.plan().PutAbandoned(abandoned);
    first.address.port = 7000;
    t.plan().PutAbandoned(first);
    t.clusters().Remove(cluster.uid);
  });
  EXPECT_EQ(Look([](Transaction& t) { return t.plan().AbandonedOn(model::AgentName("agent-1")); }),
            (std::vector{first, second}));
  Commit([&](Transaction& t) {
    t.plan().RemoveAbandoned(first.incarnation);
    t.plan().RemoveAbandoned(first.incarnation);  // not there: no error
  });
  EXPECT_EQ(Look([](Transaction& t) { return t.plan().AbandonedOn(model::AgentName("agent-1")); }),
            std::vector{second});
}

TEST_P(StoreContract, AddressOfAnAbandonedIncarnationIsUsedInEverySubnet) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  const auto used = [&] { return Look([](Transaction& t) { return t.plan().UsedAddresses("net-a"); }); };
  Commit([&](Transaction& t) {
    EXPECT_OK(t.plan().PutNode(ANode(cluster, 1, "10.0.1.5")));
    t.plan().PutAbandoned(AnAbandoned("i-1", "10.0.1.4"));
    t.plan().PutAbandoned(AnAbandoned("i-2", "10.0.1.5"));
  });
  EXPECT_EQ(used(), (std::vector<std::string>{"10.0.1.4", "10.0.1.5"}));
  Commit([&](Transaction& t) { t.plan().RemoveAbandoned(model::Incarnation("i-1")); });
  EXPECT_EQ(used(), std::vector<std::string>{"10.0.1.5"});
}

TEST_P(StoreContract, EndpointMapVersionRisesByOne) {
  EXPECT_EQ(Look([](Transaction& t) { return t.plan().EndpointMapVersion(); }), 0U);
  Commit([](Transaction& t) {
    EXPECT_EQ(t.plan().NextEndpointMapVersion(), 1U);
    EXPECT_EQ(t.plan().NextEndpointMapVersion(), 2U);
    EXPECT_EQ(t.plan().EndpointMapVersion(), 2U);
  });
  EXPECT_EQ(Look([](Transaction& t) { return t.plan().EndpointMapVersion(); }), 2U);
}

TEST_P(StoreContract, ShardOfAnUnknownClusterStopsTheProcess) {
  EXPECT_DEATH(Commit([](Transaction& t) { t.plan().PutShard({model::ClusterUid("u"), 1, {1}, {1}}); }), "");
}

}  // namespace
}  // namespace cacheplane::test
