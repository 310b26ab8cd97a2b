// data/elasticache-model.json, as text in the program.
#pragma once

#include <string_view>

namespace cacheplane::gateway::aws {

std::string_view EmbeddedModel();

}  // namespace cacheplane::gateway::aws
