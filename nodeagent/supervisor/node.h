// One node incarnation on this host: looks, asks DecideNode, carries out one step, and looks again.
#pragma once

#include <cstdint>
#include <filesystem>
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
#include "nodeagent/supervisor/event_loop.h"
#include "nodeagent/supervisor/home.h"

namespace cacheplane::agent {

class Node;

// What all nodes of an agent share.
struct NodeContext {
  EventLoop& loop;
  Home& home;
  std::filesystem::path images{};                    // root of the engine images
  std::filesystem::path launcher{};                  // the cache-engine program
  std::uint32_t uid_base = 0;                        // 0: engines run as the agent's user
  std::function<void(const Node&)> changed{};        // its fact may have changed
  std::function<bool(const Node&)> sibling_alive{};  // another incarnation of the same node has a process
};

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
  // Nothing of it is left here, and nobody asks for it.
  bool Forgettable() const { return !assignment_ && !HasProcess() && !directory_.Exists(); }
  // Its state on disk cannot be read: it is reported, and nothing is done to it.
  bool Broken() const { return !broken_.empty(); }
  bool StoppedCleanly() const { return !HasProcess() && !Broken() && saved_.clean_stop_epoch == saved_.epoch; }
  std::uint64_t epoch() const { return saved_.epoch; }
  NodeFact Fact() const;
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
  Status Carry(const StopEngine& step);
  Status Carry(const EraseDirectory& step);
  Status Carry(const Waiting& step);
  Status Carry(const Blocked& step);
  Status Carry(const Converged& step);

  // Parts of a start, in this order (node_start.cc).
  std::uint32_t Uid() const;
  Result<launcher::Spec> MakeSpec(const StartEngine& step) const;
  Status PersistStart(const StartEngine& step, std::uint32_t uid);
  Status Spawn(const launcher::Spec& spec);

  Status AttachTo(const ProcessId& process, bool child, const launcher::Spec& spec);
  Status Adopt(const ProcessId& process);
  bool KillStrays();
  Status Persist(SavedState state);

  void Replicate(std::vector<std::string> command);
  Status RequestSave();
  // Durable when it returns: what the engine saves from now on is of no stop.
  Status ForgetRequest();
  void DropStop();
  void OnSaveAnswer(const CommandResult& result);
  void OnChanged();
  void OnGone(const ExitStatus& status);
  // `by_itself`: nothing is known of a signal or an error that ended it.
  void FinishStop(const ProcessId& process, bool by_itself);

  NodeContext& context_;
  const std::string node_;
  const std::string incarnation_;
  const NodeDirectory directory_;

  std::optional<Assignment> assignment_;
  SavedState saved_;
  std::string broken_;  // state.json cannot be read: nothing is done here
  std::unique_ptr<Engine> engine_;

  std::optional<Decision> decision_;  // the latest
  bool command_under_way_ = false;
  bool killed_ = false;  // by this agent
  StopStage stop_ = StopStage::kNone;
  MonoTime stop_since_;
  MonoTime stop_retry_;
  int quick_ends_ = 0;
  MonoTime last_end_;
  MonoTime pause_until_;
  EventLoop::Id timer_ = 0;
  std::string exit_reason_;
  std::string failure_;  // of the latest step
};

}  // namespace cacheplane::agent
