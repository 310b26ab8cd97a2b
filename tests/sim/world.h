// The simulated installation: the production service, decide and reconcile code over a store in memory, fake hosts and
// routers, users who retry, and seeded faults. First a phase with faults, in which the invariants of safety are checked
// after every event; then one without, at whose end everything must have come out right.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controlplane/ports/dispatch.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/leases.h"
#include "controlplane/ports/secrets.h"
#include "controlplane/ports/signals.h"
#include "controlplane/reconcile/reconciler.h"
#include "controlplane/service/cluster_service.h"
#include "tests/sim/fake_agent.h"
#include "tests/sim/faulty_store.h"
#include "tests/sim/schedule.h"
#include "tests/support/memory_store.h"

namespace cacheplane::sim {

// Which faults a run has, and how often, per simulated second; drawn from the seed, so that some runs know only some of
// them (swarm testing).
struct Faults {
  double control_plane_death = 0;  // at each commit
  double agent_death = 0;
  double engine_death = 0;
  double session_loss = 0;
  double router_death = 0;
  double disk_loss = 0;
  double repeat = 0;          // of a message
  std::int64_t slowest = 20;  // milliseconds a message may take

  static Faults Draw(Schedule& schedule);
};

class World final : public ports::FactSource,
                    public ports::Dispatcher,
                    public ports::JournalSignal,
                    public ports::ReconcileSignal,
                    public ports::Secrets,
                    public ports::Identifiers,
                    public ports::Leases {
 public:
  World(std::uint64_t seed, bool keep_trace);
  ~World() override;

  // The whole story. Returns what went wrong; empty when nothing did.
  std::string Run();

  Schedule& schedule() { return schedule_; }
  // Rare states that were visited, to show that the faults reach them.
  const std::set<std::string>& sometimes() const { return sometimes_; }

  // What the control plane calls.
  ports::FactSnapshot Snapshot() const override { return facts_; }
  std::vector<model::AgentName> Silent(MonoTime) const override { return {}; }
  std::chrono::milliseconds LeftOf(const model::Incarnation&) const override {
    return std::chrono::milliseconds::max();
  }
  bool Close(const model::Incarnation&, model::Epoch) override { return false; }
  void Reopen(const model::Incarnation&, model::Epoch) override {}
  void Assume(const model::Incarnation&) override {}
  void Assign(const model::AgentName& agent, const std::vector<model::Assignment>& assignments) override;
  void Publish(const model::EndpointMap& map) override;
  void JournalGrew() override {}
  void ClusterChanged(const model::ClusterUid& cluster) override;
  void AgentChanged(const model::AgentName& agent) override;
  void RouterChanged() override;
  std::string EnginePassword(const model::ClusterUid&) const override { return "secret"; }
  std::string New(const char* prefix) override { return prefix + std::string("-") + std::to_string(++last_id_); }

 private:
  // What a user wants done, and goes on asking for until it is answered.
  struct Wish {
    std::string name;
    bool create = true;
    service::ClusterDraft draft;
    std::string request_id;
    bool answered = false;
  };

  void AddHosts();
  void AddWishes();
  void StartControlPlane();
  void StopControlPlane(const char* how);
  void RunReconciler();
  // Runs what belongs to the control plane's process; when it dies in there, everything in it is gone.
  void InControlPlane(const std::function<void()>& function);

  void AgentTick(const std::string& name);
  void Connect(Host& host);
  void Disconnect(Host& host);
  void Report(Host& host);
  void Deliver(const std::string& agent, std::uint64_t session, std::vector<model::Assignment> assignments);
  void RouterTick();
  void UserTick();
  void Ask(Wish& wish);
  void ClientTick();
  void FaultTick();
  bool PermitIsOut(const Host& host);
  void LoseDisk(Host& host);

  void CheckSafety();
  void CheckOnePrimary();
  void CheckAvailableIsTrue();
  std::string CheckLiveness();
  std::string CheckCluster(const model::Cluster& cluster, ports::Transaction& tx);
  std::string CheckNothingLeftOver(ports::Transaction& tx);
  void Fail(const std::string& what);

  Schedule schedule_;
  Faults faults_;
  bool faulting_ = true;
  test::MemoryStore disk_;
  FaultyStore store_;
  std::map<std::string, Host> hosts_;
  ports::FactSnapshot facts_;
  std::map<model::AgentName, std::vector<model::Assignment>> latest_;
  model::EndpointMap map_;         // newest published
  model::EndpointMap served_map_;  // by the router
  bool router_up_ = true;
  std::unique_ptr<service::ClusterService> service_;
  std::unique_ptr<reconcile::Reconciler> reconciler_;
  std::optional<MonoTime> wake_;
  bool woken_ = false;
  bool in_control_plane_ = false;
  std::vector<Wish> wishes_;
  std::map<std::string, model::ClusterStatus> last_status_;
  std::map<model::Incarnation, std::int64_t> last_good_;  // when an engine was last seen running, by the world itself
  std::uint64_t last_id_ = 0;
  std::uint64_t last_session_ = 0;
  std::string failure_;
  std::set<std::string> sometimes_;
};

}  // namespace cacheplane::sim
