#include "controlplane/store/sqlite/reader_pool.h"

#include "common/log.h"

namespace cacheplane::store::sqlite {

std::unique_ptr<Connection> ReaderPool::Take() {
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  auto opened = Connection::Open(path_, Access::kRead);
  if (!opened.ok()) log::Error("cannot open another connection: {}", opened.error().message);
  CP_CHECK(opened.ok());
  return std::move(opened.value());
}

void ReaderPool::GiveBack(std::unique_ptr<Connection> connection) {
  const std::scoped_lock lock(mutex_);
  if (idle_.size() < kIdleKept) idle_.push_back(std::move(connection));
}

}  // namespace cacheplane::store::sqlite
