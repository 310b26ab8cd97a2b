// Kinds of resources that have no tags yet.
#pragma once

#include <optional>

#include "controlplane/gateway/aws/call.h"

namespace cacheplane::gateway::aws {

// InvalidParameterCombination saying that tags of `what` ("parameter groups") are not built; nothing for a call that
// has none.
std::optional<Fault> RefuseTags(const Json& input, const char* what);

}  // namespace cacheplane::gateway::aws
