// One connection to a SQLite file, with the settings the store relies on. Used by one thread at a time.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "common/result.h"
#include "controlplane/store/sql/session.h"
#include "controlplane/store/sqlite/statement.h"

namespace cacheplane::store::sqlite {

enum class Access { kRead, kWrite };

class Connection final : public sql::Session {
 public:
  // Opens and configures: WAL, synchronous=FULL, foreign keys, a busy timeout; for kRead also query_only. Reads every
  // setting back, and refuses with kFailedPrecondition when one did not take. Other errors: OpeningError().
  static Result<std::unique_ptr<Connection>> Open(const std::filesystem::path& path, Access access);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() override;

  sql::Change Attempt(std::string_view statement, const sql::Values& values) override;
  void Query(std::string_view statement, const sql::Values& values,
             const std::function<void(sql::Row&)>& each) override;

  // Takes the write lock. kUnavailable when another process holds it for longer than the busy timeout.
  Status BeginWrite();
  // Fixes the snapshot that is read until Rollback.
  void BeginRead();
  void Commit();
  void Rollback();

  // Runs a script of several statements; only while opening.
  Status RunScript(const std::string& script);
  // kFailedPrecondition with SQLite's own findings when a page or an index is damaged.
  Status CheckIntegrity();

 private:
  explicit Connection(sqlite3* database) : database_(database) {}
  Status Configure(Access access);
  Statement& Prepared(std::string_view text);
  Status Set(std::string_view pragma, std::string_view value, std::string_view expected);

  struct Closer {
    void operator()(sqlite3* database) const;
  };

  std::unique_ptr<sqlite3, Closer> database_;
  std::map<std::string, Statement, std::less<>> statements_;  // by text; must go before the database
};

}  // namespace cacheplane::store::sqlite
