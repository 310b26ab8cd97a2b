// Audit records, in SQL.
#pragma once

#include <cstdint>
#include <vector>

#include "controlplane/ports/store.h"
#include "controlplane/store/sql/session.h"

namespace cacheplane::store {

class AuditTable final : public ports::AuditTable {
 public:
  explicit AuditTable(sql::Session& session) : session_(session) {}
  std::uint64_t Append(const model::AuditRecord& record) override;
  std::vector<model::AuditRecord> List(const ports::AuditFilter& filter) override;

 private:
  // The highest number of the column among all rows, or those of callers who were let in or not; 0 when there is none.
  std::int64_t Last(const char* statement, const sql::Values& values);
  void ForgetOldest(bool admitted, std::int64_t last_place);

  sql::Session& session_;
};

}  // namespace cacheplane::store
