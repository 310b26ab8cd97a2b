#include "controlplane/store/sqlite/failure.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include "common/log.h"

namespace cacheplane::store::sqlite {
namespace {

std::string Describe(sqlite3* database, std::string_view doing) {
  return fmt::format("{}: cannot {}: {} (SQLite code {})", FileOf(database), doing, sqlite3_errmsg(database),
                     sqlite3_extended_errcode(database));
}

}  // namespace

std::string FileOf(sqlite3* database) {
  const char* path = sqlite3_db_filename(database, "main");
  return path != nullptr && *path != '\0' ? path : "database";
}

void StopProcess(sqlite3* database, std::string_view doing) {
  log::Error("{}; stopping, since a failed write or read must not be retried", Describe(database, doing));
  log::Flush();
  _exit(kExitCannotKeep);
}

Error OpeningError(sqlite3* database, std::string_view doing) {
  const int code = sqlite3_errcode(database);
  std::string message = Describe(database, doing);
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) return Unavailable(std::move(message));
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) return FailedPrecondition(std::move(message));
  return Internal(std::move(message));
}

}  // namespace cacheplane::store::sqlite
