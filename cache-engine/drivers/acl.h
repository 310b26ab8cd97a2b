// Who may do what in an engine. Two users: the internal one of the agent and of replication, and `default`, which is
// everybody else and lacks what ElastiCache withholds.
// Source: "Supported and restricted commands" of the ElastiCache user guide, and what else would get past the agent.
#pragma once

#include <string>
#include <vector>

#include "cache-engine/drivers/directive.h"
#include "cache-engine/drivers/version.h"
#include "common/result.h"

namespace cacheplane::engine {

// ACL rules that take the withheld commands away; they name only commands that `engine` of this version has, since it
// refuses to start otherwise.
std::vector<std::string> WithheldRules(const std::string& engine, Version version);

// The `user` directives. The password is in them as its SHA-256 only. kInvalidArgument when it is empty.
Result<std::vector<Directive>> UserDirectives(const std::string& engine, Version version, const std::string& password);

}  // namespace cacheplane::engine
