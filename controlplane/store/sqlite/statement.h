// A prepared SQLite statement.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "controlplane/store/sql/session.h"

struct sqlite3;
struct sqlite3_stmt;

namespace cacheplane::store::sqlite {

class Statement {
 public:
  // `database` must outlive the statement. Stops the process when the text is no valid statement.
  Statement(sqlite3* database, std::string_view text);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  sql::Change Attempt(const sql::Values& values);
  void Query(const sql::Values& values, const std::function<void(sql::Row&)>& each);

 private:
  void Bind(const sql::Values& values);
  // SQLite's extended result code.
  int Step();
  void Reset();

  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
  std::vector<std::size_t> value_of_;  // by SQLite's own order of parameters: which value goes there
};

}  // namespace cacheplane::store::sqlite
