// The decision for one cluster: an ordered list of questions, and the first that has something to do answers.
//
//   being deleted?        endpoints withdrawn ─► nodes erased ─► rows forgotten
//   not placed?           place nodes, or Blocked because …
//   primary down?         start it again where that cannot lose data, or Blocked because …
//   primary just opened?  let the replicas follow it
//   endpoints wrong?      publish them
//   all verified?         available; else impaired, or Waiting for …
#pragma once

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

Step DecideCluster(const ClusterView& view, const Policy& policy);

}  // namespace cacheplane::decide
