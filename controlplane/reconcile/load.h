// Joins desired and planned rows with observed facts into the view that decisions take.
#pragma once

#include <optional>

#include "common/clock.h"
#include "controlplane/decide/views.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/leases.h"
#include "controlplane/ports/store.h"

namespace cacheplane::reconcile {

// One instant on both clocks.
struct Instant {
  MonoTime mono;
  WallTime wall;
};

// Nothing when the cluster does not exist. `time` is the instant of the facts. Hosts, subnets and the replacements of
// all clusters are loaded only where they are needed (decide/replacement.h); `unbroken` is left to the caller.
std::optional<decide::ClusterView> LoadView(ports::Transaction& tx, const ports::FactSnapshot& facts,
                                            const ports::Leases& leases, const model::ClusterUid& uid, Instant time,
                                            const decide::Policy& policy);

}  // namespace cacheplane::reconcile
