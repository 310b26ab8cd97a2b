// Thousands of seeded stories, each run to its end, and twice, to show that a seed is a story.
//   sim_test                                   CACHEPLANE_SIM_SEEDS seeds from CACHEPLANE_SIM_FIRST (default 1)
//   CACHEPLANE_SIM_SEED=17 sim_test            that seed alone, with its trace
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

std::string Replay(std::uint64_t seed) {
  return "replay: CACHEPLANE_SIM_SEED=" + std::to_string(seed) + " build/release/bin/sim_test";
}

bool OneSeedOnly() { return Setting("CACHEPLANE_SIM_SEED", 0) != 0; }

// Every fourth seed is a harmless one.
World::Kind KindOf(std::uint64_t seed) { return seed % 4 == 0 ? World::Kind::kHarmless : World::Kind::kFaulty; }

// Rare states that a run must have reached; else the faults do not do what they are there for.
const char* const kSometimes[] = {"control plane died at a commit",
                                  "control plane died by itself",
                                  "an agent died",
                                  "an agent switched an endpoint",
                                  "a node went on from its donor to its primary",
                                  "a donor gave nothing",
                                  "an agent was frozen",
                                  "a primary died",
                                  "a replica died",
                                  "an engine stopped cleanly",
                                  "an engine was frozen",
                                  "an engine hung",
                                  "a stuck engine was condemned and killed",
                                  "a command was carried out late",
                                  "a disk was lost",
                                  "a host was lost",
                                  "a shard was restored",
                                  "a shard was restored elsewhere",
                                  "a lone node was restored",
                                  "a host was cut from the control plane",
                                  "hosts were cut apart",
                                  "a cluster became available",
                                  "a cluster was impaired",
                                  "a lease rested on promises",
                                  "a promise kept a node closed",
                                  "a lease was renewed after it had ended",
                                  "a replica was promoted",
                                  "a replica was promoted without proof",
                                  "a promotion while an operation ran",
                                  "a change waited for its turn",
                                  "acknowledged writes were lost",
                                  "somebody promoted by hand",
                                  "a switchover began",
                                  "a test failover began",
                                  "a handover was done",
                                  "a handover was given up",
                                  "a handover ended in doubt",
                                  "a handover was seen to be done",
                                  "a late opener was not heeded",
                                  "an upgrade began",
                                  "replicas were to be added or removed",
                                  "nodes were to get another port",
                                  "a reboot began",
                                  "a host was drained",
                                  "a cluster was frozen",
                                  "a cluster was stopped",
                                  "an operation was cancelled",
                                  "a new version was ill",
                                  "the control plane released a handover"};

TEST(Simulation, EverySeedIsSafeAndComesOutRight) {
  if (OneSeedOnly()) GTEST_SKIP() << "one seed is replayed instead";
  const std::uint64_t first = Setting("CACHEPLANE_SIM_FIRST", 1);
  const std::uint64_t count = Setting("CACHEPLANE_SIM_SEEDS", 1200);
  std::set<std::string> sometimes;
  std::uint64_t lost = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t promotions = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    std::uint64_t hash = 0;
    for (const int time : {1, 2}) {
      World world(seed, KindOf(seed), false);
      const std::string failure = world.Run();
      ASSERT_EQ(failure, "") << "seed " << seed << "; " << Replay(seed);
      if (time == 2) {
        ASSERT_EQ(world.schedule().hash(), hash) << "another story the second time; " << Replay(seed);
        break;
      }
      hash = world.schedule().hash();
      sometimes.insert(world.reality().sometimes.begin(), world.reality().sometimes.end());
      lost += world.oracle().lost;
      acknowledged += world.oracle().acknowledged;
      promotions += world.oracle().promotions;
    }
  }
  std::cout << promotions << " promotions; of " << acknowledged << " acknowledged writes " << lost << " were lost\n";
  if (count < 1200) return;
  for (const char* state : kSometimes) EXPECT_TRUE(sometimes.contains(state)) << "never seen: " << state;
}

TEST(Simulation, Replay) {
  if (!OneSeedOnly()) GTEST_SKIP() << "set CACHEPLANE_SIM_SEED to replay one";
  const std::uint64_t seed = Setting("CACHEPLANE_SIM_SEED", 0);
  World world(seed, KindOf(seed), true);
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
