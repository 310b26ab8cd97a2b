// A store whose control plane may die at a commit: before it (nothing stays) or after it (everything does, and nobody
// was told).
#pragma once

#include "controlplane/ports/store.h"
#include "tests/sim/schedule.h"

namespace cacheplane::sim {

// The control plane died. Unwinds to the world, which starts a new one later.
struct ControlPlaneDied {};

class FaultyStore final : public ports::Store {
 public:
  FaultyStore(ports::Store& store, Schedule& schedule) : store_(store), schedule_(schedule) {}

  double death_chance = 0;
  std::uint64_t writes = 0;

  void Read(const std::function<void(ports::Transaction&)>& function) override { store_.Read(function); }

  Status Write(const std::function<Status(ports::Transaction&)>& function) override {
    if (schedule_.Chance(death_chance)) throw ControlPlaneDied{};
    const Status status = store_.Write(function);
    ++writes;
    if (schedule_.Chance(death_chance)) throw ControlPlaneDied{};
    return status;
  }

 private:
  ports::Store& store_;
  Schedule& schedule_;
};

}  // namespace cacheplane::sim
