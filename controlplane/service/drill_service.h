// DrillService: faults on purpose. Unlike the other services it waits for machines, so it answers through a callback.
// Called by api/ from any thread. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/ports/drills.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/signals.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/drill_plan.h"

namespace cacheplane::service {

class DrillService {
 public:
  using Done = std::function<void(Result<Drill>)>;

  // The references must outlive the service, and whoever answers for an agent must have answered before it ends.
  DrillService(ports::Store& store, const ports::FactSource& facts, ports::FaultSender& faults,
               ports::JournalSignal& journal, const Clock& clock);

  // Puts an event on every cluster that is hit, orders the faults, and calls `done` once, from any thread, when every
  // agent has answered. Errors as PrepareDrill; kFailedPrecondition also while a cluster has a drill under way, and
  // when an agent cannot do it or does not answer.
  void StartDrill(const StartDrillRequest& request, Done done);

 private:
  struct Order;

  // The drill has its events, and its clusters are taken until its end.
  Result<Drill> Begin(const StartDrillRequest& request);
  Result<Drill> Rehearse(const StartDrillRequest& request);
  Status CheckNoneUnderWay(const Drill& drill) const;  // with the lock held
  void Answered(const std::shared_ptr<Order>& order, const model::AgentName& agent, const Status& status);
  void Finish(const Order& order);
  static void AppendEvents(ports::Transaction& transaction, const Drill& drill, const std::string& message,
                           WallTime now);

  ports::Store& store_;
  const ports::FactSource& facts_;
  ports::FaultSender& faults_;
  ports::JournalSignal& journal_;
  const Clock& clock_;
  std::mutex mutex_;
  // Cluster -> the end of its latest drill. In memory alone: after a restart agents refuse a second fault of the same
  // process or host by themselves, and another one of that cluster is made beside it.
  std::map<std::string, MonoTime> until_;
};

}  // namespace cacheplane::service
