#include "controlplane/service/fleet_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "common/text.h"
#include "controlplane/service/drain.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

// Rows with keys behind `page.after`, one more than the page; both in key order.
template <typename Row, typename KeyOf>
std::vector<Row> Behind(std::vector<Row> rows, const ports::PageRequest& page, KeyOf key_of) {
  std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return key_of(a) < key_of(b); });
  const auto first = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return key_of(row) > page.after; });
  rows.erase(rows.begin(), first);
  if (rows.size() > static_cast<std::size_t>(page.limit) + 1) rows.resize(static_cast<std::size_t>(page.limit) + 1);
  return rows;
}

std::string NodeKey(const model::Node& node) { return node.name.str() + "/" + node.incarnation.str(); }

AgentDetails DescribeAgent(const model::Host& host, const std::vector<model::Node>& nodes,
                           const ports::FactSnapshot& facts) {
  AgentDetails details{.host = host, .node_count = static_cast<int>(nodes.size()), .unknown_nodes = {}};
  std::set<model::Incarnation> known;
  for (const model::Node& node : nodes) {
    details.memory_reserved_bytes += node.memory_bytes;
    known.insert(node.incarnation);
  }
  const auto found = facts.agents.find(host.agent);
  if (found == facts.agents.end()) return details;
  details.connected = found->second.connected;
  details.host.last_heard = std::max(host.last_heard, found->second.heard_wall);
  for (const auto& [incarnation, node_facts] : *found->second.nodes) {
    const bool on_disk = node_facts.process != model::ProcessState::kErased;
    if (on_disk && !known.contains(incarnation)) details.unknown_nodes.push_back(incarnation.str());
  }
  return details;
}

std::vector<model::Node> SelectNodes(ports::Transaction& transaction, const ListNodesRequest& request) {
  std::vector<model::Node> nodes = request.agent.empty() ? transaction.plan().AllNodes()
                                                         : transaction.plan().NodesOn(model::AgentName(request.agent));
  if (request.cluster.empty()) return nodes;
  const std::optional<model::Cluster> cluster = transaction.clusters().Find(ToLower(request.cluster));
  std::erase_if(nodes, [&](const model::Node& node) { return !cluster || node.cluster != cluster->uid; });
  return nodes;
}

}  // namespace

FleetService::FleetService(ports::Store& store, const ports::FactSource& facts, Signals signals, const Clock& clock)
    : store_(store), facts_(facts), signals_(signals), clock_(clock) {}

Result<AdmissionAnswer> FleetService::CordonAgent(const std::string& name) {
  return Admit(name, model::Admission::kCordoned, /*validate_only=*/false);
}

Result<AdmissionAnswer> FleetService::UncordonAgent(const std::string& name) {
  return Admit(name, model::Admission::kOpen, /*validate_only=*/false);
}

Result<AdmissionAnswer> FleetService::DrainAgent(const std::string& name, bool validate_only) {
  return Admit(name, model::Admission::kDraining, validate_only);
}

Result<AdmissionAnswer> FleetService::Admit(const std::string& name, model::Admission admission, bool validate_only) {
  if (name.empty()) return Missing("name", "the name of an agent");
  const ports::FactSnapshot facts = facts_.Snapshot();
  AdmissionAnswer answer;
  std::vector<model::ClusterUid> clusters;
  const Status status = store_.Write([&](ports::Transaction& transaction) -> Status {
    const model::AgentName agent(name);
    const std::optional<model::Host> host = transaction.hosts().FindHost(agent);
    if (!host) return NotFound(fmt::format("name: there is no agent {}", Quoted(name)));
    if (admission == model::Admission::kDraining && host->admission != admission) {
      CP_ASSIGN_OR_RETURN(const std::vector<model::Node> leaving, CheckDrain(transaction, agent, facts));
      for (const model::Node& node : leaving) answer.leaving.push_back(node.name.str());
    }
    const std::vector<model::Node> nodes = transaction.plan().NodesOn(agent);
    answer.agent = DescribeAgent(*host, nodes, facts);
    if (validate_only || host->admission == admission) return {};
    answer.agent.host.admission = admission;
    SetAdmission(transaction, *host, answer);
    for (const model::Node& node : nodes) clusters.push_back(node.cluster);
    return {};
  });
  if (!status.ok()) return status.error();
  Tell(model::AgentName(name), clusters);
  return answer;
}

