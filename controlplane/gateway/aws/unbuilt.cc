// TEMPORARY: to be deleted where the groups of handlers are merged. Until then their operations say that they are not
// built.
#include "controlplane/gateway/aws/handlers.h"

namespace cacheplane::gateway::aws {

void AddReplicationGroups(HandlerTable&, const Services&) {}
void AddCacheClusters(HandlerTable&, const Services&) {}
void AddParameterGroups(HandlerTable&, const Services&) {}
void AddSubnetGroups(HandlerTable&, const Services&) {}
void AddTags(HandlerTable&, const Services&) {}
void AddCatalog(HandlerTable&, const Services&) {}
void AddEvents(HandlerTable&, const Services&) {}

}  // namespace cacheplane::gateway::aws
