// An engine that lives and does not answer: stopped, or hung. It may wake up and acknowledge writes, so that nobody is
// promoted beside it; it is killed, and its end is the proof.
#pragma once

#include <optional>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// CondemnNode when its agent says that the open primary `node` is frozen or hung and another node can take over
// automatically; Waiting while it is being killed. A shard's only copy is never killed.
std::optional<Step> DecideUnresponsive(const ClusterView& view, const NodeView& node);

// Somebody else of its shard runs and holds data.
bool AnotherCanTakeOver(const ClusterView& view, const NodeView& node);

}  // namespace cacheplane::decide
