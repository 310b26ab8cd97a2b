#include "nodeagent/decide/probe_pace.h"

#include <algorithm>

namespace cacheplane::agent {

using std::chrono::milliseconds;

milliseconds ProbeInterval(milliseconds since_change, bool settled, int crowd) {
  if (since_change >= kChangedOfLate) return settled ? kSettledInterval : milliseconds(50);
  const milliseconds alone(since_change < milliseconds(500) ? 5 : 10);
  return std::clamp(milliseconds(crowd), alone, milliseconds(50));
}

}  // namespace cacheplane::agent
