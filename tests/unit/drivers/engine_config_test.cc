#include "cache-engine/drivers/engine_config.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "cache-engine/drivers/parameters.h"
#include "common/text.h"

namespace cacheplane::engine {
namespace {

ConfigRequest Request(const std::string& engine = "valkey", const std::string& version = "8.0.1",
                      const std::string& family = "valkey8") {
  ConfigRequest request;
  request.engine = engine;
  request.full_version = version;
  request.family = family;
  request.listen = {"127.22.1.1", 6379};
  request.node_memory_bytes = 1000;
  request.internal_password = "secret";
  return request;
}

std::vector<ConfigRequest> EveryVersion() {
  return {Request("valkey", "8.0.1", "valkey8"), Request("valkey", "8.1.1", "valkey8"),
          Request("valkey", "9.1.2", "valkey9"), Request("redis", "6.0.16", "redis6.x"),
          Request("redis", "7.0.15", "redis7"),  Request("redis", "8.0.2", "redis8")};
}

std::set<std::string> Lines(const ConfigRequest& request) {
  const auto text = RenderConfig(request);
  EXPECT_TRUE(text.ok()) << text.error().message;
  const auto lines = Split(*text, '\n');
  return {lines.begin(), lines.end()};
}

// Names of directives that may come more than once.
bool MayRepeat(const std::string& name) { return name == "user" || name == "client-output-buffer-limit"; }

ErrorCode CodeOf(const ConfigRequest& request) {
  const auto text = RenderConfig(request);
  EXPECT_FALSE(text.ok());
  return text.error().code;
}

TEST(RenderConfig, SaysEveryDirectiveOnce) {
  for (const ConfigRequest& request : EveryVersion()) {
    std::set<std::string> seen;
    for (const std::string& line : Lines(request)) {
      const std::string name = line.substr(0, line.find(' '));
      EXPECT_TRUE(seen.insert(name).second || MayRepeat(name)) << name;
    }
  }
}

TEST(RenderConfig, HasNoPortBesideASocket) {
  for (ConfigRequest request : EveryVersion()) {
    const auto serving = Lines(request);
    request.unix_socket = "engine.sock";
    const auto lines = Lines(request);
    EXPECT_TRUE(lines.contains("port \"0\"")) << request.full_version;
    EXPECT_TRUE(lines.contains("unixsocket \"engine.sock\""));
    std::set<std::string> missing;
    std::set_difference(serving.begin(), serving.end(), lines.begin(), lines.end(),
                        std::inserter(missing, missing.end()));
    EXPECT_EQ(missing, std::set<std::string>{"port \"6379\""}) << "all else is as of a serving engine";
  }
}

TEST(RenderConfig, FollowsNobodyUntilOpened) {
  for (const ConfigRequest& request : EveryVersion()) {
    EXPECT_TRUE(Lines(request).contains("replicaof \"127.22.1.1\" \"1\"")) << request.full_version;
  }
}

TEST(RenderConfig, FollowsItsPrimary) {
  ConfigRequest request = Request();
  request.primary = ListenAddress{"127.22.1.2", 6380};
  EXPECT_TRUE(Lines(request).contains("replicaof \"127.22.1.2\" \"6380\""));
}

TEST(RenderConfig, KeepsThePasswordOutOfAcls) {
  ConfigRequest request = Request();
  request.internal_password = "s\"3\\cret";
  EXPECT_TRUE(Lines(request).contains("masterauth \"s\\\"3\\\\cret\""));
  for (const std::string& line : Lines(request)) {
    EXPECT_FALSE(line.starts_with("user") && line.find("cret") != std::string::npos);
  }
}

TEST(RenderConfig, LeavesOutWhatTheVersionLacks) {
  const auto names = [](const ConfigRequest& request, const std::string& name) {
    const auto text = RenderConfig(request);
    return ("\n" + *text).find("\n" + name + " ") != std::string::npos;
  };
  EXPECT_FALSE(names(Request("redis", "6.0.16", "redis6.x"), "acl-pubsub-default"));
  EXPECT_FALSE(names(Request("redis", "6.0.16", "redis6.x"), "crash-memcheck-enabled"));
  EXPECT_FALSE(names(Request("valkey", "8.0.1", "valkey8"), "commandlog-reply-larger-than"));
  EXPECT_TRUE(names(Request("valkey", "8.1.1", "valkey8"), "commandlog-reply-larger-than"));
  EXPECT_TRUE(names(Request("valkey", "9.1.2", "valkey9"), "cluster-databases"));
  for (const ConfigRequest& request : EveryVersion()) {
    EXPECT_FALSE(names(request, "close-on-replica-write"));
    EXPECT_FALSE(names(request, "reserved-memory-percent"));
  }
}

TEST(RenderConfig, FoldsTheNineOutputBufferLimits) {
  ConfigRequest request = Request();
  request.parameters = {{"client-output-buffer-limit-normal-hard-limit", "7"},
                        {"client-output-buffer-limit-pubsub-soft-seconds", "8"}};
  const auto lines = Lines(request);
  EXPECT_TRUE(lines.contains("client-output-buffer-limit \"normal\" \"7\" \"0\" \"0\""));
  EXPECT_TRUE(lines.contains("client-output-buffer-limit \"replica\" \"100\" \"100\" \"60\""));
  EXPECT_TRUE(lines.contains("client-output-buffer-limit \"pubsub\" \"33554432\" \"8388608\" \"8\""));
}

TEST(RenderConfig, RefusesWhatCouldBecomeAnotherDirective) {
  for (const std::string value : {"KEA\nloadmodule /x.so", "KEA\rinclude /x", "K\"", "K E", "#", "K\\"}) {
    ConfigRequest request = Request();
    request.parameters = {{"notify-keyspace-events", value}};
    EXPECT_EQ(CodeOf(request), ErrorCode::kInvalidArgument) << value;
  }
  ConfigRequest request = Request();
  request.internal_password = "a\nloadmodule /x.so";
  EXPECT_EQ(CodeOf(request), ErrorCode::kInvalidArgument);
  for (const std::string address : {"", "localhost", "127.22.1.1\nloadmodule /x.so", "127.22.1.1 ::1", "*"}) {
    request = Request();
    request.listen.address = address;
    EXPECT_EQ(CodeOf(request), ErrorCode::kInvalidArgument) << address;
    request = Request();
    request.primary = ListenAddress{address, 6379};
    EXPECT_EQ(CodeOf(request), ErrorCode::kInvalidArgument) << address;
  }
}

TEST(RenderConfig, RefusesAnImpossibleRequest) {
  EXPECT_EQ(CodeOf(Request("memcached")), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(Request("valkey", "7.2.5")), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(Request("valkey", "8.0.1\nx")), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(Request("valkey", "8.0.1", "redis7")), ErrorCode::kInvalidArgument);
  ConfigRequest request = Request();
  request.listen.port = 0;
  EXPECT_EQ(CodeOf(request), ErrorCode::kInvalidArgument);
  request = Request();
  request.internal_password = "";
  EXPECT_EQ(CodeOf(request), ErrorCode::kInvalidArgument);
  request = Request();
  request.parameters = {{"no-such-parameter", "1"}};
  EXPECT_EQ(CodeOf(request), ErrorCode::kInvalidArgument);
}

TEST(RuntimeDirectives, FollowWhatIsAskedFor) {
  ConfigRequest changed = Request();
  changed.parameters = {{"maxmemory-policy", "noeviction"},
                        {"reserved-memory-percent", "50"},
                        {"client-output-buffer-limit-pubsub-soft-seconds", "61"},
                        {"databases", "32"}};
  const auto before = RuntimeDirectives(Request(), {8, 0});
  const auto after = RuntimeDirectives(changed, {8, 0});
  ASSERT_TRUE(before.ok() && after.ok());
  ASSERT_EQ(before->size(), after->size());
  std::vector<Directive> differ;
  for (std::size_t i = 0; i < before->size(); ++i) {
    if ((*before)[i] != (*after)[i]) differ.push_back((*after)[i]);
  }
  EXPECT_EQ(differ, (std::vector<Directive>{{"maxmemory-policy", {"noeviction"}},
                                            {"client-output-buffer-limit", {"pubsub", "33554432", "8388608", "61"}},
                                            {"maxmemory", {"500"}}}));
}

TEST(RuntimeDirectives, RefuseWhatIsNotAllowed) {
  ConfigRequest request = Request();
  request.parameters = {{"reserved-memory-percent", "100"}};
  EXPECT_EQ(RuntimeDirectives(request, {8, 0}).error().code, ErrorCode::kInvalidArgument);
  request.parameters = {{"maxmemory-samples", "x"}};
  EXPECT_EQ(RuntimeDirectives(request, {8, 0}).error().code, ErrorCode::kInvalidArgument);
}

TEST(ParametersNeedingRestart, AreThoseThatDifferFromTheStart) {
  ConfigRequest running = Request("redis", "6.0.16", "redis6.x");
  ConfigRequest wanted = running;
  wanted.parameters = {{"databases", "16"}, {"activerehashing", "no"}, {"timeout", "60"}};
  EXPECT_EQ(ParametersNeedingRestart(running, wanted, {6, 0}), (std::vector<std::string>{"activerehashing"}));
  running.parameters = {{"databases", "32"}};
  EXPECT_EQ(ParametersNeedingRestart(running, wanted, {6, 0}),
            (std::vector<std::string>{"activerehashing", "databases"}));
}

std::int64_t MemoryWith(const std::map<std::string, std::string>& parameters, std::int64_t node = 1000) {
  ConfigRequest request = Request();
  request.node_memory_bytes = node;
  request.parameters = parameters;
  const auto max_memory = MaxMemory(request);
  return max_memory.ok() ? *max_memory : -1;
}

TEST(MaxMemory, IsWhatTheReservationLeaves) {
  EXPECT_EQ(MemoryWith({}), 750);
  EXPECT_EQ(MemoryWith({}, 536870912), 402653184);  // cache.t4g.micro, as documented
  EXPECT_EQ(MemoryWith({{"reserved-memory-percent", "0"}}), 1000);
  EXPECT_EQ(MemoryWith({{"reserved-memory-percent", "33"}}), 670);
  EXPECT_EQ(MemoryWith({{"reserved-memory", "400"}}), 600);
  EXPECT_EQ(MemoryWith({{"reserved-memory", "0"}, {"reserved-memory-percent", "50"}}), 500);
  EXPECT_EQ(MemoryWith({{"reserved-memory-percent", "1"}}, INT64_MAX),
            INT64_MAX / 100 * 99 + INT64_MAX % 100 * 99 / 100);
}

TEST(MaxMemory, IsNeverNothing) {
  EXPECT_EQ(MemoryWith({{"reserved-memory-percent", "100"}}), -1);
  EXPECT_EQ(MemoryWith({{"reserved-memory", "1000"}}), -1);
  EXPECT_EQ(MemoryWith({{"reserved-memory", "10"}, {"reserved-memory-percent", "10"}}), -1);
  EXPECT_EQ(MemoryWith({{"reserved-memory-percent", "101"}}), -1);
  EXPECT_EQ(MemoryWith({}, 0), -1);
}

}  // namespace
}  // namespace cacheplane::engine
