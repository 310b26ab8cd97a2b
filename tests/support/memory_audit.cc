// Audit records of the MemoryStore.
#include <algorithm>
#include <utility>

#include "common/text.h"
#include "tests/support/memory_tables.h"

namespace cacheplane::test {
namespace {

bool Matches(const ports::AuditFilter& filter, const model::AuditRecord& record) {
  return (filter.resource_kind.empty() || record.resource_kind == filter.resource_kind) &&
         (filter.resource.empty() || record.resource == filter.resource ||
          record.resource == ToLower(filter.resource)) &&
         (!filter.since || record.time >= *filter.since) && (filter.below == 0 || record.sequence < filter.below);
}

}  // namespace

std::uint64_t MemoryAudit::Append(const model::AuditRecord& record) {
  auto& records = state_.Change(state_.audit_records);
  model::AuditRecord row = record;
  row.sequence = ++state_.last_audit_record;
  records.push_back(row);
  const auto alike = [&](const model::AuditRecord& other) { return other.admitted == row.admitted; };
  const auto most = row.admitted ? ports::kMostAuditRecords : ports::kMostAuditRecordsOfStrangers;
  auto& count = state_.audit_records_of[row.admitted];
  if (++count > most) {
    records.erase(std::find_if(records.begin(), records.end(), alike));
    --count;
  }
  return row.sequence;
}

std::vector<model::AuditRecord> MemoryAudit::List(const ports::AuditFilter& filter) {
  std::vector<model::AuditRecord> found;
  for (auto record = state_.audit_records->rbegin(); record != state_.audit_records->rend(); ++record) {
    if (std::cmp_less(found.size(), filter.limit) && Matches(filter, *record)) found.push_back(*record);
  }
  return found;
}

}  // namespace cacheplane::test
