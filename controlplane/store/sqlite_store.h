// The store in a SQLite file: every commit is synced to disk before Write returns (WAL, synchronous=FULL).
//
// One connection writes; readers take one of their own out of a pool, so that a Read runs beside a Write and sees the
// snapshot of its beginning. An I/O error, a corrupt page or a commit that fails stops the process (exit status 74):
// what is on disk is what was acknowledged, and a failed sync must never be retried.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>

#include "common/result.h"
#include "controlplane/ports/store.h"
#include "controlplane/store/sqlite/reader_pool.h"

namespace cacheplane::store {

class SqliteStore final : public ports::Store {
 public:
  // Opens the file, creating it (mode 0600) in its existing directory, checks it, and brings its schema up to date.
  // kFailedPrecondition when the file is corrupt, is no database, was written by a newer program, or cannot be kept
  // with the settings above; kUnavailable while another process has it locked; kInternal when it cannot be opened.
  static Result<std::unique_ptr<ports::Store>> Open(const std::filesystem::path& path);

  ~SqliteStore() override;

  void Read(const std::function<void(ports::Transaction&)>& function) override;
  // Besides the function's own error: kUnavailable when another process keeps the file locked for seconds.
  Status Write(const std::function<Status(ports::Transaction&)>& function) override;

 private:
  SqliteStore(std::unique_ptr<sqlite::Connection> writer, const std::filesystem::path& path);

  std::mutex writing_;
  std::unique_ptr<sqlite::Connection> writer_;  // guarded by writing_
  sqlite::ReaderPool readers_;
};

}  // namespace cacheplane::store
