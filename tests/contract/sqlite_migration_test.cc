#include <gtest/gtest.h>

#include "common/file.h"
#include "controlplane/store/migrations/migrations.h"
#include "controlplane/store/sqlite_store.h"
#include "tests/contract/store_builders.h"
#include "tests/contract/temporary_directory.h"

namespace cacheplane::test {
namespace {

using store::Migrate;
using store::Migration;
using store::sqlite::Access;
using store::sqlite::Connection;

class SqliteMigrationTest : public ::testing::Test {
 protected:
  std::unique_ptr<Connection> Connect() {
    auto connection = Connection::Open(path_, Access::kWrite);
    EXPECT_TRUE(connection.ok()) << connection.error().message;
    return std::move(connection.value());
  }

  static std::int64_t Number(Connection& connection, const std::string& query) {
    return connection.Find(store::sql::Only<std::int64_t>, query).value();
  }

  TemporaryDirectory directory_;
  const std::filesystem::path path_ = [this] {
    const std::filesystem::path path = directory_.path() / "store.db";
    EXPECT_OK(ReplaceFile(path, ""));
    return path;
  }();
  const Migration one_{1, "0001_one", "CREATE TABLE one (a INTEGER); INSERT INTO one (a) VALUES (1);"};
  const Migration two_{2, "0002_two", "ALTER TABLE one ADD COLUMN b INTEGER; UPDATE one SET b = a + 1;"};
};

TEST_F(SqliteMigrationTest, NumbersRiseWithoutGaps) {
  int expected = 0;
  for (const Migration& migration : store::SqliteMigrations()) {
    EXPECT_EQ(migration.version, ++expected);
    EXPECT_EQ(migration.name.substr(0, 5), fmt::format("{:04}_", expected));
    EXPECT_FALSE(migration.script.empty());
  }
  EXPECT_GE(expected, 1);
}

TEST_F(SqliteMigrationTest, EmptyFileGetsTheWholeHistory) {
  auto connection = Connect();
  EXPECT_OK(Migrate(*connection, {one_, two_}));
  EXPECT_EQ(Number(*connection, "SELECT b FROM one"), 2);
  EXPECT_EQ(Number(*connection, "SELECT COUNT(*) FROM schema_version"), 2);
}

TEST_F(SqliteMigrationTest, OnlyWhatIsMissingIsRun) {
  EXPECT_OK(Migrate(*Connect(), {one_}));
  EXPECT_OK(Migrate(*Connect(), {one_}));
  EXPECT_OK(Migrate(*Connect(), {one_, two_}));
  EXPECT_EQ(Number(*Connect(), "SELECT b FROM one"), 2);
}

TEST_F(SqliteMigrationTest, FailedMigrationLeavesTheDatabaseAsItWas) {
  EXPECT_OK(Migrate(*Connect(), {one_}));
  const Migration broken{2, "0002_broken", "UPDATE one SET a = 5; SELECT no_such_column FROM one;"};
  const Status status = Migrate(*Connect(), {one_, broken});
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("no_such_column"), std::string::npos) << status.error().message;
  EXPECT_EQ(Number(*Connect(), "SELECT a FROM one"), 1);
  EXPECT_EQ(Number(*Connect(), "SELECT MAX(version) FROM schema_version"), 1);
}

// A cluster with a node and an ended operation, as a program of schema version 5 left it.
constexpr char kOfVersion5[] = R"(
INSERT INTO subnet (name, zone, cidr) VALUES ('net-a', 'zone-a', '10.0.0.0/24');
INSERT INTO subnet_group (name, description) VALUES ('default', '');
INSERT INTO cluster VALUES ('cl-1', 'orders', 'redis', '7.0', 'cache.t4g.small', 1, 0, 0, 0, '[]', 'default', 'default.redis7', 6379,
  'sun:03:00-sun:04:00', '05:00-06:00', 0, 1, '', 0, '{}', 3, 'available', '', '', 1000, 2000);
INSERT INTO shard (cluster, ordinal, epoch, attached) VALUES ('cl-1', 1, 2, 2);
INSERT INTO node (incarnation, name, cluster, shard, ordinal, agent, zone, port, role, boot, intent, image_version, memory_bytes)
  VALUES ('i-1', 'orders-001', 'cl-1', 1, 1, 'agent-a', 'zone-a', 6379, 'primary', 1, 'run', '7.0.15', 1000000);
INSERT INTO address (ip, subnet, node) VALUES ('10.0.0.4', 'net-a', 'i-1');
INSERT INTO operation (id, kind, cluster, target, status, percent, steps_json, reason, revision, created, ended)
  VALUES ('op-1', 'create-cluster', 'cl-1', 'orders', 'succeeded', 100, '[]', '', 4, 1000, 1500);
)";

