// AuditService: reads the audit log. Thread-safe.
#pragma once

#include <optional>
#include <string>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/model/audit.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/paging.h"

namespace cacheplane::service {

struct ListAuditRecordsRequest {
  std::string resource{};  // "orders", or of one kind "cluster/orders"; empty: all
  std::optional<WallTime> since{};
  ListRequest page{};
};

class AuditService {
 public:
  // `store` must outlive it.
  explicit AuditService(ports::Store& store) : store_(store) {}

  // Newest first. kInvalidArgument for a bad page.
  Result<Page<model::AuditRecord>> ListAuditRecords(const ListAuditRecordsRequest& request) const;

 private:
  ports::Store& store_;
};

}  // namespace cacheplane::service
