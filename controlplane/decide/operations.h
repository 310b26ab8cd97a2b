// Changes of primary that somebody asked for, and the end of what they and failures set in motion.
#pragma once

#include <optional>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// A switchover or test failover is under way.
bool IsChangingPrimary(const ClusterView& view);

// The next step towards what was asked for: SwitchPrimary, CondemnNode, FailOperation. Call it once the primary is
// verified. Nothing when nothing was asked for, or it only remains to verify the result.
std::optional<Step> DecideOperation(const ClusterView& view, const Policy& policy);

// The asked-for primary is in place: CompleteOperation is due once everything is verified.
bool IsReached(const ClusterView& view);

// FinishRecovery for a node that had ended and is verified again.
std::optional<Step> DecideRecovered(const ClusterView& view, const Policy& policy);

}  // namespace cacheplane::decide
