// What must never happen, looked at after every event and at every commit. It sees reality and the store, and nothing
// of what agents and the control plane believe.
//
//   - never two engines of a shard that would acknowledge a client's write, whatever their state
//   - epochs rise with every change of primary, endpoint maps with every change; none is ever empty
//   - whoever is committed as primary has its endpoint by the same commit, unless it waits for a handover
//   - once a successor has acknowledged a write, whom it replaced never does again
//   - a handover loses no acknowledged write
//   - a failover loses none that a replica held which could have been chosen, and none that the chosen one held when it
//     was chosen, and none that every replica held while the chosen process ran; what it does lose is counted
//   - no primary is opened empty while an engine of its shard holds acknowledged writes
//   - whoever is permitted to start as primary when nobody holds data starts with the newest that the heard nodes saved
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "controlplane/model/assignment.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/store.h"
#include "tests/sim/reality.h"

namespace cacheplane::sim {

// Policy::restore_after of the simulation: some hosts are lost for longer.
inline constexpr std::chrono::milliseconds kRestoreAfter{4000};

class Oracle final : public Observer {
 public:
  explicit Oracle(Reality& reality) : reality_(reality) {}

  void Opened(const Engine& engine, const Position& before, bool handover) override;
  void Acknowledged(const Engine& engine) override;

  // After every event.
  void CheckNow();
  // After every commit, with what the control plane knew then.
  void CheckCommit(ports::Transaction& tx, const ports::FactSnapshot& facts);
  void CheckPublished(const model::EndpointMap& map);

  void Fail(const std::string& what);
  const std::string& failure() const { return failure_; }

  std::uint64_t lost = 0;          // acknowledged writes
  std::uint64_t acknowledged = 0;  // all of them
  std::uint64_t promotions = 0;
  std::uint64_t detachments = 0;

  // In its planned role, right now.
  static bool IsGood(const Engine& engine) { return engine.open || engine.link_up; }
  // When the incarnation's engine last was.
  std::optional<std::int64_t> LastGood(const std::string& incarnation) const;

 private:
  // One cluster's only shard.
  struct Shard {
    std::vector<Position> acknowledged;  // those not lost, in order
    std::uint64_t last_opening = 0;      // of the engine that acknowledged the latest
    model::Epoch epoch;
    model::Epoch attached;
    model::NodeName primary;
    std::string primary_incarnation;
    std::string restore;  // the data that its permit names
    model::Incarnation handover;
    std::uint64_t nodes = 0;
    std::set<std::string> incarnations;  // planned; one that was removed holds nothing that counts
    // The latest promotion's choice, by its process's life.
    std::uint64_t chosen = 0;
    Position chosen_data;
    // What every replica held at one time, and the processes that did.
    Position confirmed;
    std::set<std::uint64_t> confirmed_by;
  };

  void CheckWritable();
  void NoteConfirmed();
  void CheckShard(const model::Cluster& cluster, ports::Transaction& tx, const ports::FactSnapshot& facts);
  void CheckLed(const model::Cluster& cluster, ports::Transaction& tx, const model::Address& primary);
  void CheckChoice(Shard& shard, const std::vector<model::Node>& nodes, const model::Shard& row,
                   const ports::FactSnapshot& facts);
  void CheckRestored(const Shard& shard, const std::vector<model::Node>& nodes, const model::Node& primary,
                     const ports::FactSnapshot& facts);
  std::ptrdiff_t Held(const Shard& shard, const Position& data) const;
  void CountLost(Shard& shard, const Engine& engine, const Position& before, bool handover);

  Reality& reality_;
  std::map<std::string, Shard> shards_;  // by the cluster's name
  std::map<std::string, std::int64_t> last_good_;
  std::map<std::uint64_t, model::EndpointMap> maps_;
  std::uint64_t newest_map_ = 0;
  std::string failure_;
};

}  // namespace cacheplane::sim
