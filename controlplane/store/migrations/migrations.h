// The schema's history: numbered scripts, each run once in every database, in order. A file that has been released is
// never edited; a change of the schema is a new file.
#pragma once

#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/store/sqlite/connection.h"

namespace cacheplane::store {

struct Migration {
  int version;       // 1, 2, … without gaps
  std::string name;  // "0001_initial"
  std::string script;
};

// Those built into this program (migrations/sqlite/*.sql).
const std::vector<Migration>& SqliteMigrations();

// Brings the database to the newest version, all in one transaction. kFailedPrecondition when it is newer than this
// program. After an error close the connection: the database is as it was.
Status Migrate(sqlite::Connection& connection, const std::vector<Migration>& migrations);

}  // namespace cacheplane::store
