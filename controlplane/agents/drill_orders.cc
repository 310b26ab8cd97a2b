#include "controlplane/agents/drill_orders.h"

#include <utility>

namespace cacheplane::agents {

void DrillOrders::Add(const ports::Fault& fault, Answered answered, MonoTime now) {
  unsent_.push_back({++last_id_, fault});
  waiting_[last_id_] = {std::move(answered), now};
}

std::vector<DrillOrders::Unsent> DrillOrders::TakeUnsent() { return std::exchange(unsent_, {}); }

DrillOrders::Answered DrillOrders::Take(std::uint64_t id) {
  auto found = waiting_.extract(id);
  return found.empty() ? Answered() : std::move(found.mapped().answered);
}

std::vector<DrillOrders::Answered> DrillOrders::TakeOverdue(MonoTime now) {
  std::vector<Answered> overdue;
  while (!waiting_.empty() && now - waiting_.begin()->second.since >= kDrillPatience) {
    const std::uint64_t id = waiting_.begin()->first;
    std::erase_if(unsent_, [id](const Unsent& unsent) { return unsent.id == id; });
    overdue.push_back(Take(id));
  }
  return overdue;
}

std::vector<DrillOrders::Answered> DrillOrders::TakeAll() {
  std::vector<Answered> all;
  while (!waiting_.empty()) all.push_back(Take(waiting_.begin()->first));
  unsent_.clear();
  return all;
}

}  // namespace cacheplane::agents
