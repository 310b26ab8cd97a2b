#include "nodeagent/decide/probe_pace.h"

namespace cacheplane::agent {

using std::chrono::milliseconds;

milliseconds ProbeInterval(milliseconds since_change, bool settled) {
  if (since_change < milliseconds(500)) return milliseconds(5);
  if (since_change < milliseconds(5000)) return milliseconds(10);
  return settled ? kSettledInterval : milliseconds(50);
}

}  // namespace cacheplane::agent
