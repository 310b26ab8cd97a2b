#include "cache-engine/drivers/replication_info.h"

#include <gtest/gtest.h>

#include <random>

namespace cacheplane::engine {
namespace {

constexpr char kId[] = "17788ea89a8379c65e5ad7d43df644dfc651f714";

// Taken from engines, shortened to the lines around those that are read.
const std::string kValkey91Primary =
    "# Server\r\nredis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:9.1.2\r\n"
    "executable:/images/valkey-9.1.2/bin/valkey-server\r\nconfig_file:\r\n"
    "listener0:name=tcp,bind=127.22.9.1,port=6390\r\n\r\n"
    "# Memory\r\nused_memory:1089984\r\nused_memory_human:1.04M\r\n\r\n"
    "# Persistence\r\nloading:0\r\nasync_loading:0\r\n\r\n"
    "# Replication\r\nrole:master\r\nconnected_slaves:2\r\n"
    "slave0:ip=127.22.9.2,port=6390,state=online,offset=36,lag=1,type=replica\r\n"
    "slave1:ip=127.22.9.3,port=6390,state=wait_bgsave,offset=0,lag=0,type=replica\r\n"
    "replicas_waiting_psync:0\r\nmaster_failover_state:no-failover\r\n"
    "master_replid:17788ea89a8379c65e5ad7d43df644dfc651f714\r\n"
    "master_replid2:0000000000000000000000000000000000000000\r\nmaster_repl_offset:50\r\nsecond_repl_offset:-1\r\n";

const std::string kRedis6Replica =
    "# Server\r\nredis_version:6.0.16\r\nos:Linux 6.18.44 x86_64\r\n"
    "# Memory\r\nused_memory:1901232\r\n# Persistence\r\nloading:0\r\n"
    "# Replication\r\nrole:slave\r\nmaster_host:127.22.9.1\r\nmaster_port:6390\r\nmaster_link_status:up\r\n"
    "master_last_io_seconds_ago:1\r\nmaster_sync_in_progress:0\r\nslave_repl_offset:50\r\nslave_priority:100\r\n"
    "slave_read_only:1\r\nconnected_slaves:0\r\nmaster_replid:17788ea89a8379c65e5ad7d43df644dfc651f714\r\n"
    "master_repl_offset:50\r\n";

std::string Without(std::string text, const std::string& key) {
  const std::size_t start = text.find("\n" + key + ":") + 1;
  return text.erase(start, text.find('\n', start) + 1 - start);
}

std::string With(std::string text, const std::string& key, const std::string& value) {
  return Without(std::move(text), key) + key + ":" + value + "\r\n";
}

TEST(ParseInfo, ReadsAPrimary) {
  const auto info = ParseInfo(kValkey91Primary);
  ASSERT_TRUE(info.ok()) << info.error().message;
  EXPECT_EQ(info->version, "9.1.2");
  EXPECT_EQ(info->role, "primary");
  EXPECT_EQ(info->replication_id, kId);
  EXPECT_EQ(info->replication_offset, 50);
  EXPECT_EQ(info->used_memory_bytes, 1089984);
  EXPECT_FALSE(info->loading);
  ASSERT_EQ(info->replicas.size(), 2u);
  EXPECT_EQ(info->replicas[0].address, "127.22.9.2");
  EXPECT_EQ(info->replicas[0].port, 6390);
  EXPECT_EQ(info->replicas[0].state, "online");
  EXPECT_EQ(info->replicas[0].acknowledged_offset, 36);
  EXPECT_EQ(info->replicas[1].state, "wait_bgsave");
}

TEST(ParseInfo, ReadsAReplica) {
  const auto info = ParseInfo(kRedis6Replica);
  ASSERT_TRUE(info.ok()) << info.error().message;
  EXPECT_EQ(info->version, "6.0.16");
  EXPECT_EQ(info->role, "replica");
  EXPECT_EQ(info->replication_offset, 50);
  EXPECT_TRUE(info->link_up);
  EXPECT_EQ(info->primary_address, "127.22.9.1");
  EXPECT_EQ(info->primary_port, 6390);
  EXPECT_TRUE(info->replicas.empty());
  EXPECT_FALSE(ParseInfo(With(kRedis6Replica, "master_link_status", "down"))->link_up);
  EXPECT_TRUE(ParseInfo(With(kRedis6Replica, "loading", "1"))->loading);
  EXPECT_FALSE(info->syncing);
  EXPECT_TRUE(ParseInfo(With(kRedis6Replica, "master_sync_in_progress", "1"))->syncing);
  EXPECT_EQ(ParseInfo(With(kRedis6Replica, "master_host", "fd00::1"))->primary_address, "fd00::1");
}

TEST(ParseInfo, ReadsTheFormerHistory) {
  EXPECT_EQ(ParseInfo(kValkey91Primary)->former_end, -1);
  EXPECT_EQ(ParseInfo(kValkey91Primary)->former_replication_id, "");
  const auto info = ParseInfo(With(With(kValkey91Primary, "second_repl_offset", "37"), "master_replid2", "abc"));
  EXPECT_EQ(info->former_end, 37);
  EXPECT_EQ(info->former_replication_id, "abc");
  EXPECT_EQ(ParseInfo(kRedis6Replica)->former_end, -1);
}

TEST(ParseInfo, ReadsForHowLongALinkIsDown) {
  EXPECT_EQ(ParseInfo(kRedis6Replica)->link_down_seconds, 0);
  const std::string down = With(kRedis6Replica, "master_link_status", "down");
  EXPECT_EQ(ParseInfo(With(down, "master_link_down_since_seconds", "7"))->link_down_seconds, 7);
  EXPECT_EQ(ParseInfo(With(down, "master_link_down_since_seconds", "-1"))->link_down_seconds, 0);
  EXPECT_EQ(ParseInfo(With(kRedis6Replica, "master_link_down_since_seconds", "7"))->link_down_seconds, 0);
}

TEST(ParseReplication, NeedsNoOtherSection) {
  const std::string section = kValkey91Primary.substr(kValkey91Primary.find("# Replication"));
  EXPECT_FALSE(ParseInfo(section).ok());
  const auto info = ParseReplication(section);
  ASSERT_TRUE(info.ok()) << info.error().message;
  EXPECT_EQ(info->replication_offset, 50);
  EXPECT_EQ(info->replicas.size(), 2u);
  EXPECT_FALSE(ParseReplication("# Server").ok());
}

TEST(ParseInfo, NamesWhatIsMissing) {
  for (const char* key : {"redis_version", "role", "master_replid", "used_memory", "loading", "slave_repl_offset",
                          "master_link_status", "master_host", "master_port"}) {
    const auto info = ParseInfo(Without(kRedis6Replica, key));
    ASSERT_FALSE(info.ok()) << key;
    EXPECT_EQ(info.error().code, ErrorCode::kInternal);
    EXPECT_NE(info.error().message.find(key), std::string::npos) << info.error().message;
  }
  EXPECT_FALSE(ParseInfo(Without(kValkey91Primary, "master_repl_offset")).ok());
}

TEST(ParseInfo, RefusesNonsense) {
  for (const std::string reply : {"", "\r\n", "PONG", ":", "::::", "# Server", "redis_version:7.0.15"}) {
    EXPECT_FALSE(ParseInfo(reply).ok()) << reply;
  }
  EXPECT_FALSE(ParseInfo(With(kRedis6Replica, "slave_repl_offset", "many")).ok());
  EXPECT_FALSE(ParseInfo(With(kRedis6Replica, "slave_repl_offset", "99999999999999999999")).ok());
  EXPECT_FALSE(ParseInfo(With(kRedis6Replica, "master_port", "65536")).ok());
  EXPECT_FALSE(ParseInfo(With(kRedis6Replica, "role", "sentinel")).ok());
}

TEST(ParseInfo, LeavesOutReplicasThatCannotBeRead) {
  for (const std::string line :
       {"", "ip=127.22.9.2", "ip=127.22.9.2,port=6390,state=online", "ip=127.22.9.2,port=x,state=online,offset=1",
        "ip=127.22.9.2,port=-1,state=online,offset=1", "ip=,port=1,state=online,offset=1", ",,,=,=", "online"}) {
    const auto info = ParseInfo(With(With(kValkey91Primary, "slave0", line), "slave1", line));
    ASSERT_TRUE(info.ok()) << line;
    EXPECT_TRUE(info->replicas.empty()) << line;
  }
}

TEST(ParseInfo, PassesOverOddLines) {
  EXPECT_TRUE(ParseInfo("no colon here\r\n:no key\r\n\n\n#\r\nempty:\r\n" + kValkey91Primary + "half a li").ok());
}

// Cut off anywhere and with bytes changed: an answer or an error, nothing else.
TEST(ParseInfo, SurvivesDamage) {
  std::mt19937 random(20260102);
  for (const std::string& whole : {kValkey91Primary, kRedis6Replica}) {
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      const auto info = ParseInfo(whole.substr(0, size));
      EXPECT_TRUE(info.ok() || info.error().code == ErrorCode::kInternal);
    }
    for (int round = 0; round < 2000; ++round) {
      std::string damaged = whole;
      for (int change = 0; change < 3; ++change) damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
      const auto info = ParseInfo(damaged);
      EXPECT_TRUE(info.ok() || info.error().code == ErrorCode::kInternal);
    }
  }
}

}  // namespace
}  // namespace cacheplane::engine
