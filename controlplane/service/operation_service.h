// OperationService: work under way and ended, as stored. Thread-safe.
#pragma once

#include <string>

#include "common/result.h"
#include "controlplane/model/operation.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/paging.h"

namespace cacheplane::service {

class OperationService {
 public:
  explicit OperationService(ports::Store& store) : store_(store) {}

  // kNotFound.
  Result<model::Operation> GetOperation(const std::string& id) const;
  // Newest first; `target` is a cluster's name, empty means all. kInvalidArgument for a bad page.
  Result<Page<model::Operation>> ListOperations(const std::string& target, const ListRequest& request) const;

 private:
  ports::Store& store_;
};

}  // namespace cacheplane::service
