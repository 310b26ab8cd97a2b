// The stored list of hosts: what each agent offers and when it was last heard, so that a restarted control plane knows
// whom it is missing.
#pragma once

#include <chrono>
#include <map>
#include <mutex>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/model/facts.h"
#include "controlplane/ports/store.h"

namespace cacheplane::agents {

// Thread-safe.
class HostRegistry {
 public:
  HostRegistry(ports::Store& store, const Clock& clock, std::chrono::milliseconds store_heard_every);

  // An agent said hello: stores what it offers (last_heard is set to now). kFailedPrecondition when it was known in
  // another zone and nodes are placed on it, since those were placed for that zone.
  Status Admit(model::Host host);

  // Stores the times that are at least `store_heard_every` newer than those stored.
  void KeepHeard(const std::map<model::AgentName, WallTime>& heard);

 private:
  ports::Store& store_;
  const Clock& clock_;
  const std::chrono::milliseconds store_heard_every_;
  std::mutex mutex_;
  std::map<model::AgentName, WallTime> stored_;
};

}  // namespace cacheplane::agents
