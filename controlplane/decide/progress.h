// How far an operation is, derived from what is observed: there is no stored program counter to go wrong.
#pragma once

#include <cstdint>
#include <optional>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"
#include "controlplane/model/operation.h"

namespace cacheplane::decide {

// Progress of the cluster's running operation, given the step just decided. Precondition: view.operation.
model::Progress DescribeProgress(const ClusterView& view, const Step& step, const Policy& policy);

// When an operation would end if what is left took its time as what is done has; nothing before a part is done.
std::optional<WallTime> ExpectedEnd(const model::Operation& operation, WallTime now);

// How long writes waited for the operation's own handover, as the agent of the node that stepped down measured it; 0
// when there was none, or nobody knows.
std::int64_t WritePauseUs(const ClusterView& view);

// Of one that has just succeeded: every step is done, and its detail tells what came of it. Same precondition.
model::Progress DescribeSuccess(const ClusterView& view, const Policy& policy);

}  // namespace cacheplane::decide
