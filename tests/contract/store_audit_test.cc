// Audit records.
#include "tests/contract/store_contract.h"

namespace cacheplane::test {
namespace {

using model::AuditRecord;
using ports::AuditFilter;
using ports::Transaction;
using Texts = std::vector<std::string>;

Texts Listed(ports::Store& store, const AuditFilter& filter) {
  Texts operations;
  store.Read([&](Transaction& t) {
    for (const AuditRecord& record : t.audit().List(filter)) operations.push_back(record.operation);
  });
  return operations;
}

TEST_P(StoreContract, AuditRecordIsKeptWhole) {
  AuditRecord record = AnAuditRecord("DeleteAccessKey", "AKIAB", At(5));
  Commit([&](Transaction& t) { EXPECT_EQ(t.audit().Append(record), 1U); });
  record.sequence = 1;
  EXPECT_EQ(Look([](Transaction& t) { return t.audit().List({}); }), std::vector{record});
}

TEST_P(StoreContract, AuditRecordsAreListedNewestFirst) {
  for (const char* operation : {"one", "two", "three", "four"}) {
    Commit([&](Transaction& t) { t.audit().Append(AnAuditRecord(operation, "orders", At(5))); });
  }
  EXPECT_EQ(Listed(*store_, {}), (Texts{"four", "three", "two", "one"}));
  EXPECT_EQ(Listed(*store_, {.limit = 2}), (Texts{"four", "three"}));
  EXPECT_EQ(Listed(*store_, {.below = 3, .limit = 1}), Texts{"two"});
  EXPECT_EQ(Listed(*store_, {.limit = 0}), Texts{});
}

TEST_P(StoreContract, AuditRecordsAreFiltered) {
  AuditRecord group = AnAuditRecord("two", "orders", At(20));
  group.resource_kind = "parameter-group";
  for (const AuditRecord& record :
       {AnAuditRecord("one", "orders", At(10)), group, AnAuditRecord("three", "AKIAB", At(30))}) {
    Commit([&](Transaction& t) { t.audit().Append(record); });
  }
  EXPECT_EQ(Listed(*store_, {.resource = "ORDERS"}), (Texts{"two", "one"}));
  EXPECT_EQ(Listed(*store_, {.resource = "AKIAB"}), Texts{"three"});
  EXPECT_EQ(Listed(*store_, {.resource_kind = "cluster"}), (Texts{"three", "one"}));
  EXPECT_EQ(Listed(*store_, {.resource_kind = "cluster", .resource = "orders"}), Texts{"one"});
  EXPECT_EQ(Listed(*store_, {.since = At(20)}), (Texts{"three", "two"}));
}

TEST_P(StoreContract, AuditRecordsOfAFailedTransactionAreGone) {
  EXPECT_CODE(Write([](Transaction& t) -> Status {
                t.audit().Append(AnAuditRecord("one", "orders", At(1)));
                return Aborted("no");
              }),
              ErrorCode::kAborted);
  EXPECT_EQ(Listed(*store_, {}), Texts{});
}

TEST_P(StoreContract, StrangersDisplaceOnlyEachOthersAuditRecords) {
  AuditRecord stranger = AnAuditRecord("first of a stranger", "orders", At(1));
  stranger.admitted = false;
  Commit([&](Transaction& t) {
    t.audit().Append(AnAuditRecord("of a caller let in", "orders", At(1)));
    t.audit().Append(stranger);
    stranger.operation = "of a stranger";
    for (int i = 1; i < ports::kMostAuditRecordsOfStrangers; ++i) t.audit().Append(stranger);
  });
  const AuditFilter oldest{.below = 4};
  EXPECT_EQ(Listed(*store_, oldest), (Texts{"of a stranger", "first of a stranger", "of a caller let in"}));
  Commit([&](Transaction& t) { t.audit().Append(stranger); });
  EXPECT_EQ(Listed(*store_, oldest), (Texts{"of a stranger", "of a caller let in"}));
}

}  // namespace
}  // namespace cacheplane::test
