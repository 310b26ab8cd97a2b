#include "controlplane/gateway/aws/seen_signatures.h"

namespace cacheplane::gateway::aws {

SeenSignatures::Sight SeenSignatures::See(const std::string& signature, WallTime accepted_until, WallTime now) {
  std::scoped_lock lock(mutex_);
  while (!seen_.empty() && seen_.begin()->first + kKeptLonger < now) seen_.erase(seen_.begin());
  const std::pair<WallTime, std::string> sight(accepted_until, signature);
  if (seen_.contains(sight)) return Sight::kAgain;
  if (seen_.size() >= kMost) return Sight::kNoRoom;
  seen_.insert(sight);
  return Sight::kFirst;
}

std::size_t SeenSignatures::size() const {
  std::scoped_lock lock(mutex_);
  return seen_.size();
}

}  // namespace cacheplane::gateway::aws
