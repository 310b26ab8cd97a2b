// Handovers between real engines, under a writer that never pauses.
#include "nodeagent/supervisor/handover.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cache-engine/drivers/engine_config.h"
#include "common/text.h"
#include "nodeagent/decide/handover.h"
#include "tests/unit/drivers/real_engine.h"
#include "tests/unit/resp/scripted_engine.h"

namespace cacheplane::agent {
namespace {

using engine::ConfigRequest;
using engine::Eventually;
using engine::RealEngine;
using engine::TestImage;
using std::chrono::milliseconds;

std::vector<TestImage> Images() {
  std::vector<TestImage> images;
  for (const TestImage& image : engine::TestImages()) {
    const std::string name = TestName(image);
    if (name.starts_with("valkey_8_0") || name.starts_with("redis_6_0") || name.starts_with("redis_7_0")) {
      images.push_back(image);
    }
  }
  return images;
}

Address AddressOf(const ConfigRequest& request) { return {request.listen.address, request.listen.port}; }

// Writes one key after the other wherever writes are taken, and remembers what was acknowledged.
class Writer {
 public:
  explicit Writer(std::vector<Address> places) : places_(std::move(places)), thread_([this] { Run(); }) {}
  ~Writer() { Stop(); }
  void Stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  int acknowledged() const { return acknowledged_; }
  std::chrono::microseconds longest_gap() const { return longest_gap_; }

 private:
  void Run() {
    auto last = std::chrono::steady_clock::now();
    while (!stop_) {
      if (!Write(acknowledged_)) continue;
      const auto now = std::chrono::steady_clock::now();
      longest_gap_ = std::max(longest_gap_, std::chrono::duration_cast<std::chrono::microseconds>(now - last));
      last = now;
      ++acknowledged_;
    }
  }

  bool Write(int number) {
    const Address& place = places_[place_];
    if (!client_) {
      auto client = resp::Client::Connect(place.host, place.port, milliseconds(1000));
      if (!client.ok()) return Elsewhere();
      client_ = std::move(*client);
    }
    const auto reply = client_->Call({"SET", "k" + std::to_string(number), "v"}, milliseconds(2000));
    if (reply.ok() && reply->text == "OK") return true;
    // Refused for want of replicas it is refused for a moment, and everywhere.
    if (reply.ok() && reply->text.starts_with("NOREPLICAS")) return false;
    return Elsewhere();
  }

  bool Elsewhere() {
    client_.reset();
    place_ = (place_ + 1) % places_.size();
    return false;
  }

  const std::vector<Address> places_;
  std::size_t place_ = 0;
  std::unique_ptr<resp::Client> client_;
  std::atomic<bool> stop_ = false;
  std::atomic<int> acknowledged_ = 0;
  std::chrono::microseconds longest_gap_{0};
  std::thread thread_;
};

class Handovers : public testing::TestWithParam<TestImage> {
 protected:
  void SetUp() override {
    for (const int host : {0, 1}) {
      requests_[host] = engine::RequestFor(GetParam(), 10 + host);
      engines_[host] = std::make_unique<RealEngine>(GetParam(), requests_[host]);
      ASSERT_TRUE(engines_[host]->Listens()) << engines_[host]->Log();
    }
    ASSERT_EQ(engines_[0]->Internal({"REPLICAOF", "NO", "ONE"}).text, "OK");
    Follow(1, 0);
    ASSERT_TRUE(Eventually([&] { return InSync(0, 1); }));
  }

  void Follow(int replica, int primary) {
    const Address to = AddressOf(requests_[primary]);
    engines_[replica]->Internal({"REPLICAOF", to.host, std::to_string(to.port)});
  }

  bool InSync(int primary, int replica) {
    const auto replicas = engines_[primary]->Info().replicas;
    return replicas.size() == 1 && replicas[0].state == "online" && engines_[replica]->Info().link_up;
  }

  // To less than the writer writes in a second: a replica that is late must copy everything.
  void ShrinkBacklogs() {
    for (const auto& engine : engines_) {
      ASSERT_EQ(engine->Internal({"CONFIG", "SET", "repl-backlog-size", "262144"}).text, "OK");
    }
  }

  // The timer of an engine before 6.2 rests for a second after it was made to look for its primary (engine_timer.h).
  // When it acknowledges again, that is over, and it can be made to look once more.
  bool Acknowledges(int primary) {
    const auto replicas = engines_[primary]->Info().replicas;
    return replicas.size() == 1 && replicas[0].acknowledged_offset > 0;
  }

  std::string Setting(int engine, const char* name) {
    return engines_[engine]->Internal({"CONFIG", "GET", name}).items.at(1).text;
  }

  // A handover closes clients' connections, the test's as well.
  void AwaitConnections(int engine) {
    EXPECT_TRUE(Eventually([&] { return !engines_[engine]->Internal({"PING"}).IsError(); }));
    EXPECT_TRUE(Eventually([&] { return !engines_[engine]->Anybody({"PING"}).IsError(); }));
  }

  void Ready(int candidate, std::uint64_t epoch) {
    EXPECT_EQ(engines_[candidate]->Internal({"CLIENT", "SETNAME", ReadyName(epoch)}).text, "OK");
  }

