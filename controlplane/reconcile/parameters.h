// Parameters as nodes of a cluster take them.
#pragma once

#include <cstdint>
#include <string>

#include "cache-engine/catalog/catalog.h"
#include "controlplane/model/cluster.h"
#include "controlplane/ports/store.h"

namespace cacheplane::reconcile {

// What the group sets; nothing of a default group, nor of one of another family, whose values the engine may not take.
catalog::Values ParametersOf(ports::Transaction& tx, const std::string& group, const std::string& family);

// What a node made so has for data; 0 when its group, changed since, leaves nothing.
std::int64_t DataBytesOf(ports::Transaction& tx, const model::Build& build);

}  // namespace cacheplane::reconcile
