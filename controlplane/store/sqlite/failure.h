// What to do when SQLite cannot go on.
#pragma once

#include <string>
#include <string_view>

#include "common/result.h"

struct sqlite3;

namespace cacheplane::store::sqlite {

inline constexpr int kExitCannotKeep = 74;  // EX_IOERR of <sysexits.h>

// The file's name; a word for a database that has none.
std::string FileOf(sqlite3* database);

// Logs SQLite's own words and ends the process at once, so that nothing runs on a state that may not be on disk.
[[noreturn]] void StopProcess(sqlite3* database, std::string_view doing);

// While opening, the same failures are only a reason not to start: kUnavailable for a locked file, kFailedPrecondition
// for one that is corrupt or no database, otherwise kInternal.
Error OpeningError(sqlite3* database, std::string_view doing);

}  // namespace cacheplane::store::sqlite
