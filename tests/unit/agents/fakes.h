// Fakes and builders that the tests of agents/ share.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "common/clock.h"
#include "controlplane/agents/messages.h"
#include "controlplane/ports/signals.h"

namespace cacheplane::test {

// Stands still until advanced. Thread-safe.
class ManualClock final : public Clock {
 public:
  WallTime Now() const override { return FromUnixMillis(1'700'000'000'000 + millis_); }
  MonoTime Mono() const override { return MonoTime(std::chrono::milliseconds(1'000'000 + millis_)); }
  void Advance(std::chrono::milliseconds time) { millis_ += time.count(); }

 private:
  std::atomic<std::int64_t> millis_ = 0;
};

class CountingSignal final : public ports::ReconcileSignal {
 public:
  void ClusterChanged(const model::ClusterUid&) override {}
  void AssignmentsChanged(const model::ClusterUid&) override {}
  void AgentChanged(const model::AgentName&) override { ++agent_changes; }
  void RouterChanged() override { ++router_changes; }

  std::atomic<int> agent_changes = 0;
  std::atomic<int> router_changes = 0;
};

inline model::NodeFacts FactsOf(const std::string& name, std::int64_t offset = 0) {
  model::NodeFacts facts;
  facts.node = model::NodeName(name);
  facts.incarnation = model::Incarnation("inc-" + name);
  facts.process = model::ProcessState::kRunning;
  facts.replication_offset = offset;
  return facts;
}

inline model::Assignment AssignmentOf(const std::string& name, std::uint64_t epoch = 1) {
  model::Assignment assignment;
  assignment.node = model::NodeName(name);
  assignment.incarnation = model::Incarnation("inc-" + name);
  assignment.epoch = {epoch};
  assignment.address = {"127.20.0.5", 6379};
  assignment.engine = "valkey";
  assignment.internal_password = "secret";
  return assignment;
}

inline agents::AgentReport WholeReport(std::vector<model::NodeFacts> nodes) {
  return {.revision = 0, .whole = true, .needs_whole_set = false, .nodes = std::move(nodes)};
}

inline agents::AgentReport PartialReport(std::vector<model::NodeFacts> nodes) {
  return {.revision = 0, .whole = false, .needs_whole_set = false, .nodes = std::move(nodes)};
}

}  // namespace cacheplane::test
