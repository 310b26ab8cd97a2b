#include "controlplane/service/audit_service.h"

#include <fmt/format.h>

#include <utility>

#include "common/text.h"

namespace cacheplane::service {
namespace {

ports::AuditFilter FilterOf(const ListAuditRecordsRequest& request) {
  ports::AuditFilter filter{.since = request.since};
  const auto slash = request.resource.find('/');
  if (slash != std::string::npos) filter.resource_kind = request.resource.substr(0, slash);
  filter.resource = slash == std::string::npos ? request.resource : request.resource.substr(slash + 1);
  return filter;
}

// A page token is bound to the filters that it was made with.
std::string ScopeOf(const ports::AuditFilter& filter) {
  return fmt::format("audit/{}/{}/{}", filter.resource_kind, filter.resource,
                     filter.since ? ToUnixMillis(*filter.since) : -1);
}

}  // namespace

Result<Page<model::AuditRecord>> AuditService::ListAuditRecords(const ListAuditRecordsRequest& request) const {
  ports::AuditFilter filter = FilterOf(request);
  const std::string scope = ScopeOf(filter);
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(scope, request.page));
  filter.below = static_cast<std::uint64_t>(ParseInt(page.after).value_or(0));
  filter.limit = page.limit + 1;
  std::vector<model::AuditRecord> rows;
  store_.Read([&](ports::Transaction& transaction) { rows = transaction.audit().List(filter); });
  return MakePage(std::move(rows), page, scope,
                  [](const model::AuditRecord& row) { return fmt::format("{}", row.sequence); });
}

}  // namespace cacheplane::service
