// Parameters as nodes of a cluster take them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cache-engine/catalog/catalog.h"
#include "controlplane/model/cluster.h"
#include "controlplane/ports/store.h"

namespace cacheplane::reconcile {

// What the first of the groups that is of that family sets: nodes may be of two families while they are made of
// something else, and an engine may not take the values of another one. Nothing for a default group.
catalog::Values ParametersOf(ports::Transaction& tx, const std::vector<std::string>& groups, const std::string& family);

// What a node made so has for data; 0 when its group, changed since, leaves nothing.
std::int64_t DataBytesOf(ports::Transaction& tx, const model::Build& build);

}  // namespace cacheplane::reconcile
