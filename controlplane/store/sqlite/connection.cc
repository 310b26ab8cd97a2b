#include "controlplane/store/sqlite/connection.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "controlplane/store/sqlite/failure.h"

namespace cacheplane::store::sqlite {
namespace {

constexpr int kBusyTimeoutMillis = 5000;

// The first column of every row, by line.
int CollectText(void* text, int, char** columns, char**) {
  auto& lines = *static_cast<std::string*>(text);
  if (!lines.empty()) lines += "; ";
  if (columns[0] != nullptr) lines += columns[0];
  return 0;
}

}  // namespace

void Connection::Closer::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Result<std::unique_ptr<Connection>> Connection::Open(const std::filesystem::path& path, Access access) {
  sqlite3* database = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int result = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
  if (database == nullptr) return Internal("no memory for a database connection");
  std::unique_ptr<Connection> connection(new Connection(database));
  if (result != SQLITE_OK) return OpeningError(database, "open " + path.string());
  CP_RETURN_IF_ERROR(connection->Configure(access));
  return connection;
}

Connection::~Connection() = default;

Status Connection::Configure(Access access) {
  sqlite3_busy_timeout(database_.get(), kBusyTimeoutMillis);
  CP_RETURN_IF_ERROR(Set("busy_timeout", fmt::format("{}", kBusyTimeoutMillis), fmt::format("{}", kBusyTimeoutMillis)));
  CP_RETURN_IF_ERROR(Set("journal_mode", "WAL", "wal"));
  CP_RETURN_IF_ERROR(Set("synchronous", "FULL", "2"));
  CP_RETURN_IF_ERROR(Set("foreign_keys", "ON", "1"));
  return access == Access::kRead ? Set("query_only", "ON", "1") : Status();
}

// SQLite ignores settings it does not know or cannot carry out: only reading back tells.
Status Connection::Set(std::string_view pragma, std::string_view value, std::string_view expected) {
  const std::string set = fmt::format("PRAGMA {} = {}", pragma, value);
  if (sqlite3_exec(database_.get(), set.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return OpeningError(database_.get(), set);
  }
  std::string actual;
  const std::string get = fmt::format("PRAGMA {}", pragma);
  if (sqlite3_exec(database_.get(), get.c_str(), CollectText, &actual, nullptr) != SQLITE_OK) {
    return OpeningError(database_.get(), get);
  }
  if (actual == expected) return {};
  return FailedPrecondition(fmt::format("{}: SQLite setting {} is '{}' and cannot be made '{}'",
                                        FileOf(database_.get()), pragma, actual, expected));
}

sql::Change Connection::Attempt(std::string_view statement, const sql::Values& values) {
  return Prepared(statement).Attempt(values);
}

void Connection::Query(std::string_view statement, const sql::Values& values,
                       const std::function<void(sql::Row&)>& each) {
  Prepared(statement).Query(values, each);
}

Statement& Connection::Prepared(std::string_view text) {
  const auto found = statements_.find(text);
  if (found != statements_.end()) return found->second;
  return statements_.try_emplace(std::string(text), database_.get(), text).first->second;
}

// Once the write lock is held, a WAL commit meets no other lock: "busy" can only be answered here.
Status Connection::BeginWrite() {
  const int result = sqlite3_exec(database_.get(), "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  if (result == SQLITE_OK) return {};
  if ((result & 0xff) == SQLITE_BUSY) return Unavailable("the database is locked by another process");
  StopProcess(database_.get(), "begin a transaction");
}

void Connection::BeginRead() {
  Execute("BEGIN");
  // BEGIN alone takes no snapshot; the first read does.
  Query("SELECT COUNT(*) FROM schema_version", {}, [](sql::Row&) {});
}

void Connection::Commit() { Execute("COMMIT"); }

void Connection::Rollback() { Execute("ROLLBACK"); }

Status Connection::RunScript(const std::string& script) {
  if (sqlite3_exec(database_.get(), script.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return OpeningError(database_.get(), "run the migration");
}

Status Connection::CheckIntegrity() {
  std::string findings;
  const int result = sqlite3_exec(database_.get(), "PRAGMA quick_check(5)", CollectText, &findings, nullptr);
  if (result != SQLITE_OK) return OpeningError(database_.get(), "check the file");
  if (findings == "ok") return {};
  return FailedPrecondition(fmt::format("{}: the database is damaged: {}", FileOf(database_.get()), findings));
}

}  // namespace cacheplane::store::sqlite