  WritePause Pause() const { return {.by_command = !TestName(GetParam()).starts_with("redis_6_0")}; }

  HandoverReport HandOver(int from, int to, std::uint64_t epoch) {
    EngineLink own({.address = AddressOf(requests_[from]), .password = requests_[from].internal_password});
    return CarryOutHandover(own, {.candidate = AddressOf(requests_[to]), .epoch = epoch, .pause = Pause()});
  }

  int FullSyncs() {
    int count = 0;
    for (const auto& engine : engines_) {
      const std::string info = engine->Internal({"INFO", "stats"}).text;
      const std::size_t at = info.find("sync_full:");
      if (at != std::string::npos) count += std::atoi(info.c_str() + at + 10);
    }
    return count;
  }

  ConfigRequest requests_[2];
  std::unique_ptr<RealEngine> engines_[2];
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Handovers);
INSTANTIATE_TEST_SUITE_P(Images, Handovers, testing::ValuesIn(Images()),
                         [](const auto& image) { return TestName(image.param); });

TEST_P(Handovers, BackAndForthTheyLoseNoAcknowledgedWrite) {
  ShrinkBacklogs();
  const int full_syncs = FullSyncs();
  std::vector<std::int64_t> gaps;
  Writer writer({AddressOf(requests_[0]), AddressOf(requests_[1])});
  ASSERT_TRUE(Eventually([&] { return writer.acknowledged() > 100; }));
  int primary = 0;
  const std::uint64_t rounds = Pause().by_command ? 20 : 5;
  for (std::uint64_t epoch = 2; epoch < 2 + rounds; ++epoch) {
    const int successor = 1 - primary;
    const int before = writer.acknowledged();
    Ready(successor, epoch);
    const HandoverReport report = HandOver(primary, successor, epoch);
    ASSERT_EQ(report.end, HandoverReport::End::kDone) << report.problem;
    EXPECT_EQ(report.problem, "");
    EXPECT_TRUE(report.complete);
    EXPECT_TRUE(report.all_restored);
    gaps.push_back(report.gap_us);
    AwaitConnections(primary);
    EXPECT_EQ(Setting(primary, "hz"), "10");
    EXPECT_EQ(Setting(primary, "min-replicas-to-write"), "0");
    EXPECT_EQ(engines_[successor]->Info().role, "primary");
    EXPECT_EQ(engines_[primary]->Info().role, "replica");
    ASSERT_TRUE(Eventually([&] { return InSync(successor, primary); }));
    ASSERT_TRUE(Eventually([&] { return writer.acknowledged() > before + 100; }));
    ASSERT_TRUE(Pause().by_command || Eventually([&] { return Acknowledges(successor); }));
    primary = successor;
  }
  writer.Stop();
  int lost = 0;
  for (int number = 0; number < writer.acknowledged(); ++number) {
    if (engines_[primary]->Anybody({"GET", "k" + std::to_string(number)}).text != "v") ++lost;
  }
  EXPECT_EQ(lost, 0) << "of " << writer.acknowledged();
  EXPECT_EQ(FullSyncs(), full_syncs);
  std::sort(gaps.begin(), gaps.end());
  std::printf(
      "%s: handovers %zu, gap median %.2f ms, worst %.2f ms, longest pause of the writer %.2f ms, %d writes, %d lost\n",
      TestName(GetParam()).c_str(), gaps.size(), static_cast<double>(gaps[gaps.size() / 2]) / 1000,
      static_cast<double>(gaps.back()) / 1000, static_cast<double>(writer.longest_gap().count()) / 1000,
      writer.acknowledged(), lost);
}

TEST_P(Handovers, CandidateThatHasNotSaidThatItIsReadyCostsNobodyAPause) {
  Ready(1, 6);
  Writer writer({AddressOf(requests_[0])});
  const HandoverReport report = HandOver(0, 1, 7);
  writer.Stop();
  EXPECT_EQ(report.end, HandoverReport::End::kKept);
  EXPECT_NE(report.problem.find("may be opened"), std::string::npos) << report.problem;
  EXPECT_EQ(engines_[0]->Info().role, "primary");
  EXPECT_EQ(engines_[1]->Info().role, "replica");
  EXPECT_GT(writer.acknowledged(), 100);
}

// What a stopped process has not received is found out with writes paused, and they go on.
TEST_P(Handovers, CandidateThatStopsReceivingLeavesEverythingAsItWas) {
  Ready(1, 2);
  Writer writer({AddressOf(requests_[0])});
  ASSERT_TRUE(Eventually([&] { return writer.acknowledged() > 100; }));
  kill(engines_[1]->pid(), SIGSTOP);
  const HandoverReport report = HandOver(0, 1, 2);
  kill(engines_[1]->pid(), SIGCONT);
  EXPECT_EQ(report.end, HandoverReport::End::kKept);
  EXPECT_NE(report.problem, "");
  const int before = writer.acknowledged();
  EXPECT_TRUE(Eventually([&] { return writer.acknowledged() > before + 100; }));
  EXPECT_EQ(engines_[0]->Info().role, "primary");
  EXPECT_EQ(engines_[1]->Info().role, "replica");
}

// Given up with writes paused, they go on at once and not when the pause would have ended.
TEST_P(Handovers, OneThatIsCalledOffLastMinuteLeavesEverythingAsItWas) {
  Ready(1, 2);
  Writer writer({AddressOf(requests_[0])});
  ASSERT_TRUE(Eventually([&] { return writer.acknowledged() > 100; }));
  EngineLink own({.address = AddressOf(requests_[0]), .password = requests_[0].internal_password});
  HandoverPlan plan{.candidate = AddressOf(requests_[1]), .epoch = 2, .pause = Pause()};
  *plan.called_off = true;
  const HandoverReport report = CarryOutHandover(own, plan);
  EXPECT_EQ(report.end, HandoverReport::End::kKept);
  EXPECT_EQ(report.problem, "called off");
  EXPECT_TRUE(report.all_restored);
  const int before = writer.acknowledged();
  EXPECT_TRUE(Eventually([&] { return writer.acknowledged() > before + 100; }));
  writer.Stop();
  EXPECT_LT(writer.longest_gap(), kPauseBudget / 2);
  EXPECT_EQ(engines_[0]->Info().role, "primary");
  EXPECT_EQ(engines_[1]->Info().role, "replica");
}

std::string Bulk(const std::string& text) { return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n"; }

// As when the thread stands still between the last look and the demotion until the pause has ended: a candidate that
// says it has all there was, and one more write after that.
TEST_P(Handovers, CandidateThatLacksWhatWasWrittenAfterThePauseIsNotOpened) {
  const auto info = engines_[0]->Info();
  const Address own_address = AddressOf(requests_[0]);
  const std::string answers = "role:slave\r\nmaster_host:" + own_address.host +
                              "\r\nmaster_port:" + std::to_string(own_address.port) +
                              "\r\nmaster_link_status:up\r\nmaster_replid:" + info.replication_id +
                              "\r\nmaster_repl_offset:" + std::to_string(info.replication_offset + 1) +
                              "\r\nslave_repl_offset:" + std::to_string(info.replication_offset + 1) + "\r\n";
  const std::string ready = "id=3 name=" + ReadyName(2) + " user=" + engine::kInternalUser + "\n";
  const auto before = [&](std::size_t number) {
    if (number != 3) return;  // the last look
    engines_[0]->Internal({"CONFIG", "SET", "min-replicas-to-write", "0"});
    engines_[0]->Internal({"CLIENT", "UNPAUSE"});
    EXPECT_EQ(engines_[0]->Internal({"SET", "late", std::string(1000, 'x')}).text, "OK");
  };
  const resp::ScriptedEngine candidate({"+OK\r\n", Bulk(answers), Bulk(ready), Bulk(answers), ""}, before);
  EngineLink own({.address = own_address, .password = requests_[0].internal_password});
  const HandoverReport report =
      CarryOutHandover(own, {.candidate = {candidate.address(), candidate.port()}, .epoch = 2, .pause = Pause()});
  EXPECT_EQ(report.end, HandoverReport::End::kUnknown);
  EXPECT_FALSE(report.complete);
  EXPECT_NE(report.problem.find("it lacks up to 10"), std::string::npos) << report.problem;
  EXPECT_EQ(engines_[0]->Info().role, "replica");
}

TEST_P(Handovers, RefusalThatADeadAgentLeftIsTakenBack) {
  const ConfigRequest& request = requests_[0];
  ASSERT_EQ(engines_[0]->Internal({"CONFIG", "SET", "min-replicas-to-write", "999"}).text, "OK");
  EXPECT_TRUE(engines_[0]->Anybody({"SET", "k", "v"}).text.starts_with("NOREPLICAS"));
  EngineLink own({.address = AddressOf(request), .password = request.internal_password});
  ASSERT_TRUE(TakeBackRefusal(own, {.by_command = false}).ok());
  EXPECT_EQ(engines_[0]->Anybody({"SET", "k", "v"}).text, "OK");
  ASSERT_EQ(engines_[0]->Internal({"CONFIG", "SET", "min-replicas-to-write", "1"}).text, "OK");
  ASSERT_TRUE(TakeBackRefusal(own, {.by_command = false}).ok());
  EXPECT_EQ(Setting(0, "min-replicas-to-write"), "1");
}

TEST_P(Handovers, TimerThatADeadAgentHurriedIsCalmedAgain) {
  for (const char* hz : {"500", "1"}) {
    ASSERT_EQ(engines_[0]->Internal({"CONFIG", "SET", "dynamic-hz", "no"}).text, "OK");
    ASSERT_EQ(engines_[0]->Internal({"CONFIG", "SET", "hz", hz}).text, "OK");
    EngineLink own({.address = AddressOf(requests_[0]), .password = requests_[0].internal_password});
    ASSERT_TRUE(TakeBackLeftovers(own, {.by_command = false}).ok());
    EXPECT_EQ(Setting(0, "hz"), "10");
    EXPECT_EQ(Setting(0, "dynamic-hz"), "yes");
  }
}

}  // namespace
}  // namespace cacheplane::agent
