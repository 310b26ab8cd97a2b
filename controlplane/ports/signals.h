// Wake-ups between parts: "something about this changed, look again". They carry no state and may be merged.
#pragma once

#include "controlplane/model/ids.h"

namespace cacheplane::ports {

// Towards reconcile/. Thread-safe, never blocks.
class ReconcileSignal {
 public:
  virtual ~ReconcileSignal() = default;
  virtual void ClusterChanged(const model::ClusterUid& cluster) = 0;
  // What its agents are to be told changed, such as the values of its parameter group.
  virtual void AssignmentsChanged(const model::ClusterUid& cluster) = 0;
  // An agent's session, facts or capacity changed.
  virtual void AgentChanged(const model::AgentName& agent) = 0;
  virtual void RouterChanged() = 0;
};

// From whoever commits operations or events, towards those who wait for them. Thread-safe, never blocks.
class JournalSignal {
 public:
  virtual ~JournalSignal() = default;
  // Operations or events were committed.
  virtual void JournalGrew() = 0;
};

}  // namespace cacheplane::ports
