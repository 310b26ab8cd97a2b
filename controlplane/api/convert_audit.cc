// Audit records.
#include "cacheplane/v1/audit.pb.h"
#include "controlplane/api/proto_convert.h"

namespace cacheplane::api {

Result<service::ListAuditRecordsRequest> FromProto(const v1::ListAuditRecordsRequest& message) {
  service::ListAuditRecordsRequest request;
  request.resource = message.resource();
  request.page = {message.page_size(), message.page_token()};
  if (message.has_start_time()) {
    CP_ASSIGN_OR_RETURN(request.since, FromProto("start_time", message.start_time()));
  }
  return request;
}

void ToProto(const model::AuditRecord& record, v1::AuditRecord& message) {
  message.set_sequence(static_cast<std::int64_t>(record.sequence));
  ToProto(record.time, *message.mutable_time());
  message.set_admitted(record.admitted);
  message.set_caller(record.caller);
  message.set_caller_name(record.caller_name);
  message.set_role(record.role);
  message.set_peer(record.peer);
  message.set_interface(record.interface);
  message.set_operation(record.operation);
  message.set_resource_kind(record.resource_kind);
  message.set_resource(record.resource);
  message.mutable_parameters()->insert(record.parameters.begin(), record.parameters.end());
  message.set_outcome(record.outcome);
  message.set_message(record.message);
  for (const model::FieldChange& change : record.changes) {
    v1::AuditChange& added = *message.add_changes();
    added.set_field(change.field);
    added.set_before(change.before);
    added.set_after(change.after);
  }
  message.set_request_id(record.request_id);
}

}  // namespace cacheplane::api
