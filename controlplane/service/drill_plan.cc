#include "controlplane/service/drill_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "common/text.h"
#include "controlplane/service/cluster_changes.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/sight.h"

namespace cacheplane::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kPauseNode = "pause-node";
constexpr const char* kCutHost = "cut-host";
constexpr const char* kLoseZone = "lose-zone";

// Nodes that are meant to run, with what is needed of their clusters.
struct Hits {
  std::vector<model::Node> nodes;
  std::vector<model::AgentName> agents;  // those without a node too
};

struct Asked {
  const StartDrillRequest& request;
  std::optional<model::Cluster> cluster;
};

Status CheckKind(const std::string& kind) {
  if (kind == kPauseNode || kind == kCutHost || kind == kLoseZone) return {};
  const std::string allowed = QuotedList({kPauseNode, kCutHost, kLoseZone});
  return kind.empty() ? Missing("kind", allowed) : Invalid("kind", kind, "is no drill", allowed);
}

Status CheckBelongs(const char* field, const std::string& value, const std::string& kind, const char* to) {
  if (value.empty() || kind == to) return {};
  return Invalid(field, value, "has no meaning for a " + kind, fmt::format("none, or a {}", to));
}

Status CheckFields(const StartDrillRequest& request) {
  CP_RETURN_IF_ERROR(CheckKind(request.kind));
  CP_RETURN_IF_ERROR(CheckBelongs("node", request.node, request.kind, kPauseNode));
  CP_RETURN_IF_ERROR(CheckBelongs("agent", request.agent, request.kind, kCutHost));
  CP_RETURN_IF_ERROR(CheckBelongs("zone", request.zone, request.kind, kLoseZone));
  const std::string& target = request.kind == kCutHost ? request.agent : request.zone;
  if (!request.cluster.empty() || !target.empty()) return {};
  return Missing("cluster", "the name of a cluster that is hit");
}

