// The control plane's process: the production service, reconciler and leases over a store that outlives it, and its
// ends of the sessions as controlplane/agents keeps them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controlplane/agents/lease_book.h"
#include "controlplane/ports/dispatch.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/secrets.h"
#include "controlplane/ports/signals.h"
#include "controlplane/ports/trials.h"
#include "controlplane/reconcile/reconciler.h"
#include "controlplane/service/cluster_service.h"
#include "controlplane/service/fleet_service.h"
#include "controlplane/service/operation_service.h"
#include "controlplane/service/parameter_group_service.h"
#include "controlplane/service/queue.h"
#include "tests/sim/agent.h"
#include "tests/sim/faulty_store.h"
#include "tests/sim/session.h"
#include "tests/support/memory_store.h"

namespace cacheplane::sim {

class ControlPlane final : public ports::FactSource,
                           public ports::Dispatcher,
                           public ports::JournalSignal,
                           public ports::ReconcileSignal,
                           public ports::Secrets,
                           public ports::TrialSender,
                           public ports::Identifiers,
                           public Uplink {
 public:
  explicit ControlPlane(Reality& reality);
  ~ControlPlane() override;

  test::MemoryStore disk;
  FaultyStore store;
  std::function<void(const model::EndpointMap&)> published = [](const model::EndpointMap&) {};
  std::uint64_t deaths = 0;

  bool up() const { return reconciler_ != nullptr; }
  service::ClusterService* service() { return service_.get(); }
  service::OperationService* operations() { return operations_.get(); }
  service::FleetService* fleet() { return fleet_.get(); }
  service::ParameterGroupService* parameter_groups() { return parameter_groups_.get(); }
  // Runs what belongs to its process; when it dies in there, everything in it is gone, and it starts again later.
  void In(const std::function<void()>& function);
  void Start();
  void Stop(const char* how, std::int64_t for_millis);
  // To be called after every event.
  void RunReconciler();
  void HearRouter(std::uint64_t served_version);
  void LoseRouter();
  // The agent's process, or its whole host, is gone: only the former is noticed.
  void AgentGone(const std::string& host, bool noticed);
  // Its session breaks at both ends.
  void BreakSession(const std::string& host);

  // What the control plane calls.
  ports::FactSnapshot Snapshot() const override { return facts_; }
  std::vector<model::AgentName> Silent(MonoTime since) const override;
  void Assign(const model::AgentName& agent, const std::vector<model::Assignment>& assignments) override;
  void Publish(const model::EndpointMap& map) override;
  // Engines here take everything.
  void Try(const model::AgentName& agent, const ports::Trial& trial, std::function<void(Status)> answered) override;
  void JournalGrew() override {}
  void ClusterChanged(const model::ClusterUid& cluster) override;
  void AssignmentsChanged(const model::ClusterUid& cluster) override;
  void AgentChanged(const model::AgentName& agent) override;
  void RouterChanged() override;
  std::string EnginePassword(const model::ClusterUid&) const override { return "secret"; }
  std::string AccessKeySecret(const model::AccessKeyId&) const override { return "secret"; }
  std::string New(const char* prefix) override { return prefix + std::string("-") + std::to_string(++last_id_); }
  model::AccessKeyId NewAccessKey() override { return model::AccessKeyId(New("AKIA")); }

  // What agents call.
  bool Connected(const std::string& host) override;
  bool Connect(const std::string& host) override;
  void Ask(const std::string& host, std::uint64_t sequence) override;
  void Report(const std::string& host, const NodeReport& facts) override;

 private:
  void Tick(std::uint64_t life);
  void Greet(const std::shared_ptr<Session>& session);
  void Hear(const std::shared_ptr<Session>& session);
  void Offer(const std::shared_ptr<Session>& session, const std::vector<model::Assignment>& assignments);
  agent::LeaseGrant GrantFor(const Session& session);
  void RenewMeanwhile();
  void Leave(const std::shared_ptr<Session>& session);
  void End(const std::shared_ptr<Session>& session);
  bool Current(const Session& session) const;
  // What arrives at this end of an ended session ends the other end.
  void Arrive(const std::shared_ptr<Session>& session, const std::function<void()>& function);
  void ToAgent(const std::shared_ptr<Session>& session, std::function<void(Agent&)> function);

  Reality& reality_;
  std::unique_ptr<agents::LeaseBook> leases_;
  std::unique_ptr<service::ChangeQueue> queue_;
  std::unique_ptr<service::ClusterService> service_;
  std::unique_ptr<service::OperationService> operations_;
  std::unique_ptr<service::FleetService> fleet_;
  std::unique_ptr<service::ParameterGroupService> parameter_groups_;
  std::unique_ptr<reconcile::Reconciler> reconciler_;
  ports::FactSnapshot facts_;
  std::map<std::string, std::vector<model::Assignment>> latest_;  // by host
  std::map<std::string, std::shared_ptr<Session>> sessions_;      // its ends, by host
  std::map<std::string, std::shared_ptr<Session>> agents_;        // the agents' ends
  std::optional<MonoTime> wake_;
  bool woken_ = false;
  std::uint64_t life_ = 0;
  std::int64_t next_sweep_ = 0;
  std::uint64_t last_id_ = 0;
  std::uint64_t last_session_ = 0;
};

}  // namespace cacheplane::sim
