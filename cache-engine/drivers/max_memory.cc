#include "cache-engine/catalog/catalog.h"
#include "cache-engine/drivers/engine_config.h"

namespace cacheplane::engine {

Result<std::int64_t> MaxMemory(const ConfigRequest& request) {
  for (const char* name : {"reserved-memory-percent", "reserved-memory"}) {
    const auto own = request.parameters.find(name);
    if (own == request.parameters.end()) continue;
    CP_RETURN_IF_ERROR(catalog::ValidateParameter(request.family, name, own->second));
  }
  return catalog::MaxMemory(request.node_memory_bytes, request.parameters);
}

}  // namespace cacheplane::engine
