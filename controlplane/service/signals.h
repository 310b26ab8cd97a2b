// Who is told after a commit.
#pragma once

#include "controlplane/ports/signals.h"

namespace cacheplane::service {

struct Signals {
  ports::ReconcileSignal& reconcile;
  ports::JournalSignal& journal;
};

}  // namespace cacheplane::service
