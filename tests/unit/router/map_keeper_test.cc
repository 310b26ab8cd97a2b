#include "nodeagent/router/map_keeper.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "common/random_id.h"
#include "nodeagent/network/map_file.h"

namespace cacheplane::router {
namespace {

using network::EndpointMap;
using network::SocketAddress;
using std::chrono::milliseconds;

const SocketAddress kWriter{"127.20.0.5", 6379};
const SocketAddress kReader{"127.20.0.6", 6379};
const SocketAddress kOne{"127.20.1.1", 6379};
const SocketAddress kTwo{"127.20.1.2", 6379};

// A data path in memory, whose endpoints can be made dumb.
class MemoryPath final : public network::DataPath {
 public:
  std::string_view Name() const override { return "memory"; }
  Status Apply(const network::Endpoints& endpoints) override {
    if (broken) return Unavailable("broken");
    served = endpoints;
    return {};
  }
  Result<bool> Heal() override { return false; }
  std::vector<SocketAddress> Unanswered(const std::vector<SocketAddress>& endpoints, milliseconds) override {
    std::vector<SocketAddress> unanswered;
    std::copy_if(endpoints.begin(), endpoints.end(), std::back_inserter(unanswered),
                 [this](const SocketAddress& each) { return dumb.contains(each); });
    asked.insert(asked.end(), endpoints.begin(), endpoints.end());
    return unanswered;
  }

  network::Endpoints served;
  std::set<SocketAddress> dumb;
  std::vector<SocketAddress> asked;
  bool broken = false;
};

class StoppedClock final : public Clock {
 public:
  WallTime Now() const override { return WallTime(mono.time_since_epoch()); }
  MonoTime Mono() const override { return mono; }
  MonoTime mono{milliseconds(1'000'000)};
};

class KeeperTest : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(directory_); }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void Take(const EndpointMap& map) {
    keeper_.Take(map, {});
    keeper_.Tick();
  }
  // Runs everything that falls due.
  void Advance(milliseconds time) {
    for (const MonoTime end = clock_.mono + time; clock_.mono < end;) {
      clock_.mono = std::min(end, std::max(keeper_.Tick(), clock_.mono + milliseconds(1)));
    }
    keeper_.Tick();
  }

  const std::filesystem::path directory_ = std::filesystem::temp_directory_path() / ("router-keeper-" + RandomHex(6));
  const std::filesystem::path file_ = directory_ / "endpoints.json";
  StoppedClock clock_;
  MemoryPath path_;
  MapKeeper keeper_{path_, file_, clock_};
};

TEST_F(KeeperTest, AppliesVerifiesAndReportsInOneGo) {
  Take({3, {{kWriter, {kOne}}}});
  EXPECT_EQ(path_.served, (network::Endpoints{{kWriter, {kOne}}}));
  EXPECT_EQ(keeper_.Facts(), (RouterFacts{"memory", 3, ""}));
  EXPECT_EQ(*network::LoadMap(file_), (EndpointMap{3, {{kWriter, {kOne}}}}));
}

TEST_F(KeeperTest, AsksOnlyWhatChanged) {
  Take({1, {{kWriter, {kOne}}, {kReader, {kOne, kTwo}}}});
  path_.asked.clear();
  Take({2, {{kWriter, {kTwo}}, {kReader, {kOne, kTwo}}}});
  EXPECT_EQ(path_.asked, std::vector{kWriter});
}

TEST_F(KeeperTest, RefusesALowerVersionEvenAfterARestart) {
  Take({7, {{kWriter, {kOne}}}});
  MapKeeper restarted(path_, file_, clock_);
  restarted.Restore();
  restarted.Tick();
  restarted.Take({6, {{kWriter, {kTwo}}}}, {});
  restarted.Tick();
  EXPECT_EQ(path_.served, (network::Endpoints{{kWriter, {kOne}}}));
  EXPECT_EQ(restarted.Facts().map_version, 7U);
  EXPECT_NE(restarted.Facts().problem.find("refused map version 6"), std::string::npos);
}

