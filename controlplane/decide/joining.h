// Where one more node of a running shard goes: a host with room, an image and a free address, in the zone that suits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controlplane/decide/views.h"

namespace cacheplane::decide {

struct Joiner {
  model::NodeName name;
  int ordinal = 1;
  std::string zone{};                     // where it should be; empty: where the shard has the fewest nodes
  model::AgentName not_on{};              // the host it comes from
  std::vector<const NodeView*> others{};  // the shard's other nodes that count
};

struct Seat {
  std::optional<model::Node> node{};  // joins in the shard's next epoch; its incarnation is given by the executor
  std::string why_not{};              // when there is none: what keeps each host from it
};

// The best host: alone on it, in the zone asked for, else where the shard has the fewest nodes; apart from the primary;
// least loaded.
Seat FindSeat(const ClusterView& view, const Joiner& joiner);

}  // namespace cacheplane::decide
