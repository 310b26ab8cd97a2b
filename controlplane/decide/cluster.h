// The decision for one cluster: an ordered list of questions, and the first that has something to do answers.
//
//   being deleted?        endpoints withdrawn ─► nodes erased ─► rows forgotten
//   not placed?           place nodes, or Blocked because …
//   stopped, or to be?    endpoints withdrawn ─► processes saved and ended; started again: they run
//   primary down?         start it again, promote a replica, kill what hangs, or Blocked because …; frozen: Blocked
//   endpoints wrong?      publish them
//   primary just opened?  let the replicas follow it
//   a node is back?       say so
//   change asked for?     switch, or kill the primary as a test
//   a replica lost?       replace it
//   nodes to change?      add, remove or renew one, or hand over
//   all verified?         available, and the operation done; else impaired, or Waiting for …
//   idle?                 what waits for the window, newer patch levels, moves off drained hosts
#pragma once

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

Step DecideCluster(const ClusterView& view, const Policy& policy);

}  // namespace cacheplane::decide
