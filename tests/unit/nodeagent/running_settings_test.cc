// What a process has of its parameters, told and untold.
#include "nodeagent/supervisor/running_settings.h"

#include <gtest/gtest.h>

namespace cacheplane::agent {
namespace {

using Settings = std::vector<Setting>;

engine::ConfigRequest With(const std::map<std::string, std::string>& parameters) {
  engine::ConfigRequest request;
  request.engine = "redis";
  request.full_version = "6.0.16";
  request.family = "redis6.x";
  request.node_memory_bytes = 64 << 20;
  request.parameters = parameters;
  return request;
}

// Started with the family's defaults by this agent.
RunningSettings Started() {
  RunningSettings running;
  running.Started(With({}), /*adopted=*/false);
  return running;
}

TEST(RunningSettings, WhatItWasStartedWithIsNotToldAgain) {
  RunningSettings running = Started();
  EXPECT_TRUE(running.Outstanding().empty());
  running.Want(With({}));
  EXPECT_TRUE(running.Outstanding().empty());
}

TEST(RunningSettings, ADifferenceIsToldOnceAndTakenBackByADefault) {
  RunningSettings running = Started();
  running.Want(With({{"timeout", "60"}}));
  const Settings told = running.Outstanding();
  EXPECT_EQ(told, (Settings{{"timeout", "60"}}));
  running.Told(told, {});
  EXPECT_TRUE(running.Outstanding().empty());
  running.Want(With({}));
  EXPECT_EQ(running.Outstanding(), (Settings{{"timeout", "0"}}));
}

TEST(RunningSettings, ReservedMemoryIsMaxmemory) {
  RunningSettings running = Started();
  running.Want(With({{"reserved-memory-percent", "50"}}));
  EXPECT_EQ(running.Outstanding(), (Settings{{"maxmemory", std::to_string(32 << 20)}}));
}

TEST(RunningSettings, ClassesOfALimitAreApart) {
  RunningSettings running = Started();
  running.Want(With({{"client-output-buffer-limit-pubsub-soft-seconds", "61"}}));
  const Settings told = running.Outstanding();
  EXPECT_EQ(told, (Settings{{"client-output-buffer-limit", "pubsub 33554432 8388608 61"}}));
  running.Told(told, {});
  EXPECT_TRUE(running.Outstanding().empty());
}

TEST(RunningSettings, OfAnAdoptedOneNothingIsKnown) {
  RunningSettings running;
  running.Started(With({{"timeout", "60"}}), /*adopted=*/true);
  running.Want(With({{"timeout", "60"}}));
  EXPECT_GT(running.Outstanding().size(), 40U);
  running.Told(running.Outstanding(), {});
  EXPECT_TRUE(running.Outstanding().empty());
}

TEST(RunningSettings, WhatWasNotAnsweredIsToldAgain) {
  RunningSettings running = Started();
  running.Want(With({{"timeout", "60"}}));
  const Settings told = running.Outstanding();
  running.Told(told, {.status = Unavailable("no answer")});
  EXPECT_GT(running.Outstanding().size(), 40U);
}

// The wish went back to what it was while the engine was told otherwise.
TEST(RunningSettings, AWishThatTurnsBackMeanwhileIsTold) {
  RunningSettings running = Started();
  running.Want(With({{"timeout", "60"}}));
  const Settings told = running.Outstanding();
  running.Want(With({}));
  running.Told(told, {});
  EXPECT_EQ(running.Outstanding(), (Settings{{"timeout", "0"}}));
}

TEST(RunningSettings, WhatIsRefusedIsReportedAndNotRepeated) {
  RunningSettings running = Started();
  running.Want(With({{"timeout", "60"}, {"maxmemory-samples", "9"}}));
  running.Told(running.Outstanding(), {.refused = {{{"timeout", "60"}, "ERR no"}}});
  EXPECT_TRUE(running.Outstanding().empty());
  EXPECT_EQ(running.Problem(), "timeout '60' is refused: ERR no");
  // Another wish is another chance, for all.
  running.Want(With({{"timeout", "60"}}));
  EXPECT_EQ(running.Outstanding(), (Settings{{"maxmemory-samples", "3"}, {"timeout", "60"}}));
  EXPECT_EQ(running.Problem(), "");
}

TEST(RunningSettings, WhatNeedsARestartWaitsForOne) {
  RunningSettings running = Started();
  running.Want(With({{"activerehashing", "no"}}));
  EXPECT_TRUE(running.Outstanding().empty());
  EXPECT_EQ(running.pending_restart(), (std::vector<std::string>{"activerehashing"}));
  running.Gone();
  EXPECT_TRUE(running.pending_restart().empty());
  running.Started(With({{"activerehashing", "no"}}), /*adopted=*/false);
  running.Want(With({{"activerehashing", "no"}}));
  EXPECT_TRUE(running.pending_restart().empty());
}

TEST(RunningSettings, WhatCannotBeAWishIsReported) {
  RunningSettings running = Started();
  running.Want(With({{"timeout", "x"}}));
  EXPECT_TRUE(running.Outstanding().empty());
  EXPECT_NE(running.Problem().find("parameter timeout cannot be 'x'"), std::string::npos) << running.Problem();
}

TEST(RunningSettings, AnotherFamilysParametersAreForTheNextProcess) {
  RunningSettings running = Started();
  engine::ConfigRequest wanted = With({{"timeout", "60"}});
  wanted.family = "redis7";
  running.Want(wanted);
  EXPECT_TRUE(running.Outstanding().empty());
  EXPECT_EQ(running.Problem(), "");
}

}  // namespace
}  // namespace cacheplane::agent
