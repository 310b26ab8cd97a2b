// Where the nodes of a new cluster go.
//
// Rules: with preferred zones, node i goes to zone i. Otherwise the first zone (by name) gets the primary and the
// others follow round the zones; Multi-AZ insists on as many different zones as there are nodes or zones, without it a
// zone that has no room is passed over. In a zone the host with the fewest nodes of this cluster, then the least
// reserved share of memory, then the first name wins. A host fits when it is connected, has an image of the version and
// enough unreserved memory.
#pragma once

#include <variant>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// Blocked says which node cannot be placed and why; it resolves when a host or addresses appear.
std::variant<PlaceNodes, Blocked> DecidePlacement(const ClusterView& view);

}  // namespace cacheplane::decide
