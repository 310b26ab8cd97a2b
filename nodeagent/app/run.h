// The two things this program does. Both return the process's exit status.
#pragma once

#include "nodeagent/app/options.h"

namespace cacheplane::agent {

// Carries out assignments until SIGTERM or SIGINT; engines go on running.
int RunAgent(const Options& options);

// Stops every engine of the home with its data saved. 1 when one could not save, or an agent is running.
int Drain(const Options& options);

}  // namespace cacheplane::agent
