// Asks agents to try parameter values, all versions at once, and gathers what they say.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "common/clock.h"
#include "controlplane/ports/trials.h"
#include "controlplane/service/parameter_trials.h"

namespace cacheplane::service {

// A version is tried by another agent only within this time of the beginning: callers wait.
inline constexpr std::chrono::milliseconds kAnotherTrialWithin{1500};

// `values` has no image yet. Calls `done` once, from any thread and perhaps before this returns, with one result for
// each plan, in their order. `sender` and `clock` must outlive the round.
void TryParameters(ports::TrialSender& sender, const Clock& clock, ports::Trial values, std::vector<TrialPlan> plans,
                   std::function<void(std::vector<ParameterTrial>)> done);

}  // namespace cacheplane::service
