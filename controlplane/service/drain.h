// Whether the nodes of a host have somewhere else to go.
#pragma once

#include <vector>

#include "common/result.h"
#include "controlplane/model/facts.h"
#include "controlplane/model/plan.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/store.h"

namespace cacheplane::service {

// The nodes that would leave the host, by name: those of clusters that are not being deleted. kFailedPrecondition
// naming the first that no other host can take, and why none can; what decide/joining finds when it is its turn may
// differ, as hosts come and go meanwhile.
Result<std::vector<model::Node>> CheckDrain(ports::Transaction& transaction, const model::AgentName& agent,
                                            const ports::FactSnapshot& facts);

}  // namespace cacheplane::service