TEST_F(KeeperTest, WithoutAMapOnDiskNothingIsApplied) {
  path_.served = {{kReader, {kTwo}}};
  keeper_.Restore();
  Advance(milliseconds(3000));
  EXPECT_EQ(path_.served, (network::Endpoints{{kReader, {kTwo}}}));
}

TEST_F(KeeperTest, KeepsTheLastTargetsOfAnEmptyEndpoint) {
  Take({1, {{kWriter, {kOne}}}});
  Take({2, {{kWriter, {}}, {kReader, {}}}});
  EXPECT_EQ(path_.served, (network::Endpoints{{kWriter, {kOne}}}));
  EXPECT_EQ(keeper_.Facts().map_version, 2U);
}

TEST_F(KeeperTest, ReportsAVersionOnlyOnceItsEndpointsAnswer) {
  Take({1, {{kWriter, {kOne}}}});
  path_.dumb = {kReader};
  Take({2, {{kWriter, {kOne}}, {kReader, {kTwo}}}});
  EXPECT_EQ(keeper_.Facts().map_version, 1U);
  EXPECT_NE(keeper_.Facts().problem.find("127.20.0.6:6379"), std::string::npos);
  path_.dumb.clear();
  Advance(milliseconds(10));
  EXPECT_EQ(keeper_.Facts(), (RouterFacts{"memory", 2, ""}));
}

TEST_F(KeeperTest, ADeadEndpointHoldsVersionsBackForAWhileOnly) {
  path_.dumb = {kReader};
  Take({1, {{kReader, {kTwo}}}});
  Advance(MapKeeper::kVerifyPatience - milliseconds(1000));
  EXPECT_EQ(keeper_.Facts().map_version, 0U);
  Advance(milliseconds(1100));
  EXPECT_EQ(keeper_.Facts().map_version, 1U);
  Take({2, {{kReader, {kTwo}}, {kWriter, {kOne}}}});
  EXPECT_EQ(keeper_.Facts().map_version, 2U);
  EXPECT_NE(keeper_.Facts().problem, "");
}

TEST_F(KeeperTest, TriesAgainWhatCouldNotBeApplied) {
  path_.broken = true;
  Take({1, {{kWriter, {kOne}}}});
  EXPECT_EQ(keeper_.Facts(), (RouterFacts{"memory", 0, "broken"}));
  path_.broken = false;
  Advance(milliseconds(50));
  EXPECT_EQ(keeper_.Facts(), (RouterFacts{"memory", 1, ""}));
}

TEST_F(KeeperTest, SwitchesAtOnceAndAgainAfterARestart) {
  const network::ArmedSwitch armed{kTwo, 9};
  Take({1, {{kWriter, {kOne}}}});
  EXPECT_FALSE(keeper_.Switch(armed));
  Take({2, {{kWriter, {kOne}}}, {{kWriter, armed}}});
  EXPECT_TRUE(keeper_.Switch(armed));
  EXPECT_EQ(path_.served, (network::Endpoints{{kWriter, {kTwo}}}));
  EXPECT_TRUE(keeper_.Switch(armed));
  // The control plane repeats its map to a session that opens.
  Take({2, {{kWriter, {kOne}}}, {{kWriter, armed}}});
  EXPECT_EQ(path_.served, (network::Endpoints{{kWriter, {kTwo}}}));
  MapKeeper restarted(path_, file_, clock_);
  restarted.Restore();
  restarted.Tick();
  EXPECT_EQ(path_.served, (network::Endpoints{{kWriter, {kTwo}}}));
  Take({3, {{kWriter, {kTwo}}}});
  EXPECT_FALSE(keeper_.Switch(armed));
}

TEST_F(KeeperTest, ASwitchThatCannotBeAppliedIsNoYes) {
  const network::ArmedSwitch armed{kTwo, 9};
  Take({2, {{kWriter, {kOne}}}, {{kWriter, armed}}});
  path_.broken = true;
  EXPECT_FALSE(keeper_.Switch(armed));
  path_.broken = false;
  EXPECT_TRUE(keeper_.Switch(armed));
  EXPECT_EQ(path_.served, (network::Endpoints{{kWriter, {kTwo}}}));
}

}  // namespace
}  // namespace cacheplane::router
