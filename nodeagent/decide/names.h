// Names from the control plane become parts of paths: they are checked before anything else looks at them, so that no
// message, however hostile, leads out of the agent's home.
#pragma once

#include <string_view>

#include "common/result.h"
#include "nodeagent/decide/assignment.h"

namespace cacheplane::agent {

// 1 to 128 characters of [a-z0-9-], the first a letter or digit.
bool IsValidName(std::string_view name);

// kInvalidArgument naming the field: names, and for an engine that shall run its addresses and ports.
Status CheckAssignment(const Assignment& assignment);

}  // namespace cacheplane::agent
