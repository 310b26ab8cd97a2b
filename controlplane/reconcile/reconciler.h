// The reconciler: for every cluster that may need something, load → decide → apply, until nothing changes. It has no
// thread and no timer of its own, so the simulator runs this very code in virtual time; reconcile/loop.h runs it in
// production.
#pragma once

#include <optional>
#include <set>

#include "common/clock.h"
#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"
#include "controlplane/ports/change_queue.h"
#include "controlplane/ports/dispatch.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/leases.h"
#include "controlplane/ports/secrets.h"
#include "controlplane/ports/signals.h"
#include "controlplane/ports/store.h"
#include "controlplane/reconcile/execute.h"
#include "controlplane/reconcile/load.h"

namespace cacheplane::reconcile {

struct Ports {
  ports::Store& store;
  const ports::FactSource& facts;
  ports::Dispatcher& dispatcher;
  ports::JournalSignal& journal;
  const ports::Secrets& secrets;
  ports::Identifiers& identifiers;
  const Clock& clock;
  ports::Leases& leases;
  ports::ChangeQueue& queue;
};

// Not thread-safe: one thread owns it.
class Reconciler {
 public:
  Reconciler(Ports ports, decide::Policy policy);

  // To be looked at in the next Run.
  void MarkCluster(const model::ClusterUid& cluster) { clusters_.insert(cluster); }
  // Its agents are sent their assignments in the next Run.
  void MarkAssignments(const model::ClusterUid& cluster) { reassigned_.insert(cluster); }
  // The clusters that depend on the agent are looked at; an agent new to us is sent its assignments.
  void MarkAgent(const model::AgentName& agent) { agents_.insert(agent); }
  void MarkRouters() { routers_ = true; }
  // The clusters of agents that have fallen silent or been heard again since it was last asked: nobody signals either.
  void MarkSilent();
  // To be called more often than every Policy::own_pause, so that this process's own pauses are not taken for silence.
  // Returns the present instant.
  MonoTime NoteAlive();
  // Everything, as after a start.
  void MarkAll() { all_ = true; }

  // Works until nothing marked is left. Returns when to Run again though nothing was marked; nothing: never.
  std::optional<MonoTime> Run();

  std::uint64_t passes() const { return passes_; }

 private:
  std::optional<decide::ClusterView> Look(ports::Transaction& tx, const ports::FactSnapshot& facts,
                                          const model::ClusterUid& uid, Instant now) const;
  void NoteBreak(bool cut_off, MonoTime now);
  ports::FactSnapshot Facts() const;
  void ExpandMarks();
  void ForgetErased(const model::AgentName& agent);
  void Pass(const model::ClusterUid& uid);
  bool NeedsWrite(const decide::ClusterView& view, const decide::Step& step) const;
  void ExecutePass(const model::ClusterUid& uid, const ports::FactSnapshot& facts, Instant now);
  Status PublishAtOnce(ports::Transaction& tx, const decide::ClusterView& view, Outcome& outcome);
  bool CloseLease(const decide::Step& step, const decide::ClusterView& view);
  void AfterCommit(const decide::ClusterView& before, const Outcome& outcome);
  void Settle(const model::ClusterUid& uid, const decide::ClusterView& view, const decide::Step& step, MonoTime now);
  void SendUnsent();
  void SendAssignments(const model::AgentName& agent);
  void SendEndpointMap();

  Ports ports_;
  decide::Policy policy_;
  std::set<model::ClusterUid> clusters_;
  std::set<model::ClusterUid> reassigned_;
  std::set<model::AgentName> agents_;
  std::set<model::AgentName> silent_;
  bool routers_ = false;
  bool all_ = true;
  std::map<model::ClusterUid, MonoTime> rechecks_;
  MonoTime last_run_;
  MonoTime last_alive_;
  MonoTime listening_since_;
  MonoTime unbroken_since_;            // most hosts have been heard, and this ran, without a break
  std::set<model::AgentName> unsent_;  // whose assignments have changed in the store
  bool map_unsent_ = false;
  MonoTime sent_at_{};
  std::set<model::AgentName> assigned_;    // have been sent their assignments
  std::set<model::ClusterUid> unplaced_;   // wait for any host
  std::set<model::ClusterUid> unsettled_;  // not available, or changing: may wait for a router
  std::uint64_t passes_ = 0;
};

}  // namespace cacheplane::reconcile
