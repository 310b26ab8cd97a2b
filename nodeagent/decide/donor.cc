#include "nodeagent/decide/donor.h"

namespace cacheplane::agent {

bool IsNear(const Progress& own, const Progress& donor) {
  return own.history == donor.history && donor.offset - own.offset <= kNearBytes;
}

bool LeavesDonor(bool near, MonoTime synced_since, MonoTime now) { return near || now - synced_since >= kNearWithin; }

bool DonorFails(std::optional<MonoTime> idle_since, MonoTime now) {
  return idle_since && now - *idle_since >= kDonorWithin;
}

}  // namespace cacheplane::agent
