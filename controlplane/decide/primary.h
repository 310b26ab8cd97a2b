// What to do about a primary that is down. Restarting one empty in front of replicas that hold its data would wipe
// them: it is the commonest catastrophe of this field, so the process starts again only where nothing can be lost, and
// otherwise a replica takes over.
//
//   hands over?          see handover.h
//   process gone?        start it again where that is safe, else detach the replicas and promote the best of them
//   hung or stopped?     kill it
//   its agent silent?    once its lease has ended, and no replica still hears it: detach and promote
//   nobody holds data?   restore.h
#pragma once

#include <optional>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// Call it while the primary is not verified. Nothing when there is nothing to do about it.
//
// A gone process is started again (StartPrimary) when one of these holds:
//   - its endpoints were never published, so no client has written;
//   - it stopped cleanly, with its data saved, as the last primary that was open, so nobody can have newer data;
//   - nobody else holds data, as every other node reports, detached from it in a later epoch, and nobody saved any.
std::optional<Step> DecidePrimary(const ClusterView& view, const Policy& policy);

}  // namespace cacheplane::decide
