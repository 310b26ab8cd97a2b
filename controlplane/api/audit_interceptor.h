// Puts the public API's calls that are to change something into the audit log: the one place where all of them pass.
//
//   request read ─► Begin ─► the adapter answers ─► End ─► the answer leaves
//
// The API asks nobody who he is: a record has the caller's address, and "local" or "remote". Calls of the JSON API come
// through a channel inside the process and say whose they are (service::kInnerPeer).
#pragma once

#include <memory>

#include "controlplane/service/audit_trail.h"

namespace grpc::experimental {
class ServerInterceptorFactoryInterface;
}

namespace cacheplane::api {

// `audit` must outlive the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeAuditInterceptor(service::AuditTrail& audit);

}  // namespace cacheplane::api
