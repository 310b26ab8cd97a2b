#include "controlplane/store/audit_table.h"

#include <algorithm>
#include <limits>

#include "common/text.h"
#include "controlplane/store/json_text.h"
#include "controlplane/store/sql/text.h"

namespace cacheplane::store {
namespace {

using model::AuditRecord;

const sql::Table kRecord{
    "audit_record",
    {"sequence"},
    {"time", "admitted", "caller", "caller_name", "role", "peer", "interface", "operation", "resource_kind", "resource",
     "parameters_json", "outcome", "message", "changes_json", "request_id"}};

const std::string kInsert =
    "INSERT INTO audit_record (sequence, time, admitted, caller, caller_name, role, peer, interface, operation,"
    " resource_kind, resource, parameters_json, outcome, message, changes_json, request_id, place)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
const std::string kList = sql::Select(kRecord) +
                          " WHERE sequence < $1 AND time >= $2 AND ($3 = '' OR resource_kind = $3)"
                          " AND ($4 = '' OR resource IN ($4, $5)) ORDER BY sequence DESC LIMIT $6";

AuditRecord ReadRecord(sql::Row& row) {
  AuditRecord record;
  std::string parameters;
  std::string changes;
  row.Into(record.sequence, record.time, record.admitted, record.caller, record.caller_name, record.role, record.peer,
           record.interface, record.operation, record.resource_kind, record.resource, parameters, record.outcome,
           record.message, changes, record.request_id);
  FromJson(parameters, record.parameters);
  FromJson(changes, record.changes);
  return record;
}

sql::Values ValuesOf(const AuditRecord& record, std::int64_t sequence, std::int64_t place) {
  return {sequence,
          record.time,
          record.admitted,
          record.caller,
          record.caller_name,
          record.role,
          record.peer,
          record.interface,
          record.operation,
          record.resource_kind,
          record.resource,
          ToJson(record.parameters),
          record.outcome,
          record.message,
          ToJson(record.changes),
          record.request_id,
          place};
}

}  // namespace

std::uint64_t AuditTable::Append(const AuditRecord& record) {
  const auto sequence = Last("SELECT COALESCE(MAX(sequence), 0) FROM audit_record", {}) + 1;
  const auto place =
      Last("SELECT COALESCE(MAX(place), 0) FROM audit_record WHERE admitted = $1", {record.admitted}) + 1;
  session_.Execute(kInsert, ValuesOf(record, sequence, place));
  ForgetOldest(record.admitted, place);
  return static_cast<std::uint64_t>(sequence);
}

std::vector<AuditRecord> AuditTable::List(const ports::AuditFilter& filter) {
  const auto below =
      filter.below == 0 ? std::numeric_limits<std::int64_t>::max() : static_cast<std::int64_t>(filter.below);
  const auto since = filter.since ? ToUnixMillis(*filter.since) : std::numeric_limits<std::int64_t>::min();
  return session_.Select(
      ReadRecord, kList,
      {below, since, filter.resource_kind, filter.resource, ToLower(filter.resource), std::max(filter.limit, 0)});
}

std::int64_t AuditTable::Last(const char* statement, const sql::Values& values) {
  return session_.Find(sql::Only<std::int64_t>, statement, values).value();
}

void AuditTable::ForgetOldest(bool admitted, std::int64_t last_place) {
  const auto most = admitted ? ports::kMostAuditRecords : ports::kMostAuditRecordsOfStrangers;
  session_.Execute("DELETE FROM audit_record WHERE admitted = $1 AND place <= $2", {admitted, last_place - most});
}

}  // namespace cacheplane::store
