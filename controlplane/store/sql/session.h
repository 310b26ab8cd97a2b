// A database connection inside a transaction, as the tables see it: one SQL text with $1 placeholders for every engine.
//
// Only two kinds of failure are answers, and only where a statement is attempted: a key that is taken and a reference
// that does not hold. Every other failure stops the process inside the driver.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "common/check.h"
#include "common/result.h"
#include "controlplane/store/sql/value.h"

namespace cacheplane::store::sql {

// What an attempt came to.
enum class Outcome {
  kDone,
  kTaken,     // another row has the primary key or the unique value
  kDangling,  // the row refers to nothing, or something still refers to it
};

struct Change {
  Outcome outcome = Outcome::kDone;
  std::int64_t rows = 0;  // changed by the statement itself, cascades not counted
};

// The error that belongs to the outcome, if any.
inline Status Answer(const Change& change, Error taken, Error dangling) {
  if (change.outcome == Outcome::kTaken) return taken;
  if (change.outcome == Outcome::kDangling) return dangling;
  return {};
}

class Session {
 public:
  virtual ~Session() = default;

  // After kTaken or kDangling nothing of this statement stays, and the transaction goes on.
  virtual Change Attempt(std::string_view statement, const Values& values) = 0;
  // Calls `each` on every row, in order. The function must not run the same statement again.
  virtual void Query(std::string_view statement, const Values& values, const std::function<void(Row&)>& each) = 0;

  // For statements that can break no constraint; stops the process when one does.
  std::int64_t Execute(std::string_view statement, const Values& values = {}) {
    const Change change = Attempt(statement, values);
    CP_CHECK(change.outcome == Outcome::kDone);
    return change.rows;
  }

  template <typename T>
  std::vector<T> Select(T (*read)(Row&), std::string_view statement, const Values& values = {}) {
    std::vector<T> rows;
    Query(statement, values, [&](Row& row) { rows.push_back(read(row)); });
    return rows;
  }

  // The first row.
  template <typename T>
  std::optional<T> Find(T (*read)(Row&), std::string_view statement, const Values& values = {}) {
    std::optional<T> found;
    Query(statement, values, [&](Row& row) {
      if (!found) found = read(row);
    });
    return found;
  }
};

// Runs several statements as one: when the function returns an error, none of them has happened, yet the transaction
// goes on.
template <typename Function>
Status Atomically(Session& session, Function function) {
  session.Execute("SAVEPOINT atomically");
  const Status status = function();
  if (!status.ok()) session.Execute("ROLLBACK TO SAVEPOINT atomically");
  session.Execute("RELEASE SAVEPOINT atomically");
  return status;
}

// Read functions for queries of one column.
template <typename T>
T Only(Row& row) {
  T value{};
  row.Into(value);
  return value;
}

}  // namespace cacheplane::store::sql
