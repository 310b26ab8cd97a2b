#include "controlplane/decide/flap_guard.h"

#include <algorithm>

namespace cacheplane::decide {

int NextInStreak(const ClusterView& view, const Policy& policy) {
  if (!view.shard) return 1;
  return view.since_failover < policy.flap_window ? view.shard->failovers + 1 : 1;
}

std::chrono::milliseconds FlapPause(const ClusterView& view, const Policy& policy) {
  const int beyond = NextInStreak(view, policy) - policy.flap_free;
  if (beyond <= 0) return std::chrono::milliseconds(0);
  const auto doubled = policy.flap_pause * (std::int64_t{1} << std::min(beyond - 1, 20));
  return std::min(doubled, policy.flap_longest) - view.since_failover;
}

}  // namespace cacheplane::decide
