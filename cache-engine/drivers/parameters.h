// ElastiCache's parameters as directives of an engine.
#pragma once

#include <vector>

#include "cache-engine/drivers/directive.h"
#include "cache-engine/drivers/engine_config.h"
#include "cache-engine/drivers/version.h"
#include "common/result.h"

namespace cacheplane::engine {

// Every parameter of the request's family that the engine of this version has, with the request's value or the family's
// default, so that nothing depends on what an engine's own defaults are. kInvalidArgument naming the parameter.
Result<std::vector<Directive>> ParameterDirectives(const ConfigRequest& request, Version version);

}  // namespace cacheplane::engine
