// An agent's process: what it remembers goes with it. It judges with the production code of nodeagent/decide and acts
// on the simulated host as nodeagent/supervisor and nodeagent/lease do.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "controlplane/model/assignment.h"
#include "controlplane/model/facts.h"
#include "nodeagent/decide/decision.h"
#include "nodeagent/decide/handover.h"
#include "nodeagent/decide/lease.h"
#include "nodeagent/decide/local_state.h"
#include "tests/sim/agent_memory.h"
#include "tests/sim/reality.h"

namespace cacheplane::sim {

agent::Address ToAgent(const model::Address& address);
model::Address ToModel(const agent::Address& address);
agent::Assignment ToAgent(const model::Assignment& assignment);

// The one parameter of the simulation, as the group has it or by default.
std::string TimeoutIn(const std::map<std::string, std::string>& parameters);

using NodeReport = std::map<model::Incarnation, model::NodeFacts>;

// The agent's end of its session with the control plane.
class Uplink {
 public:
  virtual ~Uplink() = default;
  virtual bool Connected(const std::string& host) = 0;
  // True when a session begins; nothing is known of its success yet.
  virtual bool Connect(const std::string& host) = 0;
  virtual void Ask(const std::string& host, std::uint64_t sequence) = 0;
  virtual void Report(const std::string& host, const NodeReport& facts) = 0;
};

class Agent {
 public:
  Agent(Reality& reality, Host& host, Uplink& uplink);

  void Start();
  // Nothing more happens in it; it may still be on the stack.
  void Die() { *alive_ = false; }
  // From the control plane.
  void Take(const std::vector<model::Assignment>& assignments);
  void Take(const agent::LeaseGrant& grant);
  // From another agent: to be answered, and answers.
  bool AskedToPromise(const std::string& incarnation, std::uint64_t askers_epoch, bool lapsed);
  void Promised(std::uint64_t round, const std::string& peer);

  NodeReport Facts() const;

 private:
  // Runs while this process lives; a frozen one does it when it wakes.
  void Later(std::int64_t delay, std::function<void()> function);
  static bool Lives(const std::weak_ptr<bool>& alive) {
    const auto process = alive.lock();
    return process && *process;
  }
  std::int64_t now() const { return reality_.schedule.millis(); }
  Engine* EngineOf(const std::string& incarnation);
  const agent::Assignment* AssignmentOf(const std::string& incarnation) const;

  void Tick();
  void ConnectLater();
  void Publish(bool heartbeat);
  void Look(const std::string& incarnation);
  void NoteProcess(const std::string& incarnation, NodeMemory& node);
  void OnGone(const std::string& incarnation, NodeMemory& node);
  void Probe(const Engine& engine, NodeMemory& node);
  void NoteDonor(const Engine& engine, NodeMemory& node);
  void NoteOpenness(const std::string& incarnation, NodeMemory& node);
  void Reconcile(const std::string& incarnation, NodeMemory& node);
  agent::LocalState View(const std::string& incarnation, const NodeMemory& node);
  void Fail(NodeMemory& node, const std::string& problem, std::int64_t pause);
  void Tell(const std::string& incarnation, NodeMemory& node, Command command, std::function<void()> done = {});

  void Carry(const std::string& incarnation, const agent::StartEngine& step);
  void Carry(const std::string& incarnation, const agent::OpenAsPrimary& step);
  void Carry(const std::string& incarnation, const agent::Follow& step);
  void Carry(const std::string& incarnation, const agent::LeaveDonor& step);
  void Carry(const std::string& incarnation, const agent::AcceptHandover& step);
  void Carry(const std::string& incarnation, const agent::DismissOpener& step);
  void Carry(const std::string& incarnation, const agent::HandOver& step);
  void Carry(const std::string& incarnation, const agent::CutClients& step);
  void Carry(const std::string& incarnation, const agent::ApplyParameters& step);
  void Carry(const std::string& incarnation, const agent::StopEngine& step);
  void Carry(const std::string& incarnation, const agent::EraseDirectory& step);
  void StopWithSave(const std::string& incarnation);
  void Carry(const std::string& incarnation, const agent::Waiting& step);
  void Carry(const std::string& incarnation, const agent::Blocked& step);
  void Carry(const std::string& incarnation, const agent::Converged& step);

  // agent_facts.cc
  model::NodeFacts FactsOf(const std::string& incarnation, const NodeMemory& node) const;

  // agent_handover.cc
  void Step(const std::string& incarnation, const std::shared_ptr<Handover>& handover);
  std::string Obstacle(Handover& handover, const Engine& own, std::int64_t& took);
  void AwaitOffset(const std::string& incarnation, const std::shared_ptr<Handover>& handover, Engine& own);
  void Demote(const std::string& incarnation, const std::shared_ptr<Handover>& handover, Engine& own);
  void AwaitStragglers(const std::string& incarnation, const std::shared_ptr<Handover>& handover, Engine& own);
  void Open(const std::string& incarnation, const std::shared_ptr<Handover>& handover);
  void Finish(const std::string& incarnation, const std::shared_ptr<Handover>& handover, Handover::End end,
              const std::string& problem);

  // agent_lease.cc, as nodeagent/lease/lease_keeper.cc
  struct OpenPrimary {
    agent::LeasedNode node{};
    model::Address listen{};
    bool leased = false;
    bool alone = false;
    bool unproven = false;
    std::vector<agent::Peer> peers{};
  };
  void LeaseTick();
  std::string WhyNotOpen(const agent::Assignment& assignment);
  bool MayOpen(const std::string& incarnation, NodeMemory& node);
  void Closed(const std::string& incarnation);
  void AskForLeases();
  void Renew(bool without_lease);
  void AskPeers();
  void DropGuards();
  void Guard(const model::Address& address, BootTime end);
  std::vector<OpenPrimary> Primaries();
  bool MayBeOpenAt(const model::Address& address);

  Reality& reality_;
  Host& host_;
  Uplink& uplink_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::map<std::string, NodeMemory> nodes_;
  std::uint64_t last_command_ = 0;
  std::int64_t connect_pause_ = 50;
  bool connecting_ = false;
  std::int64_t next_heartbeat_ = 0;
  NodeReport reported_;

  agent::LeaseLedger leases_;
  agent::PromiseLedger promises_;
  bool ask_due_ = false;
  std::map<model::Address, BootTime> leased_until_;
};

}  // namespace cacheplane::sim
