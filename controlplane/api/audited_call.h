// Calls of the public API as the audit log has them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "controlplane/model/audit.h"
#include "controlplane/service/audit_trail.h"

namespace google::protobuf {
class Message;
}

namespace cacheplane::api {

// "/cacheplane.v1.ClusterService/CreateCluster" is; what reads, waits or is not of the public API is not.
bool IsChange(std::string_view method);

// Only asks what a change would do.
bool IsDryRun(const google::protobuf::Message& request);

// Operation, subject and parameters.
void Describe(std::string_view method, const google::protobuf::Message& request, model::AuditRecord& record);

// The subject of a call whose answer gives it a name: an access key. Nothing else of the answer is looked at.
void DescribeNew(const google::protobuf::Message& response, model::AuditRecord& record);

// Peer, interface and caller, from gRPC's words for the address ("ipv4:127.0.0.1:40312"); `told` is what a
// caller inside the process says of whom it calls for.
void SetCaller(std::string_view peer, std::string_view told, model::AuditRecord& record);

// Of a gRPC status code: "ok", or its name, "INVALID_ARGUMENT".
service::AuditOutcome OutcomeOf(int code, std::string message);

}  // namespace cacheplane::api
