// Parameters of the API that Cacheplane does not carry out. A value that asks for nothing ("off") is taken, so that
// clients which always send them work; any other is refused, never passed over.
#pragma once

#include "common/result.h"
#include "controlplane/gateway/aws/call.h"

namespace cacheplane::gateway::aws {

// kFailedPrecondition naming the first parameter of `input` that asks for something that is not built, its value and
// what is allowed. Passwords are not shown.
Status CheckBuilt(const Json& input);

// The error of one parameter, for a caller's own rule.
Error NotBuilt(const char* parameter, const Json& value, const char* allowed);

}  // namespace cacheplane::gateway::aws
