#include "controlplane/store/migrations/migrations.h"

#include <fmt/format.h>

#include "common/log.h"

namespace cacheplane::store {
namespace {

constexpr char kVersionTable[] =
    "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT";

int StoredVersion(sqlite::Connection& connection) {
  return connection.Find<int>(sql::Only<int>, "SELECT COALESCE(MAX(version), 0) FROM schema_version").value();
}

Status RunMissing(sqlite::Connection& connection, const std::vector<Migration>& migrations) {
  CP_RETURN_IF_ERROR(connection.RunScript(kVersionTable));
  const int stored = StoredVersion(connection);
  const int newest = migrations.back().version;
  if (stored > newest) {
    return FailedPrecondition(
        fmt::format("the database has schema version {}, written by a newer program; this one knows versions up to {}",
                    stored, newest));
  }
  for (const Migration& migration : migrations) {
    if (migration.version <= stored) continue;
    log::Info("migrating the database to {}", migration.name);
    CP_RETURN_IF_ERROR(connection.RunScript(migration.script));
    connection.Execute("INSERT INTO schema_version (version, name) VALUES ($1, $2)",
                       {migration.version, migration.name});
  }
  return {};
}

}  // namespace

Status Migrate(sqlite::Connection& connection, const std::vector<Migration>& migrations) {
  CP_RETURN_IF_ERROR(connection.BeginWrite());
  CP_RETURN_IF_ERROR(RunMissing(connection, migrations));
  connection.Commit();
  return {};
}

}  // namespace cacheplane::store
