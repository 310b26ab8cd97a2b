// Flags that describe a cluster → ClusterSpec. Shared by create and modify.
#pragma once

#include <string>
#include <vector>

#include "cli/args/command.h"

namespace cacheplane::v1 {
class ClusterSpec;
}

namespace cacheplane::cli {

// Every field of a spec but the tags, which create and modify treat differently.
std::vector<Flag> SpecFlags();

// The same for modify: the help shows only what can be changed; the rest is left to the server, which says so.
std::vector<Flag> ModifyFlags();

// --request-id, --validate-only, --no-wait and --timeout.
std::vector<Flag> ChangeFlags();

// Sets the fields whose flags were given and returns their names, as an update mask has them.
std::vector<std::string> ApplySpecFlags(const Arguments& arguments, v1::ClusterSpec* spec);

}  // namespace cacheplane::cli
