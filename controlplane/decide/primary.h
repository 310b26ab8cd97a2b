// What to do about a primary that is down. Restarting one empty in front of replicas that hold its data would wipe
// them: it is the commonest catastrophe of this field, so the process starts again only where nothing can be lost.
#pragma once

#include <optional>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// StartPrimary when its process is gone and one of these holds:
//   - it is the shard's only node;
//   - its endpoints were never published, so no client has written;
//   - it stopped cleanly, with its data saved, as the last primary that was open, so nobody can have newer data;
//   - every replica, detached from it in a later epoch, reports that it holds nothing (its offset is zero).
// DetachReplicas, to be able to ask that: a report without an epoch of its own may be older than what the replica since
// received. Blocked, with the reason, when a replica holds data. Nothing while the process is not known to be gone.
std::optional<Step> DecidePrimary(const ClusterView& view);

}  // namespace cacheplane::decide
