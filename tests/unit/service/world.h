// A control plane without machines: the services over a store in memory, with hand-made facts and a clock that stands
// still until it is told otherwise.
#pragma once

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/clock.h"
#include "controlplane/service/bootstrap.h"
#include "controlplane/service/cluster_service.h"
#include "controlplane/service/operation_service.h"
#include "controlplane/service/queue.h"
#include "tests/support/memory_store.h"

namespace cacheplane::service {

class ManualClock final : public Clock {
 public:
  WallTime Now() const override { return FromUnixMillis(millis_); }
  MonoTime Mono() const override { return MonoTime(std::chrono::milliseconds(millis_)); }
  void Advance(std::chrono::milliseconds duration) { millis_ += duration.count(); }

 private:
  std::atomic<std::int64_t> millis_ = 1'700'000'000'000;
};

class CountingIdentifiers final : public ports::Identifiers {
 public:
  std::string New(const char* prefix) override { return std::string(prefix) + "-" + std::to_string(++last_); }
  model::AccessKeyId NewAccessKey() override { return model::AccessKeyId(New("AKIA")); }

 private:
  std::atomic<int> last_ = 0;
};

struct SpelledSecrets final : ports::Secrets {
  std::string EnginePassword(const model::ClusterUid&) const override { return ""; }
  std::string AccessKeySecret(const model::AccessKeyId& key) const override { return "secret of " + key.str(); }
};

struct HandMadeFacts final : ports::FactSource {
  ports::FactSnapshot Snapshot() const override { return facts; }
  std::vector<model::AgentName> Silent(MonoTime) const override { return silent; }
  ports::FactSnapshot facts;
  std::vector<model::AgentName> silent;
};

struct SignalCounter final : ports::ReconcileSignal, ports::JournalSignal {
  void ClusterChanged(const model::ClusterUid&) override { ++clusters; }
  void AssignmentsChanged(const model::ClusterUid& cluster) override { reassigned.push_back(cluster); }
  void AgentChanged(const model::AgentName&) override {}
  void RouterChanged() override {}
  void JournalGrew() override { ++journal; }

  std::atomic<int> clusters = 0;
  std::atomic<int> journal = 0;
  std::vector<model::ClusterUid> reassigned;
};

inline constexpr std::int64_t kGibibyte = 1024LL * 1024 * 1024;

inline model::Host HostOf(const std::string& name, const std::string& zone, std::int64_t memory,
                          std::vector<model::Image> images) {
  return {model::AgentName(name), zone, memory, std::move(images), "0.1.0", WallTime()};
}

struct World {
  World() { Require(EnsureDefaults(store, DevelopmentZones())); }

  // A valid request for one node, to be changed by the test.
  static CreateClusterRequest Request(const std::string& name) {
    CreateClusterRequest request;
    request.name = name;
    request.spec.node_type = "cache.t4g.small";
    return request;
  }

  void AddHost(const model::Host& host) {
    Require(store.Write([&](ports::Transaction& transaction) -> Status {
      transaction.hosts().PutHost(host);
      return {};
    }));
  }

  // Every event's message, oldest first.
  std::vector<std::string> Events() {
    std::vector<std::string> messages;
    store.Read([&](ports::Transaction& transaction) {
      for (const model::Event& event : transaction.journal().Events({})) messages.push_back(event.message);
    });
    return messages;
  }

  // Changes a stored cluster as reconcile/ does.
  void SetStatus(const std::string& name, model::ClusterStatus status) {
    Require(store.Write([&](ports::Transaction& transaction) -> Status {
      model::Cluster cluster = *transaction.clusters().Find(name);
      cluster.status = status;
      return transaction.clusters().Update(cluster);
    }));
  }

  void RemoveRow(const std::string& name) {
    Require(store.Write([&](ports::Transaction& transaction) -> Status {
      transaction.clusters().Remove(transaction.clusters().Find(name)->uid);
      return {};
    }));
  }

  static void Require(const Status& status) {
    if (!status.ok()) throw std::runtime_error(status.error().message);
  }

  test::MemoryStore store;
  HandMadeFacts facts;
  SignalCounter signals;
  CountingIdentifiers identifiers;
  ManualClock clock;
  ClusterService clusters{store, facts, {signals, signals}, identifiers, clock};
  ChangeQueue queue{facts, clock};
  OperationService operations{store, {signals, signals}, clock};
};

}  // namespace cacheplane::service
