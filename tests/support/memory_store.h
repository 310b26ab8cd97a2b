// The store in memory, for the simulator and for tests of what uses a store. It keeps the same promises as the one on
// disk (tests/contract holds both to them) except that it forgets everything with the process.
//
// Tables are shared between versions and copied on their first change in a transaction: a reader keeps the version it
// began with, and a failed transaction is simply dropped.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "common/result.h"
#include "controlplane/ports/store.h"

namespace cacheplane::test {

struct MemoryState;

class MemoryStore final : public ports::Store {
 public:
  MemoryStore();
  ~MemoryStore() override;

  void Read(const std::function<void(ports::Transaction&)>& function) override;
  Status Write(const std::function<Status(ports::Transaction&)>& function) override;

 private:
  std::shared_ptr<const MemoryState> Committed();

  std::mutex writing_;
  std::mutex swapping_;
  std::shared_ptr<const MemoryState> committed_;  // guarded by swapping_
};

}  // namespace cacheplane::test
