// Joins desired and planned rows with observed facts into the view that decisions take.
#pragma once

#include <optional>

#include "common/clock.h"
#include "controlplane/decide/views.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/store.h"

namespace cacheplane::reconcile {

// Nothing when the cluster does not exist. `now` is the instant of the facts. Hosts and subnets are loaded only for a
// cluster that is not placed yet, the only one that needs them.
std::optional<decide::ClusterView> LoadView(ports::Transaction& tx, const ports::FactSnapshot& facts,
                                            const model::ClusterUid& uid, MonoTime now);

}  // namespace cacheplane::reconcile
