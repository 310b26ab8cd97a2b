#include "controlplane/service/drill_service.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "common/text.h"
#include "controlplane/service/cluster_form.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {

// Orders to one or more agents, until the last of them has answered.
struct DrillService::Order {
  Drill drill;
  Done done;
  std::mutex mutex{};
  std::size_t waiting = 0;
  std::vector<std::string> begun{};
  std::vector<std::string> problems{};
  bool refused = true;  // all problems are refusals: nobody who has one makes the fault
};

DrillService::DrillService(ports::Store& store, const ports::FactSource& facts, ports::FaultSender& faults,
                           ports::JournalSignal& journal, const Clock& clock)
    : store_(store), facts_(facts), faults_(faults), journal_(journal), clock_(clock) {}

void DrillService::StartDrill(const StartDrillRequest& request, Done done) {
  Result<Drill> drill = request.validate_only ? Rehearse(request) : Begin(request);
  if (!drill.ok() || request.validate_only) return done(std::move(drill));
  journal_.JournalGrew();
  auto order = std::make_shared<Order>();
  order->drill = std::move(*drill);
  order->done = std::move(done);
  order->waiting = order->drill.faults.size();
  for (const auto& [agent, fault] : order->drill.faults) {
    faults_.Send(agent, fault, [this, order, name = agent](const Status& status) { Answered(order, name, status); });
  }
}

Result<Drill> DrillService::Begin(const StartDrillRequest& request) {
  const std::scoped_lock lock(mutex_);
  Drill drill;
  const Status begun = store_.Write([&](ports::Transaction& transaction) -> Status {
    CP_ASSIGN_OR_RETURN(drill, PrepareDrill(transaction, request, facts_.Snapshot(), clock_.Mono()));
    CP_RETURN_IF_ERROR(CheckNoneUnderWay(drill));
    AppendEvents(transaction, drill, Describe(drill), clock_.Now());
    return {};
  });
  if (!begun.ok()) return begun.error();
  for (const std::string& cluster : drill.clusters) until_[cluster] = clock_.Mono() + drill.duration;
  return drill;
}

Result<Drill> DrillService::Rehearse(const StartDrillRequest& request) {
  const std::scoped_lock lock(mutex_);
  Result<Drill> drill = Drill{};
  store_.Read([&](ports::Transaction& transaction) {
    drill = PrepareDrill(transaction, request, facts_.Snapshot(), clock_.Mono());
  });
  if (drill.ok()) CP_RETURN_IF_ERROR(CheckNoneUnderWay(*drill));
  return drill;
}

Status DrillService::CheckNoneUnderWay(const Drill& drill) const {
  for (const std::string& cluster : drill.clusters) {
    const auto until = until_.find(cluster);
    if (until == until_.end() || until->second <= clock_.Mono()) continue;
    const auto left = std::chrono::ceil<std::chrono::seconds>(until->second - clock_.Mono());
    return FailedPrecondition(fmt::format("cluster: {} has a drill under way for another {} s; allowed: after it",
                                          Quoted(cluster), left.count()));
  }
  return {};
}

void DrillService::AppendEvents(ports::Transaction& transaction, const Drill& drill, const std::string& message,
                                WallTime now) {
  for (const std::string& cluster : drill.clusters) {
    transaction.journal().AppendEvent({.sequence = 0,
                                       .time = now,
                                       .source_type = EventSourceType(transaction.clusters(), cluster),
                                       .source = cluster,
                                       .message = message,
                                       .severity = model::Severity::kInfo,
                                       .cluster = cluster});
  }
}

void DrillService::Answered(const std::shared_ptr<Order>& order, const model::AgentName& agent, const Status& status) {
  {
    const std::scoped_lock lock(order->mutex);
    if (status.ok()) {
      order->begun.push_back(agent.str());
    } else {
      order->problems.push_back(fmt::format("{}: {}", agent, status.error().message));
      order->refused = order->refused && status.error().code != ErrorCode::kUnavailable;
    }
    if (--order->waiting > 0) return;
  }
  Finish(*order);
}

void DrillService::Finish(const Order& order) {
  if (order.problems.empty()) return order.done(order.drill);
  std::string message = Join(order.problems, "; ");
  if (!order.begun.empty()) {
    message += fmt::format("; under way all the same on {}", Join(order.begun, ", "));
  } else if (order.refused) {
    const std::scoped_lock lock(mutex_);
    for (const std::string& cluster : order.drill.clusters) until_.erase(cluster);
  } else {
    message += "; it may be under way all the same";
  }
  const std::string event = fmt::format("Drill {} is not made as ordered: {}", order.drill.kind, message);
  const Status told = store_.Write([&](ports::Transaction& transaction) -> Status {
    AppendEvents(transaction, order.drill, event, clock_.Now());
    return {};
  });
  if (told.ok()) journal_.JournalGrew();
  order.done(FailedPrecondition("agent: " + message));
}

}  // namespace cacheplane::service