Result<milliseconds> DurationOf(const StartDrillRequest& request) {
  if (request.duration == milliseconds(0)) return milliseconds(request.kind == kPauseNode ? 5000 : 10'000);
  if (request.duration >= kShortestDrill && request.duration <= kLongestDrill) return request.duration;
  return InvalidArgument(fmt::format("duration: {} s is out of range; allowed: {} s to {} s",
                                     static_cast<double>(request.duration.count()) / 1000, kShortestDrill.count(),
                                     kLongestDrill.count()));
}

// In order of names.
std::vector<model::Node> RunningNodesOf(ports::Transaction& transaction, const model::Cluster& cluster) {
  std::vector<model::Node> nodes = transaction.plan().Nodes(cluster.uid);
  std::erase_if(nodes, [](const model::Node& node) { return node.intent != model::Intent::kRun; });
  return nodes;
}

// The node asked for; without a name the primary.
Result<model::Node> NodeOf(ports::Transaction& transaction, const model::Cluster& cluster, const std::string& name) {
  std::vector<std::string> known;
  for (const model::Node& node : RunningNodesOf(transaction, cluster)) {
    const bool is_it = name.empty() ? node.role == model::Role::kPrimary : node.name.str() == ToLower(name);
    if (is_it) return node;
    known.push_back(node.name.str());
  }
  if (name.empty()) return FailedPrecondition(fmt::format("cluster: {} has no nodes yet", Quoted(cluster.name)));
  return NotFound(fmt::format("node: {} has no node {}; allowed: {}", cluster.name, Quoted(name), QuotedList(known)));
}

std::vector<model::Node> RunningNodesOn(ports::Transaction& transaction, const model::AgentName& agent) {
  std::vector<model::Node> nodes = transaction.plan().NodesOn(agent);
  std::erase_if(nodes, [](const model::Node& node) { return node.intent != model::Intent::kRun; });
  return nodes;
}

Result<Hits> HitsOfPause(ports::Transaction& transaction, const Asked& asked) {
  CP_ASSIGN_OR_RETURN(model::Node node, NodeOf(transaction, *asked.cluster, asked.request.node));
  return Hits{{node}, {node.agent}};
}

Result<Hits> HitsOfCut(ports::Transaction& transaction, const Asked& asked) {
  model::AgentName agent(asked.request.agent);
  if (agent.empty()) {
    CP_ASSIGN_OR_RETURN(const model::Node primary, NodeOf(transaction, *asked.cluster, ""));
    agent = primary.agent;
  }
  if (!transaction.hosts().FindHost(agent)) {
    std::vector<std::string> known;
    for (const model::Host& host : transaction.hosts().Hosts()) known.push_back(host.agent.str());
    return NotFound(fmt::format("agent: there is no agent {}; allowed: {}", Quoted(agent.str()), QuotedList(known)));
  }
  return Hits{RunningNodesOn(transaction, agent), {agent}};
}

Result<Hits> HitsOfZone(ports::Transaction& transaction, const Asked& asked, const ports::FactSnapshot& facts,
                        std::string& zone) {
  zone = asked.request.zone;
  if (zone.empty()) {
    CP_ASSIGN_OR_RETURN(const model::Node primary, NodeOf(transaction, *asked.cluster, ""));
    zone = primary.zone;
  }
  Hits hits;
  std::set<std::string> zones;
  for (const model::Host& host : transaction.hosts().Hosts()) {
    zones.insert(host.zone);
    if (host.zone != zone) continue;
    const std::vector<model::Node> nodes = RunningNodesOn(transaction, host.agent);
    hits.nodes.insert(hits.nodes.end(), nodes.begin(), nodes.end());
    // One that is gone, and has no node either, is no part of the zone any more.
    const auto seen = facts.agents.find(host.agent);
    const bool connected = seen != facts.agents.end() && seen->second.connected;
    if (connected || !nodes.empty()) hits.agents.push_back(host.agent);
  }
  if (zones.contains(zone)) return hits;
  return NotFound(fmt::format("zone: no agent is in {}; allowed: {}", Quoted(zone),
                              QuotedList(std::vector<std::string>(zones.begin(), zones.end()))));
}

Status CheckConnected(const Hits& hits, const ports::FactSnapshot& facts) {
  for (const model::AgentName& agent : hits.agents) {
    const auto seen = facts.agents.find(agent);
    if (seen != facts.agents.end() && seen->second.connected) continue;
    return FailedPrecondition(fmt::format("agent: {} is not connected; allowed: once it is", Quoted(agent.str())));
  }
  return {};
}

Status CheckRuns(const model::Node& node, const ports::FactSnapshot& facts, MonoTime now) {
  const Sight sight = See(node, facts, now);
  const std::string why_not = sight.facts == nullptr ? sight.why_not : WhyNotRunning(*sight.facts);
  if (why_not.empty()) return {};
  return FailedPrecondition(fmt::format("node: {} cannot be paused: {}; allowed: while it runs", node.name, why_not));
}

Status CheckMayHit(const model::Cluster& cluster) {
  const auto tag = cluster.spec.tags.find(kDrillsTag);
  if (tag == cluster.spec.tags.end() || tag->second != kDrillsAllowed) {
    return FailedPrecondition(
        fmt::format("cluster: {} would be hit and does not allow drills; allowed: clusters with "
                    "the tag {}={}",
                    Quoted(cluster.name), kDrillsTag, kDrillsAllowed));
  }
  if (cluster.status == model::ClusterStatus::kAvailable) return {};
  return FailedPrecondition(fmt::format("cluster: {} would be hit and is {}; allowed: while it is available",
                                        Quoted(cluster.name), model::ClusterStatusName(cluster.status)));
}

// Checks each of them, too.
Result<std::vector<std::string>> ClustersOf(ports::Transaction& transaction, const Hits& hits) {
  std::map<std::string, bool> hits_primary;
  for (const model::Node& node : hits.nodes) {
    const std::optional<model::Cluster> cluster = transaction.clusters().Find(node.cluster);
    if (cluster) hits_primary[cluster->name] |= node.role == model::Role::kPrimary;
  }
  std::vector<std::string> names;
  for (const auto& [name, primary] : hits_primary) {
    CP_RETURN_IF_ERROR(CheckMayHit(*transaction.clusters().Find(name)));
    names.push_back(name);
  }
  std::stable_partition(names.begin(), names.end(), [&](const std::string& name) { return hits_primary[name]; });
  return names;
}

Status CheckHits(const Asked& asked, const std::vector<std::string>& clusters) {
  if (clusters.empty()) return FailedPrecondition("cluster: no node would be hit; allowed: where a node runs");
  if (!asked.cluster) return {};
  if (std::find(clusters.begin(), clusters.end(), asked.cluster->name) != clusters.end()) return {};
  return FailedPrecondition(fmt::format("cluster: {} would not be hit, only {}; allowed: one of these, or none",
                                        Quoted(asked.cluster->name), QuotedList(clusters)));
}

ports::Fault FaultOf(const Drill& drill, const Hits& hits) {
  if (drill.kind == kPauseNode) return {ports::PauseNode{hits.nodes.front().incarnation}, drill.duration};
  return {ports::CutHost{}, drill.duration};
}

Result<Hits> HitsOf(ports::Transaction& transaction, const Asked& asked, const ports::FactSnapshot& facts,
                    std::string& zone) {
  if (asked.request.kind == kPauseNode) return HitsOfPause(transaction, asked);
  if (asked.request.kind == kCutHost) return HitsOfCut(transaction, asked);
  return HitsOfZone(transaction, asked, facts, zone);
}

}  // namespace

