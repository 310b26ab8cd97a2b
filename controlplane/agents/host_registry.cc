#include "controlplane/agents/host_registry.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "common/log.h"

namespace cacheplane::agents {
namespace {

Status CheckZone(ports::Transaction& transaction, const model::Host& host) {
  const std::optional<model::Host> known = transaction.hosts().FindHost(host.agent);
  if (!known || known->zone == host.zone) return {};
  const std::size_t nodes = transaction.plan().NodesOn(host.agent).size();
  if (nodes == 0) return {};
  return FailedPrecondition(
      fmt::format("agent {} is known in zone {} and {} of its nodes were placed there; it cannot "
                  "move to zone {} before they are gone",
                  host.agent, known->zone, nodes, host.zone));
}

}  // namespace

HostRegistry::HostRegistry(ports::Store& store, const Clock& clock, std::chrono::milliseconds store_heard_every)
    : store_(store), clock_(clock), store_heard_every_(store_heard_every) {}

Status HostRegistry::Admit(model::Host host) {
  host.last_heard = clock_.Now();
  const Status admitted = store_.Write([&](ports::Transaction& transaction) -> Status {
    CP_RETURN_IF_ERROR(CheckZone(transaction, host));
    if (const auto known = transaction.hosts().FindHost(host.agent)) host.admission = known->admission;
    transaction.hosts().PutHost(host);
    return {};
  });
  if (!admitted.ok()) return admitted;
  std::scoped_lock lock(mutex_);
  stored_[host.agent] = host.last_heard;
  return {};
}

void HostRegistry::KeepHeard(const std::map<model::AgentName, WallTime>& heard) {
  std::map<model::AgentName, WallTime> due;
  {
    std::scoped_lock lock(mutex_);
    for (const auto& [agent, time] : heard) {
      const auto known = stored_.find(agent);
      if (known != stored_.end() && time - known->second < store_heard_every_) continue;
      due.emplace(agent, time);
      stored_[agent] = time;
    }
  }
  if (due.empty()) return;
  const Status kept = store_.Write([&](ports::Transaction& transaction) -> Status {
    for (const auto& [agent, time] : due) {
      std::optional<model::Host> host = transaction.hosts().FindHost(agent);
      if (!host) continue;
      host->last_heard = time;
      transaction.hosts().PutHost(*host);
    }
    return {};
  });
  if (!kept.ok()) log::Warn("cannot store when agents were heard: {}", kept.error().message);
}

}  // namespace cacheplane::agents
