// Definitions that a cluster had.
#include "tests/contract/store_contract.h"

namespace cacheplane::test {
namespace {

using ports::Transaction;
using Revisions = std::vector<model::Revision>;

// A stored cluster whose definition changes.
class History {
 public:
  History(ports::Store& store, model::Cluster given) : cluster(std::move(given)), store_(store) {}

  // As every change of a definition is written; returns its revision.
  model::Revision Redefine(const std::string& description, model::RevisionCause cause = model::RevisionCause::kModify) {
    model::Definition definition{cluster.spec};
    definition.spec.description = description;
    model::Redefine(cluster, definition, {cause, model::OperationId("of " + description)}, At(5));
    EXPECT_OK(store_.Write([&](Transaction& t) { return t.clusters().Update(cluster); }));
    return model::RevisionOf(cluster);
  }

  Revisions Kept(std::uint64_t below = 0, int limit = 1000) const {
    Revisions kept;
    store_.Read([&](Transaction& t) { kept = t.clusters().Revisions(cluster.uid, below, limit); });
    return kept;
  }

  model::Cluster cluster;

 private:
  ports::Store& store_;
};

TEST_P(StoreContract, EveryDefinitionIsKeptWholeAndTheNewestComesFirst) {
  GivenNetwork();
  History orders(*store_, GivenCluster("orders"));
  Revisions all = {model::RevisionOf(orders.cluster)};
  EXPECT_EQ(orders.Kept(), all);
  using enum model::RevisionCause;
  for (const auto cause : {kUnknown, kCreate, kModify, kRollback, kMaintenanceWindow, kWentBack}) {
    all.insert(all.begin(), orders.Redefine("by " + std::string(model::RevisionCauseName(cause)), cause));
  }
  EXPECT_EQ(orders.Kept(), all);
}

TEST_P(StoreContract, WhatChangesNoDefinitionIsNoRevision) {
  GivenNetwork();
  const History orders(*store_, GivenCluster("orders"));
  model::Cluster changed = orders.cluster;
  changed.status_reason = "another";
  changed.operation = model::OperationId("op-2");
  EXPECT_OK(Write([&](Transaction& t) { return t.clusters().Update(changed); }));
  EXPECT_EQ(orders.Kept().size(), 1U);
}

TEST_P(StoreContract, NamesInRevisionsAreInLowerCase) {
  GivenNetwork();
  History orders(*store_, GivenCluster("orders"));
  orders.cluster.spec.security_groups = {"Web"};
  orders.Redefine("x");
  EXPECT_EQ(orders.Kept().front().definition.spec.security_groups, std::vector<std::string>{"web"});
}

TEST_P(StoreContract, RevisionsComeInPages) {
  GivenNetwork();
  History orders(*store_, GivenCluster("orders"));
  const model::Revision first = model::RevisionOf(orders.cluster);
  const model::Revision second = orders.Redefine("second");
  const model::Revision third = orders.Redefine("third");
  EXPECT_EQ(orders.Kept(0, 2), (Revisions{third, second}));
  EXPECT_EQ(orders.Kept(second.number, 2), Revisions{first});
  EXPECT_TRUE(orders.Kept(first.number, 2).empty());
  EXPECT_TRUE(orders.Kept(0, 0).empty());
}

TEST_P(StoreContract, OlderRevisionsAreForgotten) {
  GivenNetwork();
  const History carts(*store_, GivenCluster("carts"));
  History orders(*store_, GivenCluster("orders"));
  for (int i = 0; i < ports::kMostRevisions + 4; ++i) orders.Redefine("d" + std::to_string(i));
  const Revisions kept = orders.Kept();
  ASSERT_EQ(kept.size(), static_cast<std::size_t>(ports::kMostRevisions));
  EXPECT_EQ(kept.front(), model::RevisionOf(orders.cluster));
  EXPECT_EQ(kept.back().definition.spec.description, "d4");
  EXPECT_EQ(carts.Kept(), Revisions{model::RevisionOf(carts.cluster)});
}

TEST_P(StoreContract, RevisionsGoWithTheirCluster) {
  GivenNetwork();
  const History carts(*store_, GivenCluster("carts"));
  History orders(*store_, GivenCluster("orders"));
  orders.Redefine("second");
  Commit([&](Transaction& t) { t.clusters().Remove(orders.cluster.uid); });
  EXPECT_TRUE(orders.Kept().empty());
  EXPECT_EQ(carts.Kept().size(), 1U);
  const model::Cluster again = GivenCluster("orders");
  EXPECT_EQ(orders.Kept(), Revisions{model::RevisionOf(again)});
}

TEST_P(StoreContract, RefusedOrUndoneUpdateKeepsNoRevision) {
  GivenNetwork();
  const History orders(*store_, GivenCluster("orders"));
  model::Cluster changed = orders.cluster;
  changed.generation += 1;
  EXPECT_CODE(Write([&](Transaction& t) -> Status {
                EXPECT_OK(t.clusters().Update(changed));
                return Aborted("for a test");
              }),
              ErrorCode::kAborted);
  changed.spec.security_groups = {"nobody"};
  Commit([&](Transaction& t) { EXPECT_CODE(t.clusters().Update(changed), ErrorCode::kNotFound); });
  EXPECT_EQ(orders.Kept(), Revisions{model::RevisionOf(orders.cluster)});
}

}  // namespace
}  // namespace cacheplane::test
