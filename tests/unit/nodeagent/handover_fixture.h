// Two real engines, one following the other, and a writer that never pauses.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cache-engine/drivers/acl.h"
#include "nodeagent/decide/handover.h"
#include "nodeagent/supervisor/handover.h"
#include "tests/unit/drivers/real_engine.h"
#include "tests/unit/nodeagent/restless_writer.h"

namespace cacheplane::agent {

using engine::ConfigRequest;
using engine::Eventually;
using engine::RealEngine;
using engine::TestImage;
using std::chrono::milliseconds;

inline std::vector<TestImage> Images() {
  std::vector<TestImage> images;
  for (const TestImage& image : engine::TestImages()) {
    const std::string name = TestName(image);
    if (name.starts_with("valkey_8_0") || name.starts_with("redis_6_0") || name.starts_with("redis_7_0")) {
      images.push_back(image);
    }
  }
  return images;
}

inline Address AddressOf(const ConfigRequest& request) { return {request.listen.address, request.listen.port}; }

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
    EXPECT_EQ(engines_[candidate]->Internal(engine::AdmitOpener(epoch, requests_[candidate].internal_password)).text,
              "OK");
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

}  // namespace cacheplane::agent
