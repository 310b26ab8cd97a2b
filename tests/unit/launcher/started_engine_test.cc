// What a freshly started engine of every version lets whom do: the rendered configuration as the engines take it.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cache-engine/catalog/catalog.h"
#include "cache-engine/images/images.h"
#include "common/text.h"
#include "tests/unit/launcher/engine_process.h"

namespace cacheplane::launcher {
namespace {

using namespace std::chrono_literals;

// The reply as text: arrays are joined with blanks.
std::string Ask(resp::Client& client, const std::string& command) {
  const auto reply = client.Call(Split(command, ' '), 5s);
  if (!reply.ok()) return reply.error().message;
  if (reply->kind == resp::Value::Kind::kInteger) return std::to_string(reply->integer);
  std::string text = reply->text;
  for (const resp::Value& item : reply->items) {
    text += (text.empty() ? "" : " ") +
            (item.kind == resp::Value::Kind::kInteger ? std::to_string(item.integer) : item.text);
  }
  return text;
}

bool StartsWith(const std::string& reply, const std::string& prefix) { return reply.rfind(prefix, 0) == 0; }

// An engine with a connection for its users and one for the agent.
struct StartedEngine {
  explicit StartedEngine(const images::Image& image, std::optional<engine::ListenAddress> primary = std::nullopt)
      : spec(workspace.SpecFor(image)) {
    spec.config.primary = std::move(primary);
    process = std::make_unique<EngineProcess>(workspace.Write(spec));
    agent = ConnectWhenReady(spec, spec.config.internal_password);
    user = ConnectWhenReady(spec, "");
    if (!agent || !user) ADD_FAILURE() << image.directory << ": " << process->StandardError() << workspace.Log();
  }
  bool ready() const { return agent != nullptr && user != nullptr; }

