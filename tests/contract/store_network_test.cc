#include "tests/contract/store_contract.h"

namespace cacheplane::test {
namespace {

using Names = std::vector<std::string>;
using ports::Transaction;

template <typename Rows>
Names NamesOf(const Rows& rows) {
  Names names;
  for (const auto& row : rows) names.push_back(row.name);
  return names;
}

TEST_P(StoreContract, SubnetIsKeptWhole) {
  const model::Subnet subnet = ASubnet("net-a", "zone-a", "10.0.1.0/24");
  EXPECT_OK(Write([&](Transaction& t) { return t.network().InsertSubnet(subnet); }));
  EXPECT_EQ(Look([](Transaction& t) { return t.network().FindSubnet("NET-A"); }), subnet);
  EXPECT_EQ(Look([](Transaction& t) { return t.network().FindSubnet("net-b"); }), std::nullopt);
}

TEST_P(StoreContract, SubnetNameIsTaken) {
  GivenNetwork();
  EXPECT_CODE(Write([](Transaction& t) { return t.network().InsertSubnet(ASubnet("Net-A", "z", "10.7.0.0/24")); }),
              ErrorCode::kAlreadyExists);
}

TEST_P(StoreContract, SubnetOfAGroupStays) {
  GivenNetwork();
  EXPECT_CODE(Write([](Transaction& t) { return t.network().RemoveSubnet("net-a"); }), ErrorCode::kFailedPrecondition);
  EXPECT_OK(Write([](Transaction& t) { return t.network().UpdateSubnetGroup({"default", "", {"net-b"}}); }));
  EXPECT_OK(Write([](Transaction& t) { return t.network().RemoveSubnet("NET-A"); }));
  EXPECT_CODE(Write([](Transaction& t) { return t.network().RemoveSubnet("net-a"); }), ErrorCode::kNotFound);
}

TEST_P(StoreContract, SubnetOfANodeOrAnEndpointStays) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  const model::Node node = ANode(cluster, 1, "10.0.1.5");
  Commit([&](Transaction& t) {
    EXPECT_OK(t.plan().PutNode(node));
    EXPECT_OK(t.plan().PutEndpoint(AnEndpoint(cluster, model::EndpointKind::kPrimary, "10.0.2.5")));
    EXPECT_OK(t.network().UpdateSubnetGroup({"default", "", {}}));
  });
  for (const char* name : {"net-a", "net-b"}) {
    EXPECT_CODE(Write([&](Transaction& t) { return t.network().RemoveSubnet(name); }), ErrorCode::kFailedPrecondition);
  }
  Commit([&](Transaction& t) {
    t.plan().RemoveNode(node.incarnation);
    t.plan().RemoveEndpoints(cluster.uid);
    EXPECT_OK(t.network().RemoveSubnet("net-a"));
    EXPECT_OK(t.network().RemoveSubnet("net-b"));
  });
}

TEST_P(StoreContract, SubnetGroupKeepsItsSubnetsSortedAndOnce) {
  GivenNetwork();
  EXPECT_OK(Write([](Transaction& t) {
    return t.network().InsertSubnetGroup({"Mixed", "text", {"net-b", "NET-A", "net-b"}, {{"team", "a"}}});
  }));
  EXPECT_EQ(Look([](Transaction& t) { return t.network().FindSubnetGroup("mixed"); }),
            (model::SubnetGroup{"mixed", "text", {"net-a", "net-b"}, {{"team", "a"}}}));
  EXPECT_EQ(Look([](Transaction& t) { return t.network().FindSubnetGroup("other"); }), std::nullopt);
}

TEST_P(StoreContract, SubnetGroupErrors) {
  GivenNetwork();
  const auto code = [&](Status (ports::NetworkTable::*method)(const model::SubnetGroup&), model::SubnetGroup group) {
    return CodeOf(Write([&](Transaction& t) { return (t.network().*method)(group); }));
  };
  EXPECT_EQ(code(&ports::NetworkTable::InsertSubnetGroup, {"DEFAULT", "", {"net-a"}}), "already-exists");
  EXPECT_EQ(code(&ports::NetworkTable::InsertSubnetGroup, {"new", "", {"net-a", "net-x"}}), "not-found");
  EXPECT_EQ(code(&ports::NetworkTable::UpdateSubnetGroup, {"new", "", {"net-a"}}), "not-found");
  EXPECT_EQ(code(&ports::NetworkTable::UpdateSubnetGroup, {"default", "", {"net-x"}}), "not-found");
  EXPECT_CODE(Write([](Transaction& t) { return t.network().RemoveSubnetGroup("new"); }), ErrorCode::kNotFound);
  EXPECT_EQ(Look([](Transaction& t) { return t.network().SubnetGroups({}); }),
            (std::vector<model::SubnetGroup>{{"default", "all zones", {"net-a", "net-b"}}}));
}

TEST_P(StoreContract, RefusedSubnetGroupLeavesNothingEvenWhenTheTransactionCommits) {
  GivenNetwork();
  Commit([](Transaction& t) {
    EXPECT_CODE(t.network().InsertSubnetGroup({"new", "", {"net-a", "net-x"}}), ErrorCode::kNotFound);
    EXPECT_CODE(t.network().UpdateSubnetGroup({"default", "changed", {"net-x"}}), ErrorCode::kNotFound);
  });
  EXPECT_EQ(Look([](Transaction& t) { return t.network().SubnetGroups({}); }),
            (std::vector<model::SubnetGroup>{{"default", "all zones", {"net-a", "net-b"}}}));
}

TEST_P(StoreContract, SubnetGroupOfAClusterStays) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  EXPECT_CODE(Write([](Transaction& t) { return t.network().RemoveSubnetGroup("Default"); }),
              ErrorCode::kFailedPrecondition);
  Commit([&](Transaction& t) { t.clusters().Remove(cluster.uid); });
  EXPECT_OK(Write([](Transaction& t) { return t.network().RemoveSubnetGroup("Default"); }));
}

