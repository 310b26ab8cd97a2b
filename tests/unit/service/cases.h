// A table of rules: each case changes one thing of a definition that is allowed, and says how the error then begins.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "controlplane/service/validate.h"
#include "tests/unit/service/world.h"

namespace cacheplane::service {

using Draft = ClusterDraft;
using Around = Surroundings;
using Edit = std::function<void(Draft&, Around&)>;

struct Case {
  const char* name;
  std::string message;  // its beginning; empty: allowed
  Edit edit;
  ErrorCode code = ErrorCode::kInvalidArgument;
};

inline Case Good(const char* name, Edit edit) { return {name, "", std::move(edit)}; }
inline Case Bad(const char* name, std::string message, Edit edit) {
  return {name, std::move(message), std::move(edit)};
}
inline Case Bad(const char* name, ErrorCode code, std::string message, Edit edit) {
  return {name, std::move(message), std::move(edit), code};
}

inline Draft WithReplicas(int replicas) {
  Draft draft;
  draft.node_type = "cache.t4g.small";
  draft.replicas_per_shard = replicas;
  return draft;
}

inline Draft MultiAz(int replicas, const std::vector<std::string>& zones = {}) {
  Draft draft = WithReplicas(replicas);
  draft.multi_az = true;
  draft.preferred_zones = zones;
  return draft;
}

// Every case against a definition of one node, three zones "a", "b" and "c", security groups "default" and "web".
void Check(const std::vector<Case>& cases);

}  // namespace cacheplane::service