Result<Drill> PrepareDrill(ports::Transaction& transaction, const StartDrillRequest& request,
                           const ports::FactSnapshot& facts, MonoTime now) {
  CP_RETURN_IF_ERROR(CheckFields(request));
  Drill drill{.kind = request.kind, .zone = {}, .nodes = {}, .clusters = {}, .faults = {}};
  CP_ASSIGN_OR_RETURN(drill.duration, DurationOf(request));
  Asked asked{request, std::nullopt};
  if (!request.cluster.empty()) {
    CP_ASSIGN_OR_RETURN(asked.cluster, FindCluster(transaction, request.cluster));
  }
  CP_ASSIGN_OR_RETURN(const Hits hits, HitsOf(transaction, asked, facts, drill.zone));
  CP_ASSIGN_OR_RETURN(drill.clusters, ClustersOf(transaction, hits));
  CP_RETURN_IF_ERROR(CheckHits(asked, drill.clusters));
  CP_RETURN_IF_ERROR(CheckConnected(hits, facts));
  if (drill.kind == kPauseNode) CP_RETURN_IF_ERROR(CheckRuns(hits.nodes.front(), facts, now));
  for (const model::Node& node : hits.nodes) drill.nodes.push_back(node.name.str());
  std::sort(drill.nodes.begin(), drill.nodes.end());
  for (const model::AgentName& agent : hits.agents) drill.faults[agent] = FaultOf(drill, hits);
  return drill;
}

std::string Describe(const Drill& drill) {
  const double seconds = static_cast<double>(drill.duration.count()) / 1000;
  std::vector<std::string> agents;
  for (const auto& [agent, fault] : drill.faults) agents.push_back(agent.str());
  const std::string where = Join(agents, ", ");
  const std::string nodes = Join(drill.nodes, ", ");
  if (drill.kind == kPauseNode) {
    return fmt::format("Drill {}: the process of {} on {} is stopped for {} s", drill.kind, nodes, where, seconds);
  }
  const std::string zone = drill.zone.empty() ? "" : fmt::format(" in {}", drill.zone);
  return fmt::format("Drill {}: {}{} with {} is cut off for {} s", drill.kind, where, zone, nodes, seconds);
}

}  // namespace cacheplane::service