void FleetService::SetAdmission(ports::Transaction& transaction, model::Host host, const AdmissionAnswer& answer) {
  host.admission = answer.agent.host.admission;
  transaction.hosts().PutHost(host);
  std::string message = fmt::format("Agent {} is {}", host.agent, model::AdmissionName(host.admission));
  if (!answer.leaving.empty()) message += fmt::format(": {} leave it", Join(answer.leaving, ", "));
  transaction.journal().AppendEvent({.sequence = 0,
                                     .time = clock_.Now(),
                                     .source_type = "agent",
                                     .source = host.agent.str(),
                                     .message = std::move(message),
                                     .severity = model::Severity::kInfo,
                                     .cluster = ""});
}

void FleetService::Tell(const model::AgentName& agent, const std::vector<model::ClusterUid>& clusters) {
  signals_.journal.JournalGrew();
  signals_.reconcile.AgentChanged(agent);
  for (const model::ClusterUid& cluster : clusters) signals_.reconcile.ClusterChanged(cluster);
}

Result<AgentDetails> FleetService::GetAgent(const std::string& name) const {
  if (name.empty()) return Missing("name", "the name of an agent");
  const ports::FactSnapshot facts = facts_.Snapshot();
  std::optional<AgentDetails> details;
  store_.Read([&](ports::Transaction& transaction) {
    const model::AgentName agent(name);
    const std::optional<model::Host> host = transaction.hosts().FindHost(agent);
    if (host) details = DescribeAgent(*host, transaction.plan().NodesOn(agent), facts);
  });
  if (!details) return NotFound(fmt::format("name: there is no agent {}", Quoted(name)));
  return *std::move(details);
}

Result<Page<AgentDetails>> FleetService::ListAgents(const ListRequest& request) const {
  constexpr std::string_view kScope = "agents";
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(kScope, request));
  const ports::FactSnapshot facts = facts_.Snapshot();
  std::vector<AgentDetails> rows;
  store_.Read([&](ports::Transaction& transaction) {
    const auto key_of = [](const model::Host& host) { return host.agent.str(); };
    for (const model::Host& host : Behind(transaction.hosts().Hosts(), page, key_of)) {
      rows.push_back(DescribeAgent(host, transaction.plan().NodesOn(host.agent), facts));
    }
  });
  return MakePage(std::move(rows), page, kScope, [](const AgentDetails& row) { return row.host.agent.str(); });
}

Result<Page<NodeDetails>> FleetService::ListNodes(const ListNodesRequest& request) const {
  const std::string scope = fmt::format("nodes/{}/{}", ToLower(request.cluster), request.agent);
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(scope, request.page));
  const ports::FactSnapshot facts = facts_.Snapshot();
  std::vector<NodeDetails> rows;
  store_.Read([&](ports::Transaction& transaction) {
    for (const model::Node& node : Behind(SelectNodes(transaction, request), page, NodeKey)) {
      const std::optional<model::Cluster> cluster = transaction.clusters().Find(node.cluster);
      if (cluster) rows.push_back(DescribeNode(*cluster, node, facts, clock_.Mono()));
    }
  });
  return MakePage(std::move(rows), page, scope, [](const NodeDetails& row) { return NodeKey(row.node); });
}

Result<Page<model::RouterFacts>> FleetService::ListRouters(const ListRequest& request) const {
  constexpr std::string_view kScope = "routers";
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(kScope, request));
  const auto key_of = [](const model::RouterFacts& router) { return router.name; };
  return MakePage(Behind(facts_.Snapshot().routers, page, key_of), page, kScope, key_of);
}

}  // namespace cacheplane::service
