// The thread that owns the Reconciler. Signals from any thread are merged and never block; their number is bounded by
// the number of clusters and agents.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "controlplane/ports/signals.h"
#include "controlplane/reconcile/reconciler.h"

namespace cacheplane::reconcile {

class Loop final : public ports::ReconcileSignal {
 public:
  // Starts at Start; everything is looked at once then, and again every `sweep`, which is also when what is too old
  // leaves the journal.
  Loop(Ports ports, decide::Policy policy, std::chrono::milliseconds sweep = std::chrono::seconds(30));
  ~Loop() override;

  void Start();
  // Ends the thread after the pass under way.
  void Stop();

  void ClusterChanged(const model::ClusterUid& cluster) override;
  void AssignmentsChanged(const model::ClusterUid& cluster) override;
  void AgentChanged(const model::AgentName& agent) override;
  void RouterChanged() override;

  std::uint64_t passes() const { return passes_.load(); }

 private:
  void Run();
  // Moves what was signalled into the reconciler. Returns false to stop.
  bool Collect(std::optional<MonoTime> wake);
  void Sweep();
  void Signal(const std::function<void()>& change);
  bool Signalled() const;  // with the lock held

  Ports ports_;
  Reconciler reconciler_;
  const std::chrono::milliseconds sweep_;
  MonoTime next_sweep_;
  std::atomic<std::uint64_t> passes_ = 0;

  std::mutex mutex_;
  std::condition_variable woken_;
  std::set<model::ClusterUid> clusters_;
  std::set<model::ClusterUid> reassigned_;
  std::set<model::AgentName> agents_;
  bool routers_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace cacheplane::reconcile
