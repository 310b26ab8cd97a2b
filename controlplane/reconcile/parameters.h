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

// `values` for a node of a shard whose nodes are being made anew: what is written while one restarts is to fit into the
// replication backlog, or it copies everything once more, for which the primary stands still while it forks. That is up
// to a tenth of the node's memory, out of what it reserves, so that there is no less for data. Unchanged where nothing
// is reserved, and for Redis 6.x, which would take all of it at once and forget what the backlog holds.
catalog::Values WithLongBacklog(catalog::Values values, const std::string& family, std::int64_t node_memory_bytes);

// What a node made so has for data; 0 when its group, changed since, leaves nothing.
std::int64_t DataBytesOf(ports::Transaction& tx, const model::Build& build);

}  // namespace cacheplane::reconcile
