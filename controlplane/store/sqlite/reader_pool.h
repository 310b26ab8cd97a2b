// Connections that only read, one for each Read under way. Thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "controlplane/store/sqlite/connection.h"

namespace cacheplane::store::sqlite {

class ReaderPool {
 public:
  // Idle connections kept; more are opened when more threads read at once, so that no reader waits for another.
  static constexpr std::size_t kIdleKept = 8;

  explicit ReaderPool(std::filesystem::path path) : path_(std::move(path)) {}

  // Stops the process when no connection can be opened.
  std::unique_ptr<Connection> Take();
  void GiveBack(std::unique_ptr<Connection> connection);

 private:
  const std::filesystem::path path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;  // guarded by mutex_
};

}  // namespace cacheplane::store::sqlite
