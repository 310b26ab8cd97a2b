#include "controlplane/service/operation_service.h"

#include <fmt/format.h>

#include "common/text.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {

Result<model::Operation> OperationService::GetOperation(const std::string& id) const {
  if (id.empty()) return Missing("id", "the id of an operation");
  std::optional<model::Operation> operation;
  store_.Read([&](ports::Transaction& transaction) {
    operation = transaction.journal().FindOperation(model::OperationId(id));
  });
  if (!operation) return NotFound(fmt::format("id: there is no operation {}", Quoted(id)));
  return *std::move(operation);
}

Result<Page<model::Operation>> OperationService::ListOperations(const std::string& target,
                                                                const ListRequest& request) const {
  const std::string cluster = ToLower(target);
  const std::string scope = "operations/" + cluster;
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(scope, request));
  std::vector<model::Operation> rows;
  store_.Read(
      [&](ports::Transaction& transaction) { rows = transaction.journal().Operations(cluster, OneMore(page)); });
  return MakePage(std::move(rows), page, scope, [](const model::Operation& row) { return row.id.str(); });
}

}  // namespace cacheplane::service
