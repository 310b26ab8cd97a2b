// What one session was told to order from its agent, each thing once, until the agent has answered for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/ports/drills.h"
#include "controlplane/ports/trials.h"

namespace cacheplane::agents {

// An agent answers for a fault at once, and for a trial when its engine is gone; one that does not know them never
// does.
inline constexpr std::chrono::milliseconds kDrillPatience{2000};
inline constexpr std::chrono::milliseconds kTrialPatience{6500};

// Not thread-safe. It calls nobody: whoever takes an answer's receiver calls it, without a lock.
template <typename Order>
class Orders {
 public:
  using Answered = std::function<void(Status)>;
  struct Unsent {
    std::uint64_t id = 0;
    Order order;
  };

  explicit Orders(std::chrono::milliseconds patience) : patience_(patience) {}

  void Add(const Order& order, Answered answered, MonoTime now) {
    unsent_.push_back({++last_id_, order});
    waiting_[last_id_] = {std::move(answered), now};
  }

  // Those that are to be sent now, each once.
  std::vector<Unsent> TakeUnsent() { return std::exchange(unsent_, {}); }

  // Empty for an id that nobody waits for.
  Answered Take(std::uint64_t id) {
    auto found = waiting_.extract(id);
    return found.empty() ? Answered() : std::move(found.mapped().answered);
  }

  // Of those that were ordered at least `patience` ago; one that is not sent by then never is.
  std::vector<Answered> TakeOverdue(MonoTime now) {
    std::vector<Answered> overdue;
    while (!waiting_.empty() && now - waiting_.begin()->second.since >= patience_) {
      const std::uint64_t id = waiting_.begin()->first;
      std::erase_if(unsent_, [id](const Unsent& unsent) { return unsent.id == id; });
      overdue.push_back(Take(id));
    }
    return overdue;
  }

  std::vector<Answered> TakeAll() {
    std::vector<Answered> all;
    while (!waiting_.empty()) all.push_back(Take(waiting_.begin()->first));
    unsent_.clear();
    return all;
  }

 private:
  struct Waiting {
    Answered answered;
    MonoTime since;
  };

  const std::chrono::milliseconds patience_;
  std::uint64_t last_id_ = 0;
  std::vector<Unsent> unsent_;
  std::map<std::uint64_t, Waiting> waiting_;
};

using DrillOrders = Orders<ports::Fault>;
using TrialOrders = Orders<ports::Trial>;

}  // namespace cacheplane::agents
