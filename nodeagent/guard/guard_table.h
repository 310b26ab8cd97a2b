// What a guard guards: processes, each with the end of its lease. Not of addresses: an engine that was started again at
// the same address is another process, and its predecessor's lease says nothing of it.
#pragma once

#include <poll.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/process.h"
#include "nodeagent/guard/guard_message.h"

namespace cacheplane::guard {

class GuardTable {
 public:
  GuardTable() = default;
  ~GuardTable();
  GuardTable(const GuardTable&) = delete;
  GuardTable& operator=(const GuardTable&) = delete;

  // Replaces what was known of that process. An errno: it is not guarded, for there is no room or no right to kill it.
  // 0 as well when it is gone.
  int Guard(const Entry& entry);
  void Unguard(const Entry& entry);
  void ListInto(Packet& answer) const;
  bool empty() const { return guarded_.empty(); }

  std::optional<BootTime> NextEnd() const;
  // Kills those whose lease is over. They are not guarded any more: nothing survives it.
  void KillEnded(BootTime now);

  // Adds a pidfd for each, and forgets those that were found readable: they are gone.
  void AddTo(std::vector<pollfd>& polled) const;
  void Forget(const std::vector<pollfd>& polled);

 private:
  struct Guarded {
    Entry entry;
    int pidfd = -1;
  };
  std::map<ProcessId, Guarded> guarded_;
};

}  // namespace cacheplane::guard
