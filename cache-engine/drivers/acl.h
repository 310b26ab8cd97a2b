// Who may do what in an engine. Two users: the internal one of the agent and of replication, and `default`, which is
// everybody else and lacks what ElastiCache withholds. While an engine is handed a role, a third one may open it.
// Source: "Supported and restricted commands" of the ElastiCache user guide, and what else would get past the agent.
#pragma once

#include <cstdint>
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

// The user that may make this engine a primary, and nothing else, while it exists: whoever is to open it in that epoch
// signs in as this one. Deleting it ends its connections, with all that they have brought and is not executed yet.
std::string OpenerName(std::uint64_t epoch);
// ACL SETUSER and ACL DELUSER of it. Its password is the internal user's.
std::vector<std::string> AdmitOpener(std::uint64_t epoch, const std::string& password);
std::vector<std::string> DismissOpener(std::uint64_t epoch);

}  // namespace cacheplane::engine
