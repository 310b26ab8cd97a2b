// The faults that one session was told to order from its agent, until it has answered for each.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/ports/drills.h"

namespace cacheplane::agents {

// An agent answers at once; one that does not know faults never does.
inline constexpr std::chrono::milliseconds kDrillPatience{2000};

// Not thread-safe. It calls nobody: whoever takes an answer's receiver calls it, without a lock.
class DrillOrders {
 public:
  using Answered = std::function<void(Status)>;
  struct Unsent {
    std::uint64_t id = 0;
    ports::Fault fault;
  };

  void Add(const ports::Fault& fault, Answered answered, MonoTime now);
  // Those that are to be sent now, each once.
  std::vector<Unsent> TakeUnsent();
  // Empty for an id that nobody waits for.
  Answered Take(std::uint64_t id);
  // Of those that were ordered at least kDrillPatience ago; one that is not sent by then never is.
  std::vector<Answered> TakeOverdue(MonoTime now);
  std::vector<Answered> TakeAll();

 private:
  struct Waiting {
    Answered answered;
    MonoTime since;
  };

  std::uint64_t last_id_ = 0;
  std::vector<Unsent> unsent_;
  std::map<std::uint64_t, Waiting> waiting_;
};

}  // namespace cacheplane::agents
