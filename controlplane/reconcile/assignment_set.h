// An agent's whole assignment set, from committed rows.
#pragma once

#include <vector>

#include "controlplane/model/assignment.h"
#include "controlplane/ports/secrets.h"
#include "controlplane/ports/store.h"

namespace cacheplane::reconcile {

std::vector<model::Assignment> LoadAssignments(ports::Transaction& tx, const model::AgentName& agent,
                                               const ports::Secrets& secrets);

}  // namespace cacheplane::reconcile
