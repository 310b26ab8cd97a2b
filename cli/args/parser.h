// Words of a command line → what to do. The one door to CLI11, whose header costs seconds to compile.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/args/arguments.h"
#include "cli/args/command.h"

namespace cacheplane::cli {

// Run this command.
struct Invocation {
  const Command* command = nullptr;  // into the table given to the parser
  Arguments arguments;
};

// The user asked for help.
struct HelpWanted {
  std::string text;
};

// The words make no command.
struct UsageError {
  std::string message;
  std::string hint;  // may be empty
};

using ParsedLine = std::variant<Invocation, HelpWanted, UsageError>;

// `words` without the program's name.
ParsedLine ParseCommandLine(const CommandTable& table, const std::vector<std::string>& words);

}  // namespace cacheplane::cli
