// Whether what is observed is what was planned: the test behind the status "available".
#pragma once

#include <optional>
#include <string>

#include "controlplane/decide/views.h"

namespace cacheplane::decide {

struct Finding {
  std::string reason;
  // Only for want of news, and not yet for long: no ground to call a verified cluster impaired.
  bool soft = false;

  bool operator==(const Finding&) const = default;
};

// The primary answers, is open for writes in the shard's epoch, and runs the version planned.
std::optional<Finding> WhyPrimaryNotVerified(const ClusterView& view, const Policy& policy);

// The replica answers, follows the primary with its link up, runs the version planned, and the primary itself lists it
// as online: a replica's own word is no proof (it can say "up" for a second without receiving anything).
std::optional<Finding> WhyReplicaNotVerified(const ClusterView& view, const NodeView& replica, const Policy& policy);

// First finding over all nodes.
std::optional<Finding> WhyNotVerified(const ClusterView& view, const Policy& policy);

}  // namespace cacheplane::decide
