// The rendered configuration against every engine image on this machine: does the engine start, is it closed to what is
// withheld, and do two of them replicate?
#include "tests/unit/drivers/real_engine.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "cache-engine/drivers/acl.h"

namespace cacheplane::engine {
namespace {

using Command = std::vector<std::string>;

class EngineImage : public testing::TestWithParam<TestImage> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(EngineImage);  // ThereIsOne says it better
INSTANTIATE_TEST_SUITE_P(All, EngineImage, testing::ValuesIn(TestImages()),
                         [](const auto& image) { return TestName(image.param); });

TEST(EngineImages, ThereIsOne) {
  EXPECT_FALSE(TestImages().empty()) << "no engine image under " << ImagesRoot()
                                     << ": make one with deploy/engine-image valkey 8.0";
}

TEST_P(EngineImage, StartsAsAReplicaOfNobodyAndIsOpenedByCommand) {
  RealEngine engine(GetParam(), RequestFor(GetParam(), 1));
  ASSERT_TRUE(engine.Listens()) << engine.Log();
  EngineInfo info = engine.Info();
  EXPECT_EQ(info.version, GetParam().full_version);
  EXPECT_EQ(info.role, "replica");
  EXPECT_FALSE(info.link_up);
  EXPECT_EQ(info.primary_port, 1);
  EXPECT_EQ(info.primary_address, RequestFor(GetParam(), 1).listen.address);
  EXPECT_GT(info.used_memory_bytes, 0);
  EXPECT_EQ(engine.Anybody({"SET", "k", "v"}).text.substr(0, 8), "READONLY");

  EXPECT_EQ(engine.Internal({"REPLICAOF", "NO", "ONE"}).text, "OK");
  EXPECT_EQ(engine.Anybody({"SET", "k", "v"}).text, "OK");
  info = engine.Info();
  EXPECT_EQ(info.role, "primary");
  EXPECT_EQ(info.replication_id.size(), 40u);
  EXPECT_TRUE(info.replicas.empty());
}

TEST_P(EngineImage, WithholdsWhatElastiCacheWithholds) {
  RealEngine engine(GetParam(), RequestFor(GetParam(), 1));
  ASSERT_TRUE(engine.Listens()) << engine.Log();
  const std::vector<Command> withheld = {{"BGREWRITEAOF"},
                                         {"BGSAVE"},
                                         {"SAVE"},
                                         {"SHUTDOWN", "NOSAVE"},
                                         {"CONFIG", "GET", "masterauth"},
                                         {"CONFIG", "SET", "maxmemory", "0"},
                                         {"MODULE", "LIST"},
                                         {"REPLICAOF", "NO", "ONE"},
                                         {"SLAVEOF", "NO", "ONE"},
                                         {"SYNC"},
                                         {"PSYNC", "?", "-1"},
                                         {"REPLCONF", "capa", "eof"},
                                         {"MIGRATE", "127.22.1.1", "1", "k", "0", "10"},
                                         {"ACL", "SETUSER", "x"},
                                         {"ACL", "DELUSER", "x"},
                                         {"ACL", "LIST"},
                                         {"ACL", "GETUSER", "cacheplane"},
                                         {"ACL", "LOAD"},
                                         {"ACL", "SAVE"},
                                         {"CLUSTER", "MEET", "127.22.1.1", "1"},
                                         {"CLUSTER", "RESET"},
                                         {"CLUSTER", "FAILOVER"},
                                         {"CLIENT", "PAUSE", "1"},
                                         {"config", "get", "*"},
                                         {"replicaof", "no", "one"}};
  for (const Command& command : withheld) {
    EXPECT_EQ(engine.Anybody(command).text.substr(0, 6), "NOPERM") << testing::PrintToString(command);
  }
  // From Redis 7 on enable-debug-command refuses it before permissions are looked at.
  EXPECT_TRUE(engine.Anybody({"DEBUG", "SLEEP", "0"}).IsError());
  EXPECT_TRUE(engine.Anybody({"AUTH", kInternalUser, "wrong"}).IsError());
  // Scripts have no more rights than who runs them.
  EXPECT_TRUE(engine.Anybody({"EVAL", "return redis.call('CONFIG', 'GET', '*')", "0"}).IsError());
}

TEST_P(EngineImage, LeavesUsersWhatTheyNeed) {
  RealEngine engine(GetParam(), RequestFor(GetParam(), 1));
  ASSERT_TRUE(engine.Listens()) << engine.Log();
  ASSERT_EQ(engine.Internal({"REPLICAOF", "NO", "ONE"}).text, "OK");
  const std::vector<Command> allowed = {{"SET", "k", "v"},
                                        {"KEYS", "*"},
                                        {"TYPE", "k"},
                                        {"INFO"},
                                        {"CLIENT", "LIST"},
                                        {"CLIENT", "ID"},
                                        {"ROLE"},
                                        {"CLIENT", "SETNAME", "me"},
                                        {"ACL", "WHOAMI"},
                                        {"ACL", "CAT"},
                                        {"ACL", "USERS"},
                                        {"ACL", "LOG"},
                                        {"HELLO", "2"},
                                        {"SLOWLOG", "GET"},
                                        {"LATENCY", "LATEST"},
                                        {"MEMORY", "USAGE", "k"},
                                        {"PUBLISH", "channel", "x"},
                                        {"COMMAND"},
                                        {"DBSIZE"},
                                        {"WAIT", "0", "1"},
                                        {"SCRIPT", "FLUSH"},
                                        {"EVAL", "return redis.call('GET', 'k')", "0"},
                                        {"FLUSHALL"},
                                        {"SUBSCRIBE", "channel"}};
  for (const Command& command : allowed) {
    const auto answer = engine.Anybody(command);
    EXPECT_FALSE(answer.IsError()) << testing::PrintToString(command) << ": " << answer.text;
  }
}

// What an engine counts as administration is withheld or on this list, so that a new version brings no surprise.
TEST_P(EngineImage, LeavesUsersNoOtherAdministration) {
  const std::set<std::string> left = {"acl|dryrun",
                                      "acl|log",
                                      "acl|users",
                                      "client|kill",
                                      "client|list",
                                      "client|no-evict",
                                      "client|unblock",
                                      "cluster|replicas",
                                      "cluster|slaves",
                                      "cluster|count-failure-reports",
                                      "cluster|getslotmigrations",
                                      "commandlog|get",
                                      "commandlog|len",
                                      "commandlog|reset",
                                      "lastsave",
                                      "latency",
                                      "latency|doctor",
                                      "latency|graph",
                                      "latency|histogram",
                                      "latency|history",
                                      "latency|latest",
                                      "latency|reset",
                                      "monitor",
                                      "pfdebug",
                                      "pfselftest",
                                      "role",
                                      "slowlog",
                                      "slowlog|get",
                                      "slowlog|len",
                                      "slowlog|reset"};
  RealEngine engine(GetParam(), RequestFor(GetParam(), 1));
  ASSERT_TRUE(engine.Listens()) << engine.Log();
  const auto rules = WithheldRules(GetParam().engine, *ParseVersion(GetParam().full_version));
  const std::set<std::string> withheld(rules.begin(), rules.end());
  const auto administration = engine.Internal({"ACL", "CAT", "admin"});
  EXPECT_GT(administration.items.size(), 15u);
  for (const auto& command : administration.items) {
    const bool taken = withheld.contains("-" + command.text) ||
                       withheld.contains("-" + command.text.substr(0, command.text.find('|')));
    EXPECT_NE(taken, left.contains(command.text)) << command.text;
  }
}

TEST_P(EngineImage, MonitorIsAllowed) {
  RealEngine engine(GetParam(), RequestFor(GetParam(), 1));
  ASSERT_TRUE(engine.Listens()) << engine.Log();
  EXPECT_EQ(engine.Anybody({"MONITOR"}).text, "OK");
}

TEST_P(EngineImage, ReplicatesByItsConfiguration) {
  const ConfigRequest primary_request = RequestFor(GetParam(), 1);
  RealEngine primary(GetParam(), primary_request);
  ASSERT_TRUE(primary.Listens()) << primary.Log();
  ASSERT_EQ(primary.Internal({"REPLICAOF", "NO", "ONE"}).text, "OK");
  ASSERT_EQ(primary.Anybody({"SET", "k", "v"}).text, "OK");

  ConfigRequest replica_request = RequestFor(GetParam(), 2);
  replica_request.primary = primary_request.listen;
  RealEngine replica(GetParam(), replica_request);
  ASSERT_TRUE(replica.Listens()) << replica.Log();
  const auto online = [&] {
    const auto replicas = primary.Info().replicas;
    return replicas.size() == 1 && replicas[0].state == "online";
  };
  ASSERT_TRUE(Eventually(online)) << primary.Log() << replica.Log();
  // An idle primary's offset stands still until its next ping, up to 10 s later; a write moves it.
  ASSERT_EQ(primary.Anybody({"SET", "k", "v2"}).text, "OK");
  const std::int64_t written = primary.Info().replication_offset;
  const auto acknowledged = [&] {
    const auto replicas = primary.Info().replicas;
    return replicas.size() == 1 && replicas[0].acknowledged_offset >= written;
  };
  ASSERT_TRUE(Eventually(acknowledged)) << primary.Log() << replica.Log();

  const ReplicaLine line = primary.Info().replicas.at(0);
  EXPECT_EQ(line.address, replica_request.listen.address);
  EXPECT_EQ(line.port, replica_request.listen.port);
  EXPECT_EQ(replica.Anybody({"GET", "k"}).text, "v2");
  const EngineInfo info = replica.Info();
  EXPECT_TRUE(info.link_up);
  EXPECT_EQ(info.primary_address, primary_request.listen.address);
  EXPECT_EQ(info.primary_port, primary_request.listen.port);
  EXPECT_EQ(info.replication_id, primary.Info().replication_id);
  EXPECT_GE(primary.Info().replication_offset, info.replication_offset);
}

std::string OomScore(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/oom_score_adj");
  std::string score;
  file >> score;
  return score;
}

// An engine without privileges may raise the score of its own child: that one dies first when memory runs out.
TEST_P(EngineImage, OffersItsChildToTheKernelFirst) {
  RealEngine engine(GetParam(), RequestFor(GetParam(), 1));
  ASSERT_TRUE(engine.Listens()) << engine.Log();
  ASSERT_EQ(engine.Internal({"REPLICAOF", "NO", "ONE"}).text, "OK");
  for (int i = 0; i < 100; ++i) engine.Anybody({"SET", std::to_string(i), "v"});
  ASSERT_EQ(engine.Internal({"CONFIG", "SET", "rdb-key-save-delay", "100000"}).text, "OK");
  ASSERT_FALSE(engine.Internal({"BGSAVE"}).IsError());
  const std::string pid = std::to_string(engine.pid());
  const int own = std::stoi(OomScore(pid));
  EXPECT_TRUE(Eventually([&] {
    std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
    std::string child;
    return children >> child && OomScore(child) == std::to_string(std::min(1000, own + 800));
  })) << engine.Log();
}

}  // namespace
}  // namespace cacheplane::engine
