// ElastiCache's parameters as directives of an engine.
#pragma once

#include <string>
#include <vector>

#include "cache-engine/drivers/directive.h"
#include "cache-engine/drivers/engine_config.h"
#include "cache-engine/drivers/version.h"
#include "common/result.h"

namespace cacheplane::engine {

// Every parameter of the request's family that the engine of this version has, with the request's value or the family's
// default, so that nothing depends on what an engine's own defaults are. kInvalidArgument naming the parameter.
Result<std::vector<Directive>> ParameterDirectives(const ConfigRequest& request, Version version);

// What CONFIG SET may change while an engine of this version runs: the parameters that need no restart, each with the
// request's value or the family's default, and maxmemory. In the same order for every request of a family.
// kInvalidArgument naming the parameter.
Result<std::vector<Directive>> RuntimeDirectives(const ConfigRequest& request, Version version);

// Sorted names of the parameters in which `wanted` differs from `running` and that only a start of an engine of this
// version can change. Both are of one family.
std::vector<std::string> ParametersNeedingRestart(const ConfigRequest& running, const ConfigRequest& wanted,
                                                  Version version);

// The request's value of one parameter, else its family's default; nullopt when the family has none of that name.
std::optional<std::string> ParameterValue(const ConfigRequest& request, const std::string& name);

}  // namespace cacheplane::engine
