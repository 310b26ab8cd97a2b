// Every value the catalogue allows must be one that the engine starts with: a parameter that passes validation and then
// keeps a node from starting would take a cluster down.
#include <gtest/gtest.h>

#include "cache-engine/catalog/catalog.h"
#include "cache-engine/drivers/parameters.h"
#include "common/text.h"
#include "tests/unit/drivers/real_engine.h"

namespace cacheplane::engine {
namespace {

class EngineParameters : public testing::TestWithParam<TestImage> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(EngineParameters);  // EngineImages.ThereIsOne says it better
INSTANTIATE_TEST_SUITE_P(All, EngineParameters, testing::ValuesIn(TestImages()),
                         [](const auto& image) { return TestName(image.param); });

// The values at the edges of what is allowed.
std::vector<std::string> Edges(const catalog::Parameter& parameter) {
  if (parameter.allowed.front() == '[') return {"", parameter.allowed.substr(1, parameter.allowed.size() - 2)};
  std::vector<std::string> edges;
  for (const std::string& choice : Split(parameter.allowed, ',')) {
    const std::size_t dash = choice.find('-', 1);
    edges.push_back(parameter.type == "integer" ? choice.substr(0, dash) : choice);
    if (parameter.type != "integer" || dash == std::string::npos) continue;
    const std::string high = choice.substr(dash + 1);
    edges.push_back(high.empty() ? "1000000000000" : high);
  }
  return edges;
}

// The n-th edge of every parameter, the last one where there are fewer; those that this test cannot afford stay out.
std::map<std::string, std::string> NthEdges(const std::string& family, std::size_t n) {
  std::map<std::string, std::string> values;
  for (const catalog::Parameter& parameter : catalog::ParametersOf(family)) {
    if (!parameter.modifiable || parameter.name.starts_with("reserved-memory")) continue;
    const auto edges = Edges(parameter);
    values[parameter.name] = edges[std::min(n, edges.size() - 1)];
  }
  values.erase("repl-backlog-size");  // allocated whole
  return values;
}

TEST_P(EngineParameters, EveryAllowedEdgeStarts) {
  ConfigRequest request = RequestFor(GetParam(), 1);
  for (std::size_t n = 0; n < 8; ++n) {
    request.parameters = NthEdges(request.family, n);
    RealEngine engine(GetParam(), request);
    ASSERT_TRUE(engine.Listens()) << "edge " << n << "\n" << engine.Log();
  }
}

// What CONFIG SET takes for a directive.
std::vector<std::string> SetCommand(const Directive& directive) {
  return {"CONFIG", "SET", directive.name, Join(directive.values, " ")};
}

TEST_P(EngineParameters, WhatNeedsNoRestartIsTakenByARunningEngine) {
  ConfigRequest request = RequestFor(GetParam(), 1);
  RealEngine engine(GetParam(), request);
  ASSERT_TRUE(engine.Listens()) << engine.Log();
  const Version version = *ParseVersion(GetParam().full_version);
  for (std::size_t n = 0; n < 8; ++n) {
    request.parameters = NthEdges(request.family, n);
    const auto directives = RuntimeDirectives(request, version);
    ASSERT_TRUE(directives.ok()) << directives.error().message;
    for (const Directive& directive : *directives) {
      const auto answer = engine.Internal(SetCommand(directive));
      EXPECT_EQ(answer.text, "OK") << "edge " << n << ": " << directive.name << " " << Join(directive.values, " ");
    }
  }
}

TEST_P(EngineParameters, SetWhileItRunsAreTheSameAsAtAStart) {
  ConfigRequest request = RequestFor(GetParam(), 1);
  request.parameters = NthEdges(request.family, 1);
  request.parameters["reserved-memory-percent"] = "50";
  RealEngine started(GetParam(), request);
  RealEngine changed(GetParam(), RequestFor(GetParam(), 2));
  ASSERT_TRUE(started.Listens() && changed.Listens()) << started.Log() << changed.Log();
  const auto directives = RuntimeDirectives(request, *ParseVersion(GetParam().full_version));
  ASSERT_TRUE(directives.ok()) << directives.error().message;
  for (const Directive& directive : *directives) {
    changed.Internal(SetCommand(directive));
    const auto get = [&](RealEngine& engine) { return engine.Internal({"CONFIG", "GET", directive.name}).items; };
    ASSERT_EQ(get(started).size(), 2U) << directive.name;
    if (directive.name == "client-output-buffer-limit") continue;  // both classes are needed
    EXPECT_EQ(get(started)[1].text, get(changed)[1].text) << directive.name;
  }
}

// What the engine says it runs with, by name of the directive.
std::string ConfigOf(RealEngine& engine, const std::string& directive) {
  const auto answer = engine.Internal({"CONFIG", "GET", directive});
  return answer.items.size() == 2 ? answer.items[1].text : "";
}

TEST_P(EngineParameters, ArriveInTheEngine) {
  ConfigRequest request = RequestFor(GetParam(), 1);
  request.parameters = {{"maxmemory-policy", "allkeys-lfu"},
                        {"reserved-memory-percent", "50"},
                        {"timeout", "20"},
                        {"notify-keyspace-events", "KEA"},
                        {"client-output-buffer-limit-pubsub-soft-seconds", "61"},
                        {"repl-backlog-size", "2097152"}};
  RealEngine engine(GetParam(), request);
  ASSERT_TRUE(engine.Listens()) << engine.Log();
  EXPECT_EQ(ConfigOf(engine, "maxmemory-policy"), "allkeys-lfu");
  EXPECT_EQ(ConfigOf(engine, "maxmemory"), std::to_string(32 << 20));
  EXPECT_EQ(ConfigOf(engine, "timeout"), "20");
  EXPECT_EQ(ConfigOf(engine, "repl-backlog-size"), "2097152");
  EXPECT_NE(ConfigOf(engine, "notify-keyspace-events"), "");
  EXPECT_EQ(ConfigOf(engine, "maxmemory-samples"), "3");  // the family's default, where the engine's own is 5
  EXPECT_EQ(ConfigOf(engine, "save"), "");
  EXPECT_EQ(ConfigOf(engine, "appendonly"), "no");
  EXPECT_EQ(ConfigOf(engine, "masterauth"), request.internal_password);
  const std::string limits = ConfigOf(engine, "client-output-buffer-limit");
  EXPECT_NE(limits.find("6710886 6710886 60"), std::string::npos) << limits;  // a tenth of 64 MiB
  EXPECT_NE(limits.find("pubsub 33554432 8388608 61"), std::string::npos) << limits;
}

}  // namespace
}  // namespace cacheplane::engine
