#include "tests/contract/store_contract.h"

namespace cacheplane::test {
namespace {

using Names = std::vector<std::string>;
using ports::Transaction;

TEST_P(StoreContract, ClusterIsKeptWhole) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  EXPECT_EQ(Look([](Transaction& t) { return t.clusters().Find("orders"); }), cluster);
  EXPECT_EQ(Look([&](Transaction& t) { return t.clusters().Find(cluster.uid); }), cluster);
}

TEST_P(StoreContract, ClusterWithNothingOptionalIsKeptWhole) {
  GivenNetwork();
  model::Cluster cluster;
  cluster.uid = model::ClusterUid("u");
  cluster.name = "bare";
  cluster.spec.subnet_group = "default";
  EXPECT_OK(Write([&](Transaction& t) { return t.clusters().Insert(cluster); }));
  EXPECT_EQ(Look([](Transaction& t) { return t.clusters().Find("bare"); }), cluster);
}

TEST_P(StoreContract, UnknownClusterIsNotFound) {
  EXPECT_EQ(Look([](Transaction& t) { return t.clusters().Find("orders"); }), std::nullopt);
  EXPECT_EQ(Look([](Transaction& t) { return t.clusters().Find(model::ClusterUid("u")); }), std::nullopt);
}

TEST_P(StoreContract, NamesAreStoredAndFoundInLowerCase) {
  GivenNetwork();
  model::Cluster cluster = ACluster("Orders");
  cluster.spec.subnet_group = "DEFAULT";
  cluster.spec.security_groups = {"Web"};
  EXPECT_OK(Write([&](Transaction& t) { return t.clusters().Insert(cluster); }));
  const auto found = Look([](Transaction& t) { return t.clusters().Find("ORDERS"); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->name, "orders");
  EXPECT_EQ(found->spec.subnet_group, "default");
  EXPECT_EQ(found->spec.security_groups, Names{"web"});
}

TEST_P(StoreContract, ClusterNameIsTakenInAnyCase) {
  GivenNetwork();
  GivenCluster("orders");
  model::Cluster other = ACluster("ORDERS");
  other.uid = model::ClusterUid("another");
  EXPECT_CODE(Write([&](Transaction& t) { return t.clusters().Insert(other); }), ErrorCode::kAlreadyExists);
}

TEST_P(StoreContract, ClusterUidIsTaken) {
  GivenNetwork();
  model::Cluster other = ACluster("other");
  other.uid = GivenCluster("orders").uid;
  EXPECT_CODE(Write([&](Transaction& t) { return t.clusters().Insert(other); }), ErrorCode::kAlreadyExists);
}

TEST_P(StoreContract, ClusterNeedsItsGroups) {
  GivenNetwork();
  model::Cluster cluster = ACluster("orders");
  cluster.spec.subnet_group = "nowhere";
  EXPECT_CODE(Write([&](Transaction& t) { return t.clusters().Insert(cluster); }), ErrorCode::kNotFound);
  cluster.spec.subnet_group = "default";
  cluster.spec.security_groups = {"web", "nobody"};
  EXPECT_CODE(Write([&](Transaction& t) { return t.clusters().Insert(cluster); }), ErrorCode::kNotFound);
  EXPECT_EQ(ClusterNames(), Names{});
}

TEST_P(StoreContract, RefusedInsertLeavesNothingEvenWhenTheTransactionCommits) {
  GivenNetwork();
  model::Cluster cluster = ACluster("orders");
  cluster.spec.security_groups = {"web", "nobody"};
  Commit([&](Transaction& t) {
    EXPECT_CODE(t.clusters().Insert(cluster), ErrorCode::kNotFound);
    EXPECT_OK(t.clusters().Insert(ACluster("carts")));
  });
  EXPECT_EQ(ClusterNames(), Names{"carts"});
}

TEST_P(StoreContract, UpdateReplacesEverythingButUidAndName) {
  GivenNetwork();
  const model::Cluster before = GivenCluster("orders");
  model::Cluster after = before;
  after.name = "renamed";
  after.spec.replicas_per_shard = 0;
  after.spec.security_groups = {"db"};
  after.spec.tags.clear();
  after.status = model::ClusterStatus::kAvailable;
  after.operation = model::OperationId();
  after.generation++;
  EXPECT_OK(Write([&](Transaction& t) { return t.clusters().Update(after); }));
  after.name = "orders";
  EXPECT_EQ(Look([&](Transaction& t) { return t.clusters().Find(before.uid); }), after);
}

TEST_P(StoreContract, UpdateKeepsWhatHangsOnTheCluster) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  Commit([&](Transaction& t) { EXPECT_OK(t.plan().PutNode(ANode(cluster, 1, "10.0.1.5"))); });
  EXPECT_OK(Write([&](Transaction& t) { return t.clusters().Update(cluster); }));
  EXPECT_EQ(Look([](Transaction& t) { return t.plan().AllNodes().size(); }), 1U);
}

TEST_P(StoreContract, RefusedUpdateChangesNothing) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  model::Cluster wrong = cluster;
  wrong.spec.description = "changed";
  wrong.spec.security_groups = {"nobody"};
  Commit([&](Transaction& t) { EXPECT_CODE(t.clusters().Update(wrong), ErrorCode::kNotFound); });
  wrong.spec.security_groups = {};
  wrong.spec.subnet_group = "nowhere";
  Commit([&](Transaction& t) { EXPECT_CODE(t.clusters().Update(wrong), ErrorCode::kNotFound); });
  EXPECT_EQ(Look([](Transaction& t) { return t.clusters().Find("orders"); }), cluster);
  EXPECT_CODE(Write([&](Transaction& t) { return t.clusters().Update(ACluster("carts")); }), ErrorCode::kNotFound);
}