  Workspace workspace;
  Spec spec;
  std::unique_ptr<EngineProcess> process;
  std::unique_ptr<resp::Client> agent;
  std::unique_ptr<resp::Client> user;
};

// Would stop an engine, change its role or configuration, or show what others may not see.
constexpr const char* kWithheld[] = {"CONFIG GET masterauth",
                                     "CONFIG SET maxmemory 0",
                                     "REPLICAOF NO ONE",
                                     "SLAVEOF NO ONE",
                                     "SHUTDOWN NOSAVE",
                                     "SAVE",
                                     "BGSAVE",
                                     "BGREWRITEAOF",
                                     "MODULE LIST",
                                     "MIGRATE h 1 k 0 1",
                                     "SYNC",
                                     "PSYNC ? -1",
                                     "REPLCONF capa eof",
                                     "ACL SETUSER default on",
                                     "ACL LIST",
                                     "ACL GETUSER cacheplane",
                                     "ACL DELUSER cacheplane",
                                     "CLIENT PAUSE 1",
                                     "CLUSTER RESET"};

class StartedEngineOf : public ::testing::TestWithParam<images::Image> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StartedEngineOf);

INSTANTIATE_TEST_SUITE_P(EveryImage, StartedEngineOf, ::testing::ValuesIn(UsableImages()), [](const auto& tested) {
  std::string name = tested.param.engine + "_" + tested.param.full_version;
  for (char& c : name) c = c == '.' ? '_' : c;
  return name;
});

TEST(StartedEngine, NeedsAnImage) { EXPECT_FALSE(UsableImages().empty()) << HowToMakeImages(); }

TEST_P(StartedEngineOf, FollowsNobodyAndTakesNoWritesUntilOpened) {
  StartedEngine engine(GetParam());
  ASSERT_TRUE(engine.ready());
  EXPECT_TRUE(StartsWith(Ask(*engine.agent, "ROLE"), "slave " + engine.spec.config.listen.address + " 1 "));
  EXPECT_TRUE(StartsWith(Ask(*engine.user, "SET k v"), "READONLY"));
  EXPECT_TRUE(StartsWith(Ask(*engine.agent, "SET k v"), "READONLY"));
  EXPECT_EQ(Ask(*engine.agent, "REPLICAOF NO ONE"), "OK");
  EXPECT_EQ(Ask(*engine.user, "SET k v"), "OK");
}

TEST_P(StartedEngineOf, WithholdsFromUsersWhatTheAgentNeeds) {
  StartedEngine engine(GetParam());
  ASSERT_TRUE(engine.ready());
  for (const char* command : kWithheld) {
    EXPECT_TRUE(StartsWith(Ask(*engine.user, command), "NOPERM")) << command << ": " << Ask(*engine.user, command);
  }
  EXPECT_NE(Ask(*engine.user, "DEBUG SLEEP 0"), "OK");  // not allowed to anyone from 7.0 on
  EXPECT_EQ(Ask(*engine.agent, "CONFIG SET timeout 0"), "OK");
  EXPECT_EQ(Ask(*engine.agent, "CLIENT PAUSE 1"), "OK");
}

TEST_P(StartedEngineOf, LetsNoScriptDoWhatItsUserMayNot) {
  StartedEngine engine(GetParam());
  ASSERT_TRUE(engine.ready());
  EXPECT_EQ(Ask(*engine.agent, "REPLICAOF NO ONE"), "OK");
  EXPECT_EQ(Ask(*engine.user, "EVAL return(redis.call('ping')) 0"), "PONG");
  // Of what is withheld, MIGRATE is what the engines themselves would run in a script.
  const std::string reply = Ask(*engine.user, "EVAL return(redis.call('migrate','127.0.0.1','1','k','0','1')) 0");
  EXPECT_TRUE(reply.find("ACL failure") != std::string::npos || reply.find("can't run this") != std::string::npos)
      << reply;
}

TEST_P(StartedEngineOf, LeavesUsersWhatTheyNeed) {
  StartedEngine engine(GetParam());
  ASSERT_TRUE(engine.ready());
  EXPECT_EQ(Ask(*engine.agent, "REPLICAOF NO ONE"), "OK");
  for (const char* command : {"SET k v", "MULTI", "DISCARD", "FLUSHALL", "CLIENT SETNAME app", "ACL WHOAMI",
                              "ACL USERS", "CLIENT ID", "COMMAND COUNT", "SUBSCRIBE news"}) {
    const std::string reply = Ask(*engine.user, command);
    EXPECT_FALSE(StartsWith(reply, "NOPERM") || StartsWith(reply, "ERR")) << command << ": " << reply;
  }
}

TEST_P(StartedEngineOf, InternalUserNeedsItsPassword) {
  StartedEngine engine(GetParam());
  ASSERT_TRUE(engine.ready());
  EXPECT_TRUE(StartsWith(Ask(*engine.user, "AUTH cacheplane guess"), "WRONGPASS"));
  EXPECT_TRUE(StartsWith(Ask(*engine.user, "AUTH cacheplane "), "WRONGPASS"));
  EXPECT_EQ(Ask(*engine.user, "ACL WHOAMI"), "default");
  EXPECT_EQ(Ask(*engine.agent, "ACL WHOAMI"), "cacheplane");
  // Only a hash of it is kept where it can be asked for.
  EXPECT_EQ(Ask(*engine.agent, "ACL LIST").find(engine.spec.config.internal_password), std::string::npos);
}

TEST_P(StartedEngineOf, TakesTheConfigurationAsRendered) {
  StartedEngine engine(GetParam());
  ASSERT_TRUE(engine.ready());
  const auto maxmemory = engine::MaxMemory(engine.spec.config);
  ASSERT_TRUE(maxmemory.ok()) << maxmemory.error().message;
  EXPECT_EQ(Ask(*engine.agent, "CONFIG GET maxmemory"), "maxmemory " + std::to_string(*maxmemory));
  EXPECT_EQ(Ask(*engine.agent, "CONFIG GET save"), "save ");
  EXPECT_EQ(Ask(*engine.agent, "CONFIG GET appendonly"), "appendonly no");
  EXPECT_EQ(Ask(*engine.agent, "CONFIG GET oom-score-adj"), "oom-score-adj yes");  // their other word for relative
  EXPECT_EQ(Ask(*engine.agent, "CONFIG GET bind"), "bind " + engine.spec.config.listen.address);
}

TEST_P(StartedEngineOf, ReplicatesAsTheInternalUser) {
  StartedEngine primary(GetParam());
  ASSERT_TRUE(primary.ready());
  EXPECT_EQ(Ask(*primary.agent, "REPLICAOF NO ONE"), "OK");
  EXPECT_EQ(Ask(*primary.user, "SET k v"), "OK");
  StartedEngine replica(GetParam(), primary.spec.config.listen);
  ASSERT_TRUE(replica.ready());
  EXPECT_TRUE(WaitUntil([&] { return Ask(*replica.user, "GET k") == "v"; })) << replica.workspace.Log();
  const std::string line = "ip=" + replica.spec.config.listen.address + ",port=16379,state=online";
  EXPECT_TRUE(WaitUntil([&] { return Ask(*primary.agent, "INFO replication").find(line) != std::string::npos; }))
      << Ask(*primary.agent, "INFO replication");
}

}  // namespace
}  // namespace cacheplane::launcher
