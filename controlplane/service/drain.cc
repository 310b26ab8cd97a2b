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
        stay_[cluster.uid].push_back(host.zone);
        return {};
      }
      reasons.push_back(fmt::format("{} {}", host.agent, why_not));
    }
    return FailedPrecondition(fmt::format(
        "name: {} cannot be drained: no other host can take {}: {}; allowed: hosts whose nodes all have a place",
        Quoted(from_.str()), node.name, reasons.empty() ? "there is none" : Join(reasons, ", ")));
  }

 private:
  std::string WhyNot(const model::Host& host, const model::Cluster& cluster, const model::Node& node) {
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
    if (cluster.spec.multi_az && WouldShareOneZone(host, cluster.uid))
      return "would leave all nodes in one zone (Multi-AZ)";
    if (model::NewestImage(host, cluster.spec.engine, cluster.spec.engine_version).empty()) {
      return fmt::format("has no image of {} {}", cluster.spec.engine, cluster.spec.engine_version);
    }
    const auto reserved = reserved_.find(host.agent);
    const std::int64_t free = host.memory_bytes - (reserved == reserved_.end() ? 0 : reserved->second);
    if (free >= node.memory_bytes) return {};
    return fmt::format("has {} free of the {} needed", InGibibytes(std::max<std::int64_t>(0, free)),
                       InGibibytes(node.memory_bytes));
  }

  // With those that stay, and those that have been given a place already.
  bool WouldShareOneZone(const model::Host& host, const model::ClusterUid& cluster) {
    const auto [stay, first] = stay_.try_emplace(cluster);
    if (first) {
      for (const model::Node& node : transaction_.plan().Nodes(cluster)) {
        const bool leaves = node.agent == from_ || IsDrained(node.agent);
        if (!leaves) stay->second.push_back(node.zone);
      }
    }
    const std::vector<std::string>& zones = stay->second;
    return !zones.empty() &&
           std::all_of(zones.begin(), zones.end(), [&](const std::string& zone) { return zone == host.zone; });
  }

  bool IsDrained(const model::AgentName& agent) const {
    return std::any_of(hosts_.begin(), hosts_.end(), [&](const model::Host& host) {
      return host.agent == agent && host.admission == model::Admission::kDraining;
    });
  }

  ports::Transaction& transaction_;
  const model::AgentName& from_;
  const ports::FactSnapshot& facts_;
  std::vector<model::Host> hosts_;
  std::map<model::AgentName, std::int64_t> reserved_;
  std::map<model::ClusterUid, std::vector<std::string>> stay_;  // zones
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
