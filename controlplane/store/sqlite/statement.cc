#include "controlplane/store/sqlite/statement.h"

#include <sqlite3.h>

#include "common/text.h"
#include "controlplane/store/sqlite/failure.h"

namespace cacheplane::store::sqlite {
namespace {

class StatementRow final : public sql::Row {
 public:
  explicit StatementRow(sqlite3_stmt* statement) : statement_(statement) {}

 protected:
  std::int64_t Integer(int column) override { return sqlite3_column_int64(statement_, column); }
  std::string Text(int column) override {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {text != nullptr ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }
  bool IsNull(int column) override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

 private:
  sqlite3_stmt* statement_;
};

class BindTo {
 public:
  BindTo(sqlite3_stmt* statement, int index) : statement_(statement), index_(index) {}
  int operator()(std::monostate) const { return sqlite3_bind_null(statement_, index_); }
  int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement_, index_, number); }
  int operator()(const std::string& text) const {
    return sqlite3_bind_text64(statement_, index_, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }

 private:
  sqlite3_stmt* statement_;
  int index_;
};

}  // namespace

Statement::Statement(sqlite3* database, std::string_view text) : database_(database) {
  const int result = sqlite3_prepare_v3(database, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement_, nullptr);
  if (result != SQLITE_OK) StopProcess(database_, text);
  // To SQLite "$2" is a name like any other, numbered by its first appearance.
  for (int i = 1; i <= sqlite3_bind_parameter_count(statement_); ++i) {
    const auto number = ParseInt(sqlite3_bind_parameter_name(statement_, i) + 1);
    CP_CHECK(number.has_value() && *number >= 1);
    value_of_.push_back(static_cast<std::size_t>(*number) - 1);
  }
}

Statement::~Statement() { sqlite3_finalize(statement_); }

sql::Change Statement::Attempt(const sql::Values& values) {
  Bind(values);
  const int result = Step();
  const auto rows = static_cast<std::int64_t>(sqlite3_changes64(database_));
  CP_CHECK(result != SQLITE_ROW);  // a query is no attempt
  Reset();
  switch (result) {
    case SQLITE_DONE: return {sql::Outcome::kDone, rows};
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return {sql::Outcome::kTaken, 0};
    default: return {sql::Outcome::kDangling, 0};
  }
}

void Statement::Query(const sql::Values& values, const std::function<void(sql::Row&)>& each) {
  Bind(values);
  int result = Step();
  for (; result == SQLITE_ROW; result = Step()) {
    StatementRow row(statement_);
    each(row);
  }
  if (result != SQLITE_DONE) StopProcess(database_, sqlite3_sql(statement_));
  Reset();
}

void Statement::Bind(const sql::Values& values) {
  CP_CHECK(sqlite3_stmt_busy(statement_) == 0);  // never inside its own query
  int index = 0;
  for (const std::size_t i : value_of_) {
    CP_CHECK(i < values.size());
    const int result = std::visit(BindTo(statement_, ++index), values[i].get());
    if (result != SQLITE_OK) StopProcess(database_, sqlite3_sql(statement_));
  }
}

int Statement::Step() {
  const int result = sqlite3_step(statement_);
  switch (result) {
    case SQLITE_ROW:
    case SQLITE_DONE:
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:  // an integer primary key
    case SQLITE_CONSTRAINT_FOREIGNKEY: return result;
    default: StopProcess(database_, sqlite3_sql(statement_));
  }
}

void Statement::Reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);  // texts were bound by reference
}

}  // namespace cacheplane::store::sqlite
