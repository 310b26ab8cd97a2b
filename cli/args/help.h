// Help texts out of the command table. Pure.
#pragma once

#include <string>

#include "cli/args/command.h"

namespace cacheplane::cli {

// `cachectl --help`: nouns, global flags, environment, exit codes.
std::string RootHelp(const CommandTable& table);
// `cachectl cluster --help`
std::string NounHelp(const CommandTable& table, const Noun& noun);
// `cachectl cluster create --help`
std::string CommandHelp(const Command& command);

// "--multi-az, --no-multi-az", "--engine ENGINE"
std::string FlagUsage(const Flag& flag);

}  // namespace cacheplane::cli
