// The drills that agents carry out: pause-node, cut-host and lose-zone.
#pragma once

#include "cli/commands/session.h"

namespace cacheplane::cli {

ExitCode RunPauseNode(Session& session, const Arguments& arguments);
ExitCode RunCutHost(Session& session, const Arguments& arguments);
ExitCode RunLoseZone(Session& session, const Arguments& arguments);

}  // namespace cacheplane::cli
