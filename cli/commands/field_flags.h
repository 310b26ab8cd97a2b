// The server's errors name fields of the API; who types flags is told the flags.
#pragma once

#include <string>

#include "cli/args/arguments.h"

namespace cacheplane::cli {

// `message` with the flag in place of each field that one sets: "spec.multi_az: true needs …" becomes "--multi-az: true
// needs …". What is quoted is a value and stays. So do the fields when a definition came from a --file, whose words
// they are. Pure.
std::string InFlags(const std::string& message, const Arguments& arguments);

}  // namespace cacheplane::cli
