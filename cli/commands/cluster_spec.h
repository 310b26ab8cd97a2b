// Flags that describe a cluster → ClusterSpec. Shared by create and modify.
#pragma once

#include <string>
#include <string_view>
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

// --check-revision: of changes that were planned before.
Flag CheckRevisionFlag();

// Sets the fields whose flags were given and returns their names, as an update mask has them.
std::vector<std::string> ApplySpecFlags(const Arguments& arguments, v1::ClusterSpec* spec);

// The flag that sets a field: "replicas" for "replicas_per_shard"; empty when there is no such field.
std::string FlagOfSpecField(std::string_view field);

}  // namespace cacheplane::cli
