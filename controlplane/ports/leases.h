// Leases of open primaries, as the control plane remembers its grants: implemented by agents/ and by the simulator.
#pragma once

#include <chrono>
#include <set>

#include "controlplane/model/ids.h"

namespace cacheplane::ports {

// Thread-safe. Kept in memory only: after a restart every lease counts as granted at the start.
class Leases {
 public:
  virtual ~Leases() = default;

  // How long the incarnation's lease may still run, at most; zero or less: it has certainly ended.
  virtual std::chrono::milliseconds LeftOf(const model::Incarnation& incarnation) const = 0;

  // No grant any more in this epoch or a lower one. False, and nothing changed, while the lease may still run.
  virtual bool Close(const model::Incarnation& incarnation, model::Epoch epoch) = 0;

  // Takes a Close back: what it was for was not committed.
  virtual void Reopen(const model::Incarnation& incarnation, model::Epoch epoch) = 0;

  // Its lease counts as renewed now: it may rest on promises of fewer peers than it has from now on.
  virtual void Assume(const model::Incarnation& incarnation) = 0;

  // These are all that are planned: what is known of others, whose lease has ended long ago, need not be remembered.
  virtual void Keep(const std::set<model::Incarnation>& planned) = 0;
};

}  // namespace cacheplane::ports
