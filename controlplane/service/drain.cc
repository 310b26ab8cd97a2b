#include "controlplane/service/drain.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "common/check.h"
#include "common/text.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/validate.h"

namespace cacheplane::service {
namespace {

// Gives the room of the other hosts away, node by node.
class Movers {
 public:
  Movers(ports::Transaction& transaction, const model::AgentName& from, const ports::FactSnapshot& facts)
      : transaction_(transaction), from_(from), facts_(facts), hosts_(transaction.hosts().Hosts()) {
    for (const model::Node& node : transaction.plan().AllNodes()) reserved_[node.agent] += node.memory_bytes;
  }

  Status Move(const model::Cluster& cluster, const model::Node& node) {
    const bool stopped = cluster.status == model::ClusterStatus::kStopped;
    if (stopped || cluster.spec.frozen) {
      return FailedPrecondition(
          fmt::format("name: {} cannot be drained: {} is of {}, which is {}; allowed: once that is {}, or deleted",
                      Quoted(from_.str()), node.name, cluster.name, stopped ? "stopped" : "frozen",
                      stopped ? "started" : "not any more"));
    }
    std::vector<std::string> reasons;
    for (const model::Host& host : hosts_) {
      if (host.agent == from_) continue;
      const std::string why_not = WhyNot(host, cluster, node);
      if (why_not.empty()) {
        reserved_[host.agent] += node.memory_bytes;
        return {};
      }
      reasons.push_back(fmt::format("{} {}", host.agent, why_not));
    }
    return FailedPrecondition(fmt::format(
        "name: {} cannot be drained: no other host can take {}: {}; allowed: hosts whose nodes all have a place",
        Quoted(from_.str()), node.name, reasons.empty() ? "there is none" : Join(reasons, ", ")));
  }

 private:
  std::string WhyNot(const model::Host& host, const model::Cluster& cluster, const model::Node& node) const {
    const auto agent = facts_.agents.find(host.agent);
    if (agent == facts_.agents.end() || !agent->second.connected) return "is not connected";
    if (host.admission != model::Admission::kOpen) {
      return fmt::format("is {}", model::AdmissionName(host.admission));
    }
    const auto zones = ZonesOf(transaction_.network(), cluster.spec.subnet_group);
    CP_CHECK(zones.has_value());  // a foreign key keeps the group
    if (!zones->contains(host.zone)) {
      return fmt::format("is outside subnet group {}", cluster.spec.subnet_group);
    }
    if (cluster.spec.multi_az && WouldShareOneZone(host, node)) return "would leave all nodes in one zone (Multi-AZ)";
    if (model::NewestImage(host, cluster.spec.engine, cluster.spec.engine_version).empty()) {
      return fmt::format("has no image of {} {}", cluster.spec.engine, cluster.spec.engine_version);
    }
    const auto reserved = reserved_.find(host.agent);
    const std::int64_t free = host.memory_bytes - (reserved == reserved_.end() ? 0 : reserved->second);
    if (free >= node.memory_bytes) return {};
    return fmt::format("has {} free of the {} needed", InGibibytes(std::max<std::int64_t>(0, free)),
                       InGibibytes(node.memory_bytes));
  }

  bool WouldShareOneZone(const model::Host& host, const model::Node& leaving) const {
    const std::vector<model::Node> nodes = transaction_.plan().Nodes(leaving.cluster);
    return std::all_of(nodes.begin(), nodes.end(), [&](const model::Node& node) {
      return node.incarnation == leaving.incarnation || node.zone == host.zone;
    });
  }

  ports::Transaction& transaction_;
  const model::AgentName& from_;
  const ports::FactSnapshot& facts_;
  std::vector<model::Host> hosts_;
  std::map<model::AgentName, std::int64_t> reserved_;
};

}  // namespace

Result<std::vector<model::Node>> CheckDrain(ports::Transaction& transaction, const model::AgentName& agent,
                                            const ports::FactSnapshot& facts) {
  Movers movers(transaction, agent, facts);
  std::vector<model::Node> leaving;
  for (const model::Node& node : transaction.plan().NodesOn(agent)) {
    const auto cluster = transaction.clusters().Find(node.cluster);
    if (!cluster || cluster->status == model::ClusterStatus::kDeleting) continue;
    CP_RETURN_IF_ERROR(movers.Move(*cluster, node));
    leaving.push_back(node);
  }
  std::sort(leaving.begin(), leaving.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return leaving;
}

}  // namespace cacheplane::service
