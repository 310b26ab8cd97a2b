// A store whose control plane may die at a commit: before it (nothing stays) or after it (everything does, and nobody
// was told).
#pragma once

#include <functional>

#include "controlplane/ports/store.h"
#include "tests/sim/schedule.h"

namespace cacheplane::sim {

// The control plane died. Unwinds to whoever runs its process, which starts again later.
struct ControlPlaneDied {};

class FaultyStore final : public ports::Store {
 public:
  FaultyStore(ports::Store& store, Schedule& schedule) : store_(store), schedule_(schedule) {}

  double death_chance = 0;
  std::uint64_t writes = 0;
  // Crash enumeration: dies at this write, counted from 1; 0: at none.
  std::uint64_t die_before = 0;
  std::uint64_t die_after = 0;
  // Before every commit, when what is to be committed was decided: other threads do not wait for it.
  std::function<void()> deciding = [] {};
  // After every commit, before anybody hears of it.
  std::function<void()> committed = [] {};

  void Read(const std::function<void(ports::Transaction&)>& function) override { store_.Read(function); }

  Status Write(const std::function<Status(ports::Transaction&)>& function) override {
    ++writes;
    if (schedule_.Chance(death_chance) || writes == die_before) throw ControlPlaneDied{};
    const Status status = store_.Write([&](ports::Transaction& tx) {
      Status decided = function(tx);
      deciding();
      return decided;
    });
    committed();
    if (schedule_.Chance(death_chance) || writes == die_after) throw ControlPlaneDied{};
    return status;
  }

 private:
  ports::Store& store_;
  Schedule& schedule_;
};

}  // namespace cacheplane::sim