TEST_P(StoreContract, SecurityGroupIsKeptWhole) {
  GivenNetwork();
  EXPECT_EQ(Look([](Transaction& t) { return t.network().FindSecurityGroup("WEB"); }), ASecurityGroup("web"));
  const model::SecurityGroup changed{"Web", "other", {}};
  EXPECT_OK(Write([&](Transaction& t) { return t.network().UpdateSecurityGroup(changed); }));
  EXPECT_EQ(Look([](Transaction& t) { return t.network().FindSecurityGroup("web"); }),
            (model::SecurityGroup{"web", "other", {}}));
}

TEST_P(StoreContract, SecurityGroupErrors) {
  GivenNetwork();
  EXPECT_CODE(Write([](Transaction& t) { return t.network().InsertSecurityGroup(ASecurityGroup("WEB")); }),
              ErrorCode::kAlreadyExists);
  EXPECT_CODE(Write([](Transaction& t) { return t.network().UpdateSecurityGroup(ASecurityGroup("new")); }),
              ErrorCode::kNotFound);
  EXPECT_CODE(Write([](Transaction& t) { return t.network().RemoveSecurityGroup("new"); }), ErrorCode::kNotFound);
}

TEST_P(StoreContract, SecurityGroupOfAClusterStays) {
  GivenNetwork();
  model::Cluster cluster = GivenCluster("orders");
  EXPECT_CODE(Write([](Transaction& t) { return t.network().RemoveSecurityGroup("db"); }),
              ErrorCode::kFailedPrecondition);
  cluster.spec.security_groups = {"web"};
  EXPECT_OK(Write([&](Transaction& t) { return t.clusters().Update(cluster); }));
  EXPECT_OK(Write([](Transaction& t) { return t.network().RemoveSecurityGroup("db"); }));
}

TEST_P(StoreContract, RefusedRemovalLeavesTheTransactionUsable) {
  GivenNetwork();
  GivenCluster("orders");
  Commit([](Transaction& t) {
    EXPECT_CODE(t.network().RemoveSubnetGroup("default"), ErrorCode::kFailedPrecondition);
    EXPECT_OK(t.network().InsertSubnetGroup({"second", "", {"net-a"}}));
  });
  EXPECT_EQ(NamesOf(Look([](Transaction& t) { return t.network().SubnetGroups({}); })), (Names{"default", "second"}));
}

TEST_P(StoreContract, NetworkRowsAreListedByNameInPages) {
  GivenNetwork();
  store_->Read([](Transaction& t) {
    EXPECT_EQ(NamesOf(t.network().Subnets({"", 1})), Names{"net-a"});
    EXPECT_EQ(NamesOf(t.network().Subnets({"Net-A", 9})), Names{"net-b"});
    EXPECT_EQ(NamesOf(t.network().SubnetGroups({"default", 9})), Names{});
    EXPECT_EQ(NamesOf(t.network().SecurityGroups({"", 9})), (Names{"db", "web"}));
    EXPECT_EQ(NamesOf(t.network().SecurityGroups({"db", 1})), Names{"web"});
  });
}

}  // namespace
}  // namespace cacheplane::test
