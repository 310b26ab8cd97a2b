// Where facts are read: implemented by agents/ (fed by sessions) and by the simulator.
#pragma once

#include <map>
#include <vector>

#include "controlplane/model/facts.h"

namespace cacheplane::ports {

// Everything observed, at one instant.
struct FactSnapshot {
  std::map<model::AgentName, model::AgentFacts> agents;
  std::vector<model::RouterFacts> routers;
  // When this control plane began to listen: nobody can have been heard before.
  MonoTime listening_since;
};

class FactSource {
 public:
  virtual ~FactSource() = default;
  // Thread-safe; a copy.
  virtual FactSnapshot Snapshot() const = 0;
  // Connected agents that were last heard before `since`. Thread-safe.
  virtual std::vector<model::AgentName> Silent(MonoTime since) const = 0;
};

}  // namespace cacheplane::ports
