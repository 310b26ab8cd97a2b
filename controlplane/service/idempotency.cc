#include "controlplane/service/idempotency.h"

#include <fmt/format.h>

#include "controlplane/service/rules.h"

namespace cacheplane::service {

Result<std::optional<model::OperationId>> FindFirstCall(ports::JournalTable& journal, const CallIdentity& call,
                                                        WallTime now) {
  if (call.request_id.empty()) return std::optional<model::OperationId>();
  const std::optional<ports::RememberedRequest> first = journal.Recall(call.request_id);
  if (!first || first->time <= now - kRequestsAreKept) return std::optional<model::OperationId>();
  if (first->method != call.method || first->fingerprint != call.fingerprint) {
    return Invalid("request_id", call.request_id,
                   fmt::format("was used by another request, a {} of {}", first->method, Quoted(first->cluster)),
                   "an id for each request, the same only when that very request is repeated");
  }
  return std::optional(first->operation);
}

void RememberCall(ports::JournalTable& journal, const CallIdentity& call, const std::string& cluster,
                  const model::OperationId& operation, WallTime now) {
  if (call.request_id.empty()) return;
  journal.ForgetRequestsBefore(now - kRequestsAreKept + std::chrono::milliseconds(1));
  journal.Remember({call.request_id, call.method, call.fingerprint, cluster, operation, now});
}

}  // namespace cacheplane::service
