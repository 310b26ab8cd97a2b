// Who has the file, and no more than SQL, changes no audit record either.
#include <gtest/gtest.h>

#include "controlplane/store/sqlite/connection.h"
#include "controlplane/store/sqlite_store.h"
#include "tests/contract/store_builders.h"
#include "tests/contract/temporary_directory.h"

namespace cacheplane::test {
namespace {

using store::sqlite::Access;
using store::sqlite::Connection;

class SqliteAuditTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = store::SqliteStore::Open(path_);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    store_ = std::move(opened.value());
    for (const char* operation : {"one", "two"}) Append(operation);
  }
  void Append(const std::string& operation) {
    EXPECT_OK(store_->Write([&](ports::Transaction& t) -> Status {
      t.audit().Append(AnAuditRecord(operation, "orders", At(1)));
      return {};
    }));
  }
  // What SQLite says to it, if it refuses.
  std::string Run(const std::string& script) const {
    const auto connection = Connection::Open(path_, Access::kWrite);
    EXPECT_TRUE(connection.ok());
    const Status status = (*connection)->RunScript(script);
    return status.ok() ? "" : status.error().message;
  }
  std::vector<std::string> Operations() {
    std::vector<std::string> operations;
    store_->Read([&](ports::Transaction& t) {
      for (const model::AuditRecord& record : t.audit().List({})) operations.push_back(record.operation);
    });
    return operations;
  }

  TemporaryDirectory directory_;
  const std::filesystem::path path_ = directory_.path() / "store.db";
  std::unique_ptr<ports::Store> store_;
};

TEST_F(SqliteAuditTest, NoStatementChangesOrRemovesARecord) {
  const std::string copy =
      "INTO audit_record SELECT sequence, admitted, place, time, 'other', caller_name, role, peer, interface, "
      "operation, resource_kind, resource, parameters_json, outcome, message, changes_json, request_id "
      "FROM audit_record WHERE sequence = 1";
  for (const std::string& script :
       {std::string("UPDATE audit_record SET outcome = 'ok'"), std::string("DELETE FROM audit_record"),
        std::string("DELETE FROM audit_record WHERE sequence = 1"), "INSERT OR REPLACE " + copy,
        "INSERT OR IGNORE " + copy}) {
    EXPECT_NE(Run(script).find("an audit record"), std::string::npos) << script << ": " << Run(script);
  }
  EXPECT_EQ(Operations(), (std::vector<std::string>{"two", "one"}));
}

TEST_F(SqliteAuditTest, OnlyTheOldestGoAndOnlyAboveTheLimit) {
  const std::string last = std::to_string(ports::kMostAuditRecords + 1);
  const std::string jump =
      "INSERT INTO audit_record SELECT 3, admitted, " + last +
      ", time, caller, caller_name, role, peer, interface, 'late', resource_kind, resource, parameters_json, outcome, "
      "message, changes_json, request_id FROM audit_record WHERE sequence = 1";
  EXPECT_EQ(Run(jump), "");
  EXPECT_NE(Run("DELETE FROM audit_record WHERE sequence = 2"), "") << "it is among the newest";
  EXPECT_EQ(Run("DELETE FROM audit_record WHERE sequence = 1"), "");
  Append("last");
  EXPECT_EQ(Operations(), (std::vector<std::string>{"last", "late"}));
}

}  // namespace
}  // namespace cacheplane::test
