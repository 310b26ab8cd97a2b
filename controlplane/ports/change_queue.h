// Changes that wait for their turn: whose it is decides decide/queue.h; what is begun then is judged by service/, as
// when it was asked for.
#pragma once

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/model/ids.h"
#include "controlplane/ports/store.h"

namespace cacheplane::ports {

class ChangeQueue {
 public:
  virtual ~ChangeQueue() = default;
  // Takes the operation, the first of its cluster's queue, off it, while no other is under way: it is under way from
  // now on, or has ended with its reason when there is nothing to do for it or it cannot be had any more. Errors as
  // ClusterTable::Update.
  virtual Status Begin(Transaction& transaction, const model::OperationId& operation, WallTime now) = 0;
};

}  // namespace cacheplane::ports
