// The gRPC services of proto/cacheplane/v1, each a thin shell over its namesake in service/: convert, call, convert.
// Made here, registered by ApiServer. What is passed must outlive the server.
#pragma once

#include <memory>

#include "controlplane/api/journal_hub.h"
#include "controlplane/service/access_key_service.h"
#include "controlplane/service/audit_service.h"
#include "controlplane/service/catalog_service.h"
#include "controlplane/service/cluster_service.h"
#include "controlplane/service/drill_service.h"
#include "controlplane/service/event_service.h"
#include "controlplane/service/fleet_service.h"
#include "controlplane/service/network_service.h"
#include "controlplane/service/operation_service.h"
#include "controlplane/service/parameter_group_service.h"

namespace grpc {
class Service;
}

namespace cacheplane::api {

std::unique_ptr<grpc::Service> MakeAccessKeyApi(service::AccessKeyService& keys);
std::unique_ptr<grpc::Service> MakeAuditApi(service::AuditService& audit);
std::unique_ptr<grpc::Service> MakeClusterApi(service::ClusterService& clusters);
std::unique_ptr<grpc::Service> MakeNetworkApi(service::NetworkService& networks);
std::unique_ptr<grpc::Service> MakeParameterGroupApi(service::ParameterGroupService& groups);
std::unique_ptr<grpc::Service> MakeCatalogApi(service::CatalogService& catalog);
std::unique_ptr<grpc::Service> MakeDrillApi(service::DrillService& drills);
std::unique_ptr<grpc::Service> MakeFleetApi(service::FleetService& fleet);
std::unique_ptr<grpc::Service> MakeOperationApi(service::OperationService& operations, JournalHub& journal);
std::unique_ptr<grpc::Service> MakeEventApi(service::EventService& events, JournalHub& journal);

}  // namespace cacheplane::api
