// One node incarnation on this host: looks, asks DecideNode, carries out one step, and looks again.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cache-engine/launcher/spec.h"
#include "nodeagent/decide/assignment.h"
#include "nodeagent/decide/decision.h"
#include "nodeagent/decide/facts.h"
#include "nodeagent/decide/local_state.h"
#include "nodeagent/supervisor/engine.h"
#include "nodeagent/supervisor/handover.h"
#include "nodeagent/supervisor/node_context.h"
#include "nodeagent/supervisor/open_hooks.h"
#include "nodeagent/supervisor/running_settings.h"

namespace cacheplane::agent {

class Node {
 public:
  Node(NodeContext& context, const std::string& node, const std::string& incarnation);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  const std::string& name() const { return node_; }
  const std::string& incarnation() const { return incarnation_; }

  // Reads what is on disk and takes over the process that is still there. Call once, first.
  void Load();
  // nullopt: no assignment names it; it is left alone and reported.
  void Assign(std::optional<Assignment> assignment);

  bool Assigned() const { return assignment_.has_value(); }
  bool HasProcess() const { return engine_ != nullptr; }
  const Engine* engine() const { return engine_.get(); }  // null without a process
  // Nothing of it is left here, and nobody asks for it.
  bool Forgettable() const { return !assignment_ && !HasProcess() && !directory_.Exists(); }
  // Its state on disk cannot be read: it is reported, and nothing is done to it.
  bool Broken() const { return !broken_.empty(); }
  bool StoppedCleanly() const { return !HasProcess() && !Broken() && saved_.clean_stop_epoch == saved_.epoch; }
  std::uint64_t epoch() const { return saved_.epoch; }
  NodeFact Fact() const;
  // nullopt: it is neither open nor assigned to be, or has no process.
  std::optional<OpenPrimary> AsOpenPrimary() const;
  // Its engine listens there, lives, and has not said that it is a replica, or may be opened at any moment.
  bool MayBeOpenAt(const Address& address) const;
  // There is nothing to say of it yet that would not take back what was known.
  bool Unasked() const { return engine_ != nullptr && engine_->Unasked(); }

 private:
  LocalState View() const;
  EngineIdentity Identity() const;
  void Reconcile();
  void ReconcileAt(MonoTime time);
  // A step that failed: says why, and tries again in a second.
  void Fail(const Error& error);

  Status Carry(const StartEngine& step);
  Status Carry(const OpenAsPrimary& step);
  Status Carry(const Follow& step);
  Status Carry(const LeaveDonor& step);
  Status Carry(const AcceptHandover& step);
  Status Carry(const DismissOpener& step);
  Status Carry(const HandOver& step);
  Status Carry(const CutClients& step);
  Status Carry(const ApplyParameters& step);
  Status Carry(const StopEngine& step);
  Status Carry(const EraseDirectory& step);
  Status Carry(const Waiting& step);
  Status Carry(const Blocked& step);
  Status Carry(const Converged& step);

  // Parts of a start, in this order (node_start.cc).
  std::uint32_t Uid() const;
  // Of the assignment; `primary` is what it starts as replica of.
  engine::ConfigRequest Config(const std::optional<Address>& primary) const;
  Result<launcher::Spec> MakeSpec(const StartEngine& step) const;
  Status PersistStart(const StartEngine& step, std::uint32_t uid);
  Status Spawn(const launcher::Spec& spec);
  Status AttachTo(const ProcessId& process, bool child, const launcher::Spec& spec);
  Status Adopt(const ProcessId& process);
  bool KillStrays();
  Status Persist(SavedState state);

  void Tell(std::vector<std::string> command, std::function<void()> told = {});
  bool FoundOpen() const;
  bool AssignedPrimary() const;
  bool HandsOver() const;
  bool MayOpen();  // what says no is reported, and asked again soon
  WritePause PauseOf() const;
  void OnHandedOver(std::uint64_t epoch, const HandoverReport& report);
  bool TakesBackLeftovers();
  void Depose(const Address& primary);
  void AskSuccessor();
  void OnSuccessor(const engine::ReplicationInfo& successor);
  void NoteDonor();
  void AfterDonor(const LeaveDonor& step, bool near);
  void NoteOpenness();  // tells the hooks when it is not open any more
  Status RequestSave();
  // Durable when it returns: what the engine saves from now on is of no stop.
  Status ForgetRequest();
  void NoteLostStop();
  void DropStop();
  void OnSaveAnswer(const CommandResult& result);
  void OnChanged();
  void OnGone(const ExitStatus& status);
  void NoteEnd(const ExitStatus& status);
  // `by_itself`: nothing is known of a signal or an error that ended it.
  void FinishStop(const ProcessId& process, bool by_itself);

  NodeContext& context_;
  const std::string node_;
  const std::string incarnation_;
  const NodeDirectory directory_;

  std::optional<Assignment> assignment_;
  SavedState saved_;
  std::optional<SavedData> saved_data_;  // as when the present process started, or the last one ended
  std::string broken_;                   // state.json cannot be read: nothing is done here
  std::unique_ptr<Engine> engine_;

  std::optional<Decision> decision_;  // the latest
  bool command_under_way_ = false;
  bool may_be_open_ = false;  // permitted, or found open
  RunningSettings settings_;  // of the present process
  bool took_part_ = false;    // the present process was seen open, or in sync: what it holds is the shard's
  std::optional<MonoTime> donor_idle_since_;             // the present process follows its donor, and gets nothing
  std::optional<MonoTime> synced_since_;                 // with its donor
  std::shared_ptr<std::atomic<bool>> donor_called_off_;  // while it is looked at
  std::uint64_t accepting_epoch_ = 0;
  bool leftovers_possible_ = false;                         // of a handover: a refusal of all writes, a hurried timer
  std::shared_ptr<std::atomic<bool>> handover_called_off_;  // of the one under way
  std::string handover_problem_;
  std::int64_t handover_us_ = 0;
  std::uint64_t handed_over_epoch_ = 0;
  std::optional<LastWord> deposed_;  // its successor is to be asked
  int ask_tries_ = 0;
  std::int64_t diverged_bytes_ = -1;
  EventLoop::Id ask_timer_ = 0;
  bool killed_ = false;  // by this agent
  StopStage stop_ = StopStage::kNone;
  MonoTime stop_since_;
  MonoTime stop_retry_;
  std::optional<MonoTime> stop_unanswered_;  // when its connection ended without an answer
  int quick_ends_ = 0;
  MonoTime last_end_;
  MonoTime pause_until_;
  EventLoop::Id timer_ = 0;
  std::string exit_reason_;
  bool out_of_memory_ = false;
  LastWord last_;        // of the process that ended last, none once another one was started
  std::string failure_;  // of the latest step
};

}  // namespace cacheplane::agent
