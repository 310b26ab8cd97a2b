// Names that agents and routers give themselves, and what else they say of themselves as text.
#pragma once

#include <string>
#include <string_view>

#include "common/result.h"

namespace cacheplane::agents {

// [a-z][a-z0-9-]{0,62}: agents, routers and zones. kInvalidArgument names `what` and the rule.
Status CheckName(std::string_view what, std::string_view name);

// At most `limit` bytes; kInvalidArgument names `what`.
Status CheckLength(std::string_view what, std::string_view text, std::size_t limit);

// Free text for people, at most 1 KiB of it: cut, not refused.
std::string Shortened(std::string_view text);

}  // namespace cacheplane::agents
