// The whole program but for main: one command line, run.
#pragma once

#include <string>
#include <vector>

#include "cli/commands/session.h"

namespace cacheplane::cli {

// `words` without the program's name. Returns the process's exit code (cli/args/exit_code.h).
int RunCachectl(const std::vector<std::string>& words, Host& host);

}  // namespace cacheplane::cli