TEST_P(StoreContract, RemovingAClusterRemovesWhatHangsOnIt) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  Commit([&](Transaction& t) {
    t.plan().PutShard({cluster.uid, 1, {2}, {1}});
    EXPECT_OK(t.plan().PutNode(ANode(cluster, 1, "10.0.1.5")));
    EXPECT_OK(t.plan().PutEndpoint(AnEndpoint(cluster, model::EndpointKind::kPrimary, "10.0.2.5")));
  });
  Commit([&](Transaction& t) { t.clusters().Remove(cluster.uid); });
  store_->Read([&](Transaction& t) {
    EXPECT_EQ(t.clusters().Find("orders"), std::nullopt);
    EXPECT_TRUE(t.plan().Shards(cluster.uid).empty());
    EXPECT_TRUE(t.plan().AllNodes().empty());
    EXPECT_TRUE(t.plan().AllEndpoints().empty());
    EXPECT_TRUE(t.plan().UsedAddresses("net-a").empty());
    EXPECT_TRUE(t.plan().UsedAddresses("net-b").empty());
  });
  Commit([&](Transaction& t) { t.clusters().Remove(cluster.uid); });  // not there: no error
}

TEST_P(StoreContract, ClustersAreListedByNameInPages) {
  GivenNetwork();
  for (const char* name : {"delta", "alpha", "charlie", "bravo"}) GivenCluster(name);
  EXPECT_EQ(ClusterNames({"", 2}), (Names{"alpha", "bravo"}));
  GivenCluster("aaa");     // before the page's end: not seen again
  GivenCluster("bravo2");  // behind it: seen
  EXPECT_EQ(ClusterNames({"bravo", 2}), (Names{"bravo2", "charlie"}));
  EXPECT_EQ(ClusterNames({"CHARLIE", 2}), (Names{"delta"}));
  EXPECT_EQ(ClusterNames({"", 0}), Names{});
}

TEST_P(StoreContract, PageGoesOnBehindARemovedRow) {
  GivenNetwork();
  for (const char* name : {"alpha", "bravo", "charlie"}) GivenCluster(name);
  Commit([](Transaction& t) { t.clusters().Remove(model::ClusterUid("uid-bravo")); });
  EXPECT_EQ(ClusterNames({"bravo", 2}), Names{"charlie"});
}

TEST_P(StoreContract, UidsComeInOrderOfNames) {
  GivenNetwork();
  model::Cluster last = ACluster("zulu");
  last.uid = model::ClusterUid("a");
  Commit([&](Transaction& t) {
    EXPECT_OK(t.clusters().Insert(last));
    EXPECT_OK(t.clusters().Insert(ACluster("alpha")));
  });
  EXPECT_EQ(Look([](Transaction& t) { return t.clusters().Uids(); }),
            (std::vector{model::ClusterUid("uid-alpha"), model::ClusterUid("a")}));
}

}  // namespace
}  // namespace cacheplane::test
