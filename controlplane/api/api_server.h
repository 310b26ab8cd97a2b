// The gRPC server: the public API, and whatever else the wiring adds (agent and router sessions), with health checking
// and reflection.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/api/journal_hub.h"
#include "controlplane/service/access_key_service.h"
#include "controlplane/service/audit_service.h"
#include "controlplane/service/audit_trail.h"
#include "controlplane/service/catalog_service.h"
#include "controlplane/service/cluster_service.h"
#include "controlplane/service/drill_service.h"
#include "controlplane/service/event_service.h"
#include "controlplane/service/fleet_service.h"
#include "controlplane/service/network_service.h"
#include "controlplane/service/operation_service.h"
#include "controlplane/service/parameter_group_service.h"

namespace grpc {
class Channel;
class ServerBuilder;
class Service;
}  // namespace grpc

namespace cacheplane::api {

// A larger request is refused with RESOURCE_EXHAUSTED before it is parsed.
inline constexpr int kLargestRequestBytes = 1024 * 1024;

class ApiServer {
 public:
  // All must outlive the server.
  struct Services {
    service::ClusterService& clusters;
    service::NetworkService& networks;
    service::ParameterGroupService& parameter_groups;
    service::CatalogService& catalog;
    service::FleetService& fleet;
    service::OperationService& operations;
    service::EventService& events;
    service::DrillService& drills;
    service::AccessKeyService& access_keys;
    service::AuditService& audit;
    service::AuditTrail& audit_trail;
    JournalHub& journal;
  };
  struct Options {
    std::string address;                                  // "127.0.0.1:7070"; port 0 takes a free one
    std::vector<grpc::Service*> also;                     // served beside the public API
    std::function<void(grpc::ServerBuilder&)> configure;  // may be empty; for what those need
  };

  // Listens and serves. kUnavailable when the address cannot be listened on, also when another process does.
  static Result<std::unique_ptr<ApiServer>> Start(const Services& services, const Options& options);
  // Shuts down.
  ~ApiServer();

  int port() const;
  // A client's channel without a socket.
  std::shared_ptr<grpc::Channel> InProcessChannel();
  // Closes the journal hub, so that waits and watches end, and stops serving; what has not ended then is cancelled
  // after two seconds. Sessions among `also` are to be ended before.
  void Shutdown();

 private:
  struct Impl;
  explicit ApiServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace cacheplane::api
