// The ElastiCache operations that are built: each translates between the API's words and the services that gRPC uses.
#pragma once

#include "controlplane/gateway/aws/call.h"

namespace cacheplane {
class Clock;
}
namespace cacheplane::service {
class CatalogService;
class ClusterService;
class EventService;
class NetworkService;
class OperationService;
class ParameterGroupService;
class UpdateService;
}  // namespace cacheplane::service

namespace cacheplane::gateway::aws {

struct Services {
  service::ClusterService& clusters;
  service::NetworkService& networks;
  service::ParameterGroupService& parameter_groups;
  service::CatalogService& catalog;
  service::EventService& events;
  service::OperationService& operations;
  service::UpdateService& updates;
  const Clock& clock;
};

// Each adds its group to the table; `services` must outlive it.
void AddReplicationGroups(HandlerTable& table, const Services& services);
void AddCacheClusters(HandlerTable& table, const Services& services);
void AddParameterGroups(HandlerTable& table, const Services& services);
void AddSubnetGroups(HandlerTable& table, const Services& services);
void AddTags(HandlerTable& table, const Services& services);
void AddCatalog(HandlerTable& table, const Services& services);
void AddEvents(HandlerTable& table, const Services& services);
void AddUpdateReads(HandlerTable& table, const Services& services);
void AddUpdateBatches(HandlerTable& table, const Services& services);

// All of them; `services` must outlive the table.
HandlerTable BuildTable(const Services& services);

}  // namespace cacheplane::gateway::aws
