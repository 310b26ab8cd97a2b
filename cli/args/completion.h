// Completion scripts for bash, zsh and fish out of the command table. Names of existing things are asked for live, by
// `cachectl NOUN list -o names`. Pure.
#pragma once

#include <string>

#include "cli/args/command.h"

namespace cacheplane::cli {

std::string BashCompletion(const CommandTable& table);
std::string ZshCompletion(const CommandTable& table);
std::string FishCompletion(const CommandTable& table);

}  // namespace cacheplane::cli
