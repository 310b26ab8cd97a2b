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
//   - it stopped cleanly, with its data saved, as primary of the current epoch, so nobody can have newer data;
//   - every replica is heard and holds nothing (its offset is zero).
// Blocked, with the reason, when its process is gone and none does. Nothing while its state is not known to be that.
std::optional<Step> DecidePrimary(const ClusterView& view);

}  // namespace cacheplane::decide
