// Where decisions leave: implemented by agents/ (sessions) and by the simulator. All calls are level-triggered and may
// be repeated; an implementation sends only what changed.
#pragma once

#include <cstdint>
#include <vector>

#include "controlplane/model/assignment.h"
#include "controlplane/model/ids.h"

namespace cacheplane::ports {

class Dispatcher {
 public:
  virtual ~Dispatcher() = default;

  // The agent's whole assignment set, already committed.
  virtual void Assign(const model::AgentName& agent, const std::vector<model::Assignment>& assignments) = 0;

  // The whole endpoint map, already committed.
  virtual void Publish(const model::EndpointMap& map) = 0;
};

}  // namespace cacheplane::ports
