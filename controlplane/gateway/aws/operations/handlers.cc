#include "controlplane/gateway/aws/operations/handlers.h"

namespace cacheplane::gateway::aws {

HandlerTable BuildTable(const Services& services) {
  HandlerTable table;
  AddReplicationGroups(table, services);
  AddCacheClusters(table, services);
  AddParameterGroups(table, services);
  AddSubnetGroups(table, services);
  AddTags(table, services);
  AddCatalog(table, services);
  AddEvents(table, services);
  AddUpdateReads(table, services);
  AddUpdateBatches(table, services);
  return table;
}

}  // namespace cacheplane::gateway::aws