TEST_F(SqliteMigrationTest, RowsOfVersion5AreReadAsTheyWereMeant) {
  const std::vector<Migration>& all = store::SqliteMigrations();
  {
    const auto connection = Connect();
    EXPECT_OK(Migrate(*connection, {all.begin(), all.begin() + 5}));
    EXPECT_OK(connection->RunScript(kOfVersion5));
  }
  const auto store = store::SqliteStore::Open(path_);
  ASSERT_TRUE(store.ok()) << store.error().message;
  (*store)->Read([](ports::Transaction& tx) {
    const auto cluster = tx.clusters().Find("orders");
    ASSERT_TRUE(cluster);
    EXPECT_EQ(cluster->pending, std::nullopt);
    EXPECT_EQ(cluster->form, model::ClusterForm::kReplicationGroup);
    const std::vector<model::Node> nodes = tx.plan().Nodes(cluster->uid);
    ASSERT_EQ(nodes.size(), 1U);
    EXPECT_EQ(nodes.front().engine, "redis") << "of its cluster";
    EXPECT_EQ(nodes.front().renewal, 0U);
    EXPECT_FALSE(nodes.front().readers_away);
    const auto operation = tx.journal().FindOperation(model::OperationId("op-1"));
    ASSERT_TRUE(operation);
    EXPECT_EQ(operation->before, std::nullopt);
    EXPECT_TRUE(operation->removals.empty() && operation->reboots.empty() && !operation->cancelled);
    EXPECT_TRUE(operation->before_port == 0 && operation->before_subnet_group.empty());
    EXPECT_TRUE(!operation->asked && !operation->begun);
  });
}

// A cluster with every kind of field, as a program of schema version 8 left it.
constexpr char kOfVersion8[] = R"(
INSERT INTO subnet_group (name, description) VALUES ('default', '');
INSERT INTO security_group (name, description, ingress_json) VALUES ('web', '', '[]'), ('db', '', '[]');
INSERT INTO cluster VALUES ('cl-1', 'orders', 'valkey', '8.0', 'cache.t4g.small', 1, 2, 1, 1, '["zone-b","zone-a","zone-b"]', 'default',
  'carts', 6380, 'sun:03:00-sun:04:00', '05:00-06:00', 7, 0, 'it''s a "test"', 1, '{"team":"core","Größe":"ü"}', 3, 'available', '', '',
  1000, 2000, '{"engine":"valkey","engine_version":"8.1","node_type":"cache.t4g.small","parameter_group":"carts"}');
INSERT INTO cluster_security_group (cluster, ordinal, security_group) VALUES ('cl-1', 1, 'web'), ('cl-1', 2, 'db');
INSERT INTO cluster SELECT 'cl-2', 'bare', engine, engine_version, node_type, 1, 0, 0, 0, '[]', 'default', parameter_group, port,
  maintenance_window, snapshot_window, 0, 1, '', 0, '{}', 1, 'available', '', '', 1000, 1000, '' FROM cluster;
)";

TEST_F(SqliteMigrationTest, TheHistoryBeginsWithTheDefinitionsOfVersion8) {
  const std::vector<Migration>& all = store::SqliteMigrations();
  {
    const auto connection = Connect();
    EXPECT_OK(Migrate(*connection, {all.begin(), all.begin() + 8}));
    EXPECT_OK(connection->RunScript(kOfVersion8));
  }
  const auto store = store::SqliteStore::Open(path_);
  ASSERT_TRUE(store.ok()) << store.error().message;
  (*store)->Read([](ports::Transaction& tx) {
    for (const char* name : {"orders", "bare"}) {
      const auto cluster = tx.clusters().Find(name);
      ASSERT_TRUE(cluster);
      EXPECT_EQ(cluster->origin, model::RevisionOrigin());
      EXPECT_TRUE(cluster->queue.empty());
      EXPECT_EQ(tx.clusters().Revisions(cluster->uid, 0, 9), std::vector{model::RevisionOf(*cluster)}) << name;
    }
    const model::Revision orders = tx.clusters().Revisions(model::ClusterUid("cl-1"), 0, 9).front();
    EXPECT_EQ(orders.number, 3U);
    EXPECT_EQ(orders.time, FromUnixMillis(2000));
    EXPECT_EQ(orders.definition.spec.security_groups, (std::vector<std::string>{"web", "db"}));
    EXPECT_EQ(orders.definition.pending->engine_version, "8.1");
  });
}

TEST_F(SqliteMigrationTest, NewerDatabaseIsRefused) {
  ASSERT_TRUE(store::SqliteStore::Open(path_).ok());
  Connect()->Execute("INSERT INTO schema_version (version, name) VALUES (999, 'from the future')");
  const auto store = store::SqliteStore::Open(path_);
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_NE(store.error().message.find("schema version 999, written by a newer program"), std::string::npos)
      << store.error().message;
}

}  // namespace
}  // namespace cacheplane::test
