// Settings told to real engines of every version.
#include <gtest/gtest.h>

#include "nodeagent/supervisor/engine_link.h"
#include "nodeagent/supervisor/running_settings.h"
#include "tests/unit/drivers/real_engine.h"

namespace cacheplane::agent {
namespace {

using engine::RealEngine;

class TellSettingsTest : public testing::TestWithParam<engine::TestImage> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TellSettingsTest);
INSTANTIATE_TEST_SUITE_P(All, TellSettingsTest, testing::ValuesIn(engine::TestImages()),
                         [](const auto& image) { return engine::TestName(image.param); });

EngineLink LinkTo(const engine::ConfigRequest& request) {
  return EngineLink({.address = {request.listen.address, request.listen.port}, .password = request.internal_password});
}

TEST_P(TellSettingsTest, WhatIsRefusedStopsNothing) {
  const engine::ConfigRequest request = engine::RequestFor(GetParam(), 1);
  RealEngine engine(GetParam(), request);
  ASSERT_TRUE(engine.Listens()) << engine.Log();
  EngineLink link = LinkTo(request);
  const SettingsReport report =
      TellSettings(link, {{"timeout", "60"}, {"maxmemory-policy", "none-such"}, {"maxmemory-samples", "9"}});
  EXPECT_TRUE(report.status.ok()) << report.status.error().message;
  ASSERT_EQ(report.refused.size(), 1U);
  EXPECT_EQ(report.refused[0].setting.directive, "maxmemory-policy");
  EXPECT_FALSE(report.refused[0].problem.empty());
  for (const auto& [directive, value] :
       std::map<std::string, std::string>{{"timeout", "60"}, {"maxmemory-samples", "9"}}) {
    const auto answer = engine.Internal({"CONFIG", "GET", directive});
    ASSERT_EQ(answer.items.size(), 2U);
    EXPECT_EQ(answer.items[1].text, value) << directive;
  }
}

TEST_P(TellSettingsTest, AnEngineThatIsGoneIsNoRefusal) {
  EngineLink link = LinkTo(engine::RequestFor(GetParam(), 2));
  const SettingsReport report = TellSettings(link, {{"timeout", "60"}});
  EXPECT_FALSE(report.status.ok());
  EXPECT_TRUE(report.refused.empty());
}

TEST_P(TellSettingsTest, EverythingAnAdoptedEngineIsToldIsTaken) {
  const engine::ConfigRequest request = engine::RequestFor(GetParam(), 1);
  RealEngine engine(GetParam(), request);
  ASSERT_TRUE(engine.Listens()) << engine.Log();
  RunningSettings running;
  running.Started(request, /*adopted=*/true);
  running.Want(request);
  EngineLink link = LinkTo(request);
  const SettingsReport report = TellSettings(link, running.Outstanding());
  EXPECT_TRUE(report.status.ok());
  EXPECT_TRUE(report.refused.empty()) << report.refused.front().problem;
}

}  // namespace
}  // namespace cacheplane::agent
