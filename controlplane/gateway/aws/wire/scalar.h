// Single values: text by a shape of the model.
#pragma once

#include <string>
#include <variant>

#include "controlplane/gateway/aws/call.h"
#include "controlplane/gateway/aws/wire/model.h"

namespace cacheplane::gateway::aws {

// Precondition: `shape` is neither a structure nor a list. InvalidParameterValue names `parameter`, the value and what
// is allowed.
std::variant<Json, Fault> ParseScalar(const Shape& shape, const std::string& parameter, const std::string& text);

}  // namespace cacheplane::gateway::aws
