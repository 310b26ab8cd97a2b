// Secrets are derived, not stored: the database holds none.
#pragma once

#include <string>

#include "controlplane/model/access_key.h"
#include "controlplane/model/ids.h"

namespace cacheplane::ports {

class Secrets {
 public:
  virtual ~Secrets() = default;
  // Password of a cluster's internal engine user: the same for every call, unlike every other cluster's. Thread-safe.
  virtual std::string EnginePassword(const model::ClusterUid& cluster) const = 0;
  // What an access key signs with: 40 characters of base64, the same for every call. Thread-safe.
  virtual std::string AccessKeySecret(const model::AccessKeyId& key) const = 0;
};

// New identifiers; random in production, a counter in the simulator.
class Identifiers {
 public:
  virtual ~Identifiers() = default;
  virtual std::string New(const char* prefix) = 0;  // "op" -> "op-5f0c…"
  virtual model::AccessKeyId NewAccessKey() = 0;
};

}  // namespace cacheplane::ports
