// Leases of primaries, as this process granted them. A primary takes writes only while its agent holds one, so that a
// replica may be promoted without a word of it once the lease has certainly ended.
//
//   granted ──(kLeaseDuration since the agent asked)──► ended at the agent
//           ──(that, and kLeaseMargin, since we heard it ask)──► ended here, which is later
//
// Nothing is stored: after a start every lease counts as granted at that moment.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <set>

#include "common/clock.h"
#include "controlplane/ports/leases.h"

namespace cacheplane::agents {

// Agents ask four times in it. Longer ones delay the failover of a lost host, shorter ones end because of a stall.
inline constexpr std::chrono::milliseconds kLeaseDuration{1000};
// Covers what clocks drift in that time (0.2 ms), the kernel's timer (a tick, 4 ms), and the change of its table.
inline constexpr std::chrono::milliseconds kLeaseMargin{100};

// After its end: longer than any session lives that could still ask for an incarnation that is gone.
inline constexpr std::chrono::milliseconds kLeaseRemembered{60'000};

// Thread-safe.
class LeaseBook final : public ports::Leases {
 public:
  // `clock` must outlive it.
  explicit LeaseBook(const Clock& clock);

  std::chrono::milliseconds LeftOf(const model::Incarnation& incarnation) const override;
  bool Close(const model::Incarnation& incarnation, model::Epoch epoch) override;
  void Reopen(const model::Incarnation& incarnation, model::Epoch epoch) override;
  void Assume(const model::Incarnation& incarnation) override;
  void Keep(const std::set<model::Incarnation>& planned) override;
  std::size_t size() const;

  // Before the grant is sent, of a request that was heard at `asked`. False: closed, there must be none.
  bool Grant(const model::Incarnation& incarnation, model::Epoch epoch, MonoTime asked);

 private:
  struct Entry {
    MonoTime until;
    model::Epoch closed{};  // no grants in this epoch or a lower one
    model::Epoch before{};  // what that was before the latest Close
  };
  Entry& EntryOf(const model::Incarnation& incarnation);

  const Clock& clock_;
  const MonoTime unknown_until_;
  mutable std::mutex mutex_;
  std::map<model::Incarnation, Entry> entries_;
};

}  // namespace cacheplane::agents
