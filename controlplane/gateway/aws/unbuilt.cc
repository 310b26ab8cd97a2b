// TEMPORARY: to be deleted where the groups of handlers are merged. Until then their operations say that they are not
// built.
#include "controlplane/gateway/aws/handlers.h"

namespace cacheplane::gateway::aws {

void AddReplicationGroups(HandlerTable&, const Services&) {}
void AddCacheClusters(HandlerTable&, const Services&) {}

}  // namespace cacheplane::gateway::aws
