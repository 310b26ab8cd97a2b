// Secrets are derived, not stored: the database holds none.
#pragma once

#include <string>

#include "controlplane/model/ids.h"

namespace cacheplane::ports {

class Secrets {
 public:
  virtual ~Secrets() = default;
  // Password of a cluster's internal engine user: the same for every call, unlike every other cluster's. Thread-safe.
  virtual std::string EnginePassword(const model::ClusterUid& cluster) const = 0;
};

// New identifiers; random in production, a counter in the simulator.
class Identifiers {
 public:
  virtual ~Identifiers() = default;
  virtual std::string New(const char* prefix) = 0;  // "op" -> "op-5f0c…"
};

}  // namespace cacheplane::ports
