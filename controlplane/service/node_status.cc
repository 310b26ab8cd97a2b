#include "controlplane/service/node_status.h"

#include <fmt/format.h>

#include "cache-engine/catalog/catalog.h"

namespace cacheplane::service {
namespace {

using std::chrono::milliseconds;

// The session of the node's agent when it says something about the present; else why not.
struct Heard {
  const model::AgentFacts* agent = nullptr;
  std::string why_not;
};

Heard HeardFrom(const model::AgentName& name, const ports::FactSnapshot& facts, MonoTime now) {
  const auto found = facts.agents.find(name);
  if (found == facts.agents.end()) return {nullptr, fmt::format("agent {} has not been heard yet", name)};
  const milliseconds silence = now - found->second.heard;
  if (silence <= kFactsAreFresh) return {&found->second, ""};
  return {nullptr,
          fmt::format("agent {} was last heard {:.1f} s ago", name, static_cast<double>(silence.count()) / 1000)};
}

std::string WhyNotRunning(const model::NodeFacts& facts) {
  switch (facts.process) {
    case model::ProcessState::kRunning: return "";
    case model::ProcessState::kStarting: return "the engine is starting";
    case model::ProcessState::kHung: return "the engine does not answer";
    case model::ProcessState::kErased: return "its data directory was removed";
    case model::ProcessState::kStopped: break;
  }
  if (!facts.problem.empty()) return facts.problem;
  if (!facts.exit_reason.empty()) return "the engine ended: " + facts.exit_reason;
  return "the engine is not started yet";
}

std::string WhyNotAsPlanned(const model::Cluster& cluster, const model::Node& node, const model::NodeFacts& facts) {
  const std::string& wanted = cluster.spec.engine_version;
  if (catalog::MinorOf(facts.engine_version) != wanted) {
    return fmt::format("the engine runs version {}, not {}", facts.engine_version, wanted);
  }
  if (facts.role != node.role) return fmt::format("the engine is not {} yet", model::RoleName(node.role));
  if (node.role == model::Role::kReplica && !facts.link_up) return "the replication link is down";
  return "";
}

// Whether the node has never run: its process was not started yet, or is in its first start.
bool IsNew(const model::NodeFacts* facts) {
  if (facts == nullptr) return true;
  if (facts->process == model::ProcessState::kStarting) return facts->starts <= 1;
  return facts->process == model::ProcessState::kStopped && facts->starts == 0;
}

}  // namespace

std::string_view NodeStatusName(NodeStatus status) {
  switch (status) {
    case NodeStatus::kCreating: return "creating";
    case NodeStatus::kAvailable: return "available";
    case NodeStatus::kImpaired: return "impaired";
    case NodeStatus::kDeleting: return "deleting";
  }
  return "";
}

NodeState NodeStateOf(const model::Cluster& cluster, const model::Node& node, const ports::FactSnapshot& facts,
                      MonoTime now) {
  if (cluster.status == model::ClusterStatus::kDeleting) return {NodeStatus::kDeleting, "the cluster is being deleted"};
  if (node.intent == model::Intent::kErase) return {NodeStatus::kDeleting, "another node took its place"};
  const bool creating = cluster.status == model::ClusterStatus::kCreating;
  const Heard heard = HeardFrom(node.agent, facts, now);
  if (heard.agent == nullptr) return {creating ? NodeStatus::kCreating : NodeStatus::kImpaired, heard.why_not};
  const auto found = heard.agent->nodes.find(node.incarnation);
  const model::NodeFacts* node_facts = found == heard.agent->nodes.end() ? nullptr : &found->second;
  std::string reason =
      node_facts == nullptr ? fmt::format("agent {} has not reported it yet", node.agent) : WhyNotRunning(*node_facts);
  if (reason.empty()) reason = WhyNotAsPlanned(cluster, node, *node_facts);
  if (reason.empty()) return {NodeStatus::kAvailable, ""};
  return {creating || IsNew(node_facts) ? NodeStatus::kCreating : NodeStatus::kImpaired, reason};
}

}  // namespace cacheplane::service
