#include <fmt/format.h>

#include "cacheplane/v1/audit.pb.h"
#include "cli/output/proto_values.h"
#include "cli/output/views.h"

namespace cacheplane::cli {
namespace {

// What an access key was made for says more than its id.
std::string CallerOf(const v1::AuditRecord& record) {
  std::string caller = record.caller();
  if (!record.caller_name().empty()) caller += fmt::format(" ({})", record.caller_name());
  return record.admitted() ? caller : caller + " (not let in)";
}

std::string ResourceOf(const v1::AuditRecord& record) {
  return record.resource_kind().empty() ? "" : fmt::format("{}/{}", record.resource_kind(), record.resource());
}

// Why not, or what changed.
std::string DetailOf(const v1::AuditRecord& record) {
  if (!record.message().empty()) return record.message();
  std::vector<std::string> changes;
  for (const v1::AuditChange& change : record.changes()) {
    changes.push_back(fmt::format("{}: {} → {}", change.field(), change.before(), change.after()));
  }
  return Join(changes, "; ");
}

}  // namespace

Table ToTable(const v1::ListAuditRecordsResponse& list) {
  Table table{{"TIME", "CALLER", "FROM", "THROUGH", "OPERATION", "RESOURCE", "OUTCOME", "DETAIL"}, {}};
  for (const v1::AuditRecord& record : list.records()) {
    table.rows.push_back({ShownMillis(record.time()), CallerOf(record), record.peer(), record.interface(),
                          record.operation(), ResourceOf(record), record.outcome(), DetailOf(record)});
  }
  return table;
}

std::vector<std::string> Names(const v1::ListAuditRecordsResponse& list) {
  std::vector<std::string> numbers;
  for (const v1::AuditRecord& record : list.records()) numbers.push_back(fmt::format("{}", record.sequence()));
  return numbers;
}

}  // namespace cacheplane::cli
