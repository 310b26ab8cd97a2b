// Exit codes: what a script can tell apart. docs/cachectl.md and `cachectl --help` show this table.
#pragma once

#include <string>
#include <vector>

#include "common/result.h"

namespace cacheplane::cli {

enum class ExitCode : int {
  kOk = 0,
  kOperationFailed = 1,  // also an internal error of the server
  kNotFound = 3,
  kConflict = 4,
  kTimeout = 5,
  kUnreachable = 6,
  kInvalidArgument = 7,
  kNotBuiltYet = 8,
  kInterrupted = 130,
  kUsage = 252,
};

struct ExitCodeRow {
  ExitCode code;
  std::string meaning;
};

// Every code once, in rising order.
const std::vector<ExitCodeRow>& ExitCodeTable();

// The code for an error that the server answered or that kept it from answering.
ExitCode ExitCodeFor(ErrorCode code);

}  // namespace cacheplane::cli
