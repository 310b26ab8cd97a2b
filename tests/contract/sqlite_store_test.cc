// What only a store in a file can promise: it opens what is sound, refuses what is not, and stops rather than guess.
#include "controlplane/store/sqlite_store.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "common/log.h"
#include "controlplane/store/sqlite/failure.h"
#include "tests/contract/store_builders.h"
#include "tests/contract/temporary_directory.h"

namespace cacheplane::test {
namespace {

using ports::Transaction;
using store::SqliteStore;
using store::sqlite::Access;
using store::sqlite::Connection;

class SqliteStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<ports::Store> Open() {
    auto store = SqliteStore::Open(path_);
    EXPECT_TRUE(store.ok()) << store.error().message;
    return std::move(store.value());
  }

  Error Refusal() {
    const auto store = SqliteStore::Open(path_);
    EXPECT_FALSE(store.ok());
    return store.ok() ? Error{} : store.error();
  }

  void Overwrite(std::streamoff offset, const std::string& bytes) {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(offset);
    file << bytes;
    ASSERT_TRUE(file.good());
  }

  static Status AppendEvent(Transaction& transaction) {
    transaction.journal().AppendEvent(AnEvent("orders", std::string(4000, 'x'), At(0)));
    return {};
  }

  TemporaryDirectory directory_;
  const std::filesystem::path path_ = directory_.path() / "store.db";
};

TEST_F(SqliteStoreTest, ReopeningKeepsEverything) {
  auto store = Open();
  EXPECT_OK(store->Write([](Transaction& t) -> Status {
    CP_RETURN_IF_ERROR(t.network().InsertSubnet(ASubnet("net-a", "zone-a", "10.0.1.0/24")));
    CP_RETURN_IF_ERROR(t.network().InsertSubnetGroup({"default", "", {"net-a"}}));
    CP_RETURN_IF_ERROR(t.network().InsertSecurityGroup(ASecurityGroup("web")));
    CP_RETURN_IF_ERROR(t.network().InsertSecurityGroup(ASecurityGroup("db")));
    t.plan().NextEndpointMapVersion();
    t.journal().AppendEvent(AnEvent("orders", "x", At(0)));
    return t.clusters().Insert(ACluster("orders"));
  }));
  store.reset();
  Open()->Read([](Transaction& t) {
    EXPECT_EQ(t.clusters().Find("orders"), ACluster("orders"));
    EXPECT_EQ(t.plan().EndpointMapVersion(), 1U);
    EXPECT_EQ(t.journal().LastEventSequence(), 1U);
  });
}

TEST_F(SqliteStoreTest, OnlyTheOwnerMayReadTheFile) {
  Open();
  struct stat status {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(SqliteStoreTest, ConnectionsHaveTheSettingsThatKeepPromises) {
  Open();
  for (const Access access : {Access::kRead, Access::kWrite}) {
    auto connection = Connection::Open(path_, access);
    ASSERT_TRUE(connection.ok());
    const auto text = [&](const char* pragma) {
      return (*connection)->Find(store::sql::Only<std::string>, pragma).value();
    };
    EXPECT_EQ(text("PRAGMA journal_mode"), "wal");
    EXPECT_EQ(text("PRAGMA synchronous"), "2");  // FULL
    EXPECT_EQ(text("PRAGMA foreign_keys"), "1");
    EXPECT_EQ(text("PRAGMA query_only"), access == Access::kRead ? "1" : "0");
  }
}

TEST_F(SqliteStoreTest, DatabaseThatCannotKeepTheSettingsIsRefused) {
  const auto in_memory = Connection::Open(":memory:", Access::kWrite);
  ASSERT_FALSE(in_memory.ok());
  EXPECT_EQ(in_memory.error(),
            FailedPrecondition("database: SQLite setting journal_mode is 'memory' and cannot be made 'wal'"));
}

TEST_F(SqliteStoreTest, MissingDirectoryIsRefused) {
  const auto store = SqliteStore::Open(directory_.path() / "missing" / "store.db");
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().code, ErrorCode::kInternal);
  EXPECT_NE(store.error().message.find("No such file or directory"), std::string::npos) << store.error().message;
}

TEST_F(SqliteStoreTest, FileThatIsNoDatabaseIsRefused) {
  std::ofstream(path_) << std::string(5000, '?');
  EXPECT_EQ(Refusal().code, ErrorCode::kFailedPrecondition);
  EXPECT_NE(Refusal().message.find("file is not a database"), std::string::npos) << Refusal().message;
}

TEST_F(SqliteStoreTest, DamagedPagesAreRefused) {
  auto store = Open();
  for (int i = 0; i < 50; ++i) EXPECT_OK(store->Write(AppendEvent));
  store.reset();
  constexpr int kPage = 4096;
  ASSERT_GT(std::filesystem::file_size(path_), 20U * kPage);
  for (int page = 2; page < 20; ++page) Overwrite(page * kPage, std::string(64, '\xa5'));
  EXPECT_EQ(Refusal().code, ErrorCode::kFailedPrecondition);
  EXPECT_NE(Refusal().message.find(path_.string() + ": the database is damaged"), std::string::npos)
      << Refusal().message;
}

TEST_F(SqliteStoreTest, TruncatedFileIsRefused) {
  auto store = Open();
  for (int i = 0; i < 50; ++i) EXPECT_OK(store->Write(AppendEvent));
  store.reset();
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) / 2);
  EXPECT_EQ(Refusal().code, ErrorCode::kFailedPrecondition) << Refusal().message;
}

TEST_F(SqliteStoreTest, WriteIsUnavailableWhileAnotherProcessHoldsTheLock) {
  auto store = Open();
  auto other = Connection::Open(path_, Access::kWrite);
  ASSERT_TRUE(other.ok());
  EXPECT_OK((*other)->BeginWrite());
  EXPECT_CODE(store->Write(AppendEvent), ErrorCode::kUnavailable);  // after the busy timeout
  (*other)->Rollback();
  EXPECT_OK(store->Write(AppendEvent));
}

TEST_F(SqliteStoreTest, FailedWriteToDiskStopsTheProcess) {
  auto store = Open();
  const auto write_until_full = [&] {
    log::Init("test", log::Level::kError);
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1 << 20, 1 << 20};
    setrlimit(RLIMIT_FSIZE, &limit);
    for (;;) EXPECT_OK(store->Write(AppendEvent));
  };
  EXPECT_EXIT(write_until_full(), ::testing::ExitedWithCode(store::sqlite::kExitCannotKeep),
              "store.db: cannot .*stopping");
  EXPECT_OK(store->Write(AppendEvent));  // what the stopped process left is sound
}

}  // namespace
}  // namespace cacheplane::test
