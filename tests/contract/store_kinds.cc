// Every implementation that is held to the contract.
#include "controlplane/store/sqlite_store.h"
#include "tests/contract/store_contract.h"
#include "tests/support/memory_store.h"

namespace cacheplane::test {
namespace {

std::unique_ptr<ports::Store> OpenSqlite(const TemporaryDirectory& directory) {
  auto store = store::SqliteStore::Open(directory.path() / "store.db");
  EXPECT_TRUE(store.ok()) << store.error().message;
  return std::move(store.value());
}

std::vector<StoreKind> Kinds() {
  return {{"Sqlite", OpenSqlite},
          {"Memory", [](const TemporaryDirectory&) { return std::make_unique<MemoryStore>(); }}};
}

INSTANTIATE_TEST_SUITE_P(Every, StoreContract, ::testing::ValuesIn(Kinds()),
                         [](const auto& subject) { return subject.param.name; });

}  // namespace
}  // namespace cacheplane::test
