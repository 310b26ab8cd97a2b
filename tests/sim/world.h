// The simulated installation: the production code over a store in memory, hosts, a router, clients, users who retry,
// and seeded faults. First a phase with faults, in which the oracle looks on at every event; then one without, at whose
// end everything must have come out right.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/control_plane.h"
#include "tests/sim/faults.h"
#include "tests/sim/oracle.h"
#include "tests/sim/reality.h"

namespace cacheplane::sim {

// What a user wants done, and goes on asking for until it is answered.
struct Wish {
  enum class Kind {
    kCreate,
    kDelete,
    kSwitchover,
    kTestFailover,
    kUpgrade,
    kScale,
    kReboot,
    kCancel,
    kDrain,
    kFreeze,
    kStop,
    kStart
  };

  Kind kind = Kind::kCreate;
  std::string name;  // of the cluster, or of the agent that is to be drained; empty: none any more
  service::ClusterDraft draft{};
  std::string request_id{};
  bool answered = false;
};

class World {
 public:
  enum class Kind { kFaulty, kHarmless, kStaged };

  World(std::uint64_t seed, Kind kind, bool keep_trace);
  ~World();

  // The whole story. Returns what went wrong; empty when nothing did.
  std::string Run();

  // For stories told by hand (Kind::kStaged): three hosts and nothing else.
  void Begin();
  void Add(Wish wish) { wishes_.push_back(std::move(wish)); }
  // Until `done`, looked at after every event; false when it did not come true within `millis`, or something is wrong.
  bool RunUntil(std::int64_t millis, const std::function<bool()>& done);
  // Why it is not as it should be at the end; empty: it is.
  std::string WhyNotRight();
  void KillAgent(Host& host, std::int64_t for_millis, bool noticed);
  void KillEngine(Host& host, const std::string& incarnation, bool save);
  // Every engine and agent at once; the agents are back within that time.
  void LoseEverything(std::int64_t within_millis);

  Schedule& schedule() { return schedule_; }
  Reality& reality() { return reality_; }
  ControlPlane& control_plane() { return control_plane_; }
  Oracle& oracle() { return oracle_; }

 private:
  void AddHosts();
  void AddWishes();
  bool RunFor(std::int64_t millis);
  void AfterEvent();

  void StartAgent(Host& host);
  void ReplicationTick();
  void RouterTick();
  void TakeMap();
  void Lead(const model::ArmedSwitch& opened);
  void ClientTick();
  void UserTick();
  void Ask(Wish& wish);
  void AddOperation();
  void AddDrain(bool begins);
  void StartTheStopped();
  void Freeze(const std::string& name, bool frozen);
  Result<service::AdmissionAnswer> Drain(const std::string& agent);
  void HelpTheImpaired();
  // Now and then the values of the group that all clusters share change.
  void ParameterTick();

  // world_faults.cc
  void FaultTick();
  void FaultControlPlane();
  void FaultHost(Host& host);
  void FaultEngines(Host& host);
  void FaultNetwork();
  void FreezeAgent(Host& host);
  void ThawAgent(Host& host);
  void LoseHost(Host& host);
  void LoseDisk(Host& host);
  bool PermitIsOut(const Host& host);
  void EndFaults();
  bool Chance(double per_second) { return schedule_.Chance(per_second / 10); }

  // world_checks.cc
  void CheckAvailableIsTrue();
  std::string WhyClusterNotRight(const model::Cluster& cluster, ports::Transaction& tx);
  std::string WhyNodeNotRight(const model::Node& node, const model::Node& primary, const model::Shard& shard,
                              const std::string& timeout);
  std::string WhatIsLeftOver(ports::Transaction& tx);
  void CheckHarmless();

  const Kind kind_;
  Schedule schedule_;
  Reality reality_;
  Oracle oracle_;
  ControlPlane control_plane_;
  Faults faults_;
  bool faulting_ = true;
  model::EndpointMap map_;         // newest published
  model::EndpointMap served_map_;  // by the router
  std::set<std::string> known_;    // incarnations that some endpoint led to
  bool router_up_ = true;
  std::vector<Wish> wishes_;
  std::uint64_t last_request_ = 0;
  int parameter_changes_ = 0;
  std::uint64_t writes_seen_ = 0;
  std::map<std::string, model::ClusterStatus> last_status_;
};

}  // namespace cacheplane::sim
