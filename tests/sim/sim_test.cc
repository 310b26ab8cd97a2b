// Thousands of seeded stories, each run to its end; some twice, to show that a seed is a story.
//   sim_test                                   CACHEPLANE_SIM_SEEDS seeds (default 3000) from CACHEPLANE_SIM_FIRST
//   (default 1) CACHEPLANE_SIM_SEED=17 sim_test            that seed alone, with its trace
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "common/log.h"
#include "tests/sim/world.h"

namespace cacheplane::sim {
namespace {

std::uint64_t Setting(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string Replay(std::uint64_t seed) { return "replay: CACHEPLANE_SIM_SEED=" + std::to_string(seed) + " sim_test"; }

TEST(Simulation, EverySeedIsSafeAndComesOutRight) {
  if (Setting("CACHEPLANE_SIM_SEED", 0) != 0) GTEST_SKIP() << "one seed is replayed instead";
  const std::uint64_t first = Setting("CACHEPLANE_SIM_FIRST", 1);
  const std::uint64_t count = Setting("CACHEPLANE_SIM_SEEDS", 3000);
  std::set<std::string> sometimes;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    World world(seed, false);
    const std::string failure = world.Run();
    ASSERT_EQ(failure, "") << "seed " << seed << "; " << Replay(seed);
    sometimes.insert(world.sometimes().begin(), world.sometimes().end());
  }
  // The rare states were really visited; a run of few seeds may miss some.
  if (count < 1000) return;
  for (const char* state :
       {"control plane died at a commit", "agent died", "primary died", "replica died", "engine stopped cleanly",
        "cluster became available", "cluster was impaired", "a disk was lost", "a dead primary waits for promotion"}) {
    EXPECT_TRUE(sometimes.contains(state)) << "never seen: " << state;
  }
}

TEST(Simulation, ASeedIsAStory) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    World once(seed, false);
    World again(seed, false);
    once.Run();
    again.Run();
    ASSERT_EQ(once.schedule().hash(), again.schedule().hash()) << Replay(seed);
  }
}

TEST(Simulation, Replay) {
  const std::uint64_t seed = Setting("CACHEPLANE_SIM_SEED", 0);
  if (seed == 0) GTEST_SKIP() << "set CACHEPLANE_SIM_SEED to replay one";
  World world(seed, true);
  const std::string failure = world.Run();
  std::cout << world.schedule().trace;
  EXPECT_EQ(failure, "");
}

}  // namespace
}  // namespace cacheplane::sim

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  cacheplane::log::Init(
      "sim", std::getenv("CACHEPLANE_SIM_SEED") ? cacheplane::log::Level::kInfo : cacheplane::log::Level::kError);
  return RUN_ALL_TESTS();
}
