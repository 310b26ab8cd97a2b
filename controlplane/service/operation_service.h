// OperationService: work under way and ended, as stored, and its end before it is done. Thread-safe.
#pragma once

#include <string>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/model/operation.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/paging.h"
#include "controlplane/service/signals.h"

namespace cacheplane::service {

class OperationService {
 public:
  // The references must outlive the service.
  OperationService(ports::Store& store, Signals signals, const Clock& clock)
      : store_(store), signals_(signals), clock_(clock) {}

  // kNotFound.
  Result<model::Operation> GetOperation(const std::string& id) const;
  // Newest first; `target` is a cluster's name, empty means all. kInvalidArgument for a bad page.
  Result<Page<model::Operation>> ListOperations(const std::string& target, const ListRequest& request) const;
  // Asks a modification to take itself back, or a reboot to leave the remaining nodes alone; it ends as failed then.
  // Asked for again it answers the same. kNotFound; kFailedPrecondition for one that has ended, for other kinds, and
  // for a modification or update behind its point of no return.
  Result<model::Operation> CancelOperation(const std::string& id);

 private:
  ports::Store& store_;
  Signals signals_;
  const Clock& clock_;
};

}  // namespace cacheplane::service
