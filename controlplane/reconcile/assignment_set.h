// An agent's whole assignment set, from committed rows.
#pragma once

#include <string>
#include <vector>

#include "controlplane/model/assignment.h"
#include "controlplane/ports/secrets.h"
#include "controlplane/ports/store.h"

namespace cacheplane::reconcile {

// `routers`: where they are told of a switch, "address:port" each.
std::vector<model::Assignment> LoadAssignments(ports::Transaction& tx, const model::AgentName& agent,
                                               const ports::Secrets& secrets, const std::vector<std::string>& routers);

}  // namespace cacheplane::reconcile
