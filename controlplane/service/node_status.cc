#include "controlplane/service/node_status.h"

#include <fmt/format.h>

#include "controlplane/service/sight.h"

namespace cacheplane::service {
namespace {

// It is alive and shall not be: an engine that does not answer, or a test.
bool IsCondemned(const model::Node& node, const model::NodeFacts& facts) {
  return node.condemned > 0 && facts.starts <= node.condemned && facts.process != model::ProcessState::kStopped;
}

std::string WhyNotAsPlanned(const model::Node& node, const model::NodeFacts& facts) {
  const bool stays = model::KeepsFormerProcess(node, facts.renewal);
  if (facts.renewal < node.renewal && !stays) return "the process gives way to another one";
  if (facts.engine_version != node.image_version && !stays) {
    return fmt::format("the engine runs version {}, not {}", facts.engine_version, node.image_version);
  }
  if (facts.role != node.role) {
    const std::string why = facts.problem.empty() ? "" : ": " + facts.problem;
    return fmt::format("the engine is not {} yet{}", model::RoleName(node.role), why);
  }
  if (node.role == model::Role::kReplica && !facts.link_up) return "the replication link is down";
  return "";
}

std::string WhyNot(const model::Node& node, const model::NodeFacts& facts) {
  if (IsCondemned(node, facts)) return "the engine is being killed, so that a replica can take over";
  std::string reason = WhyNotRunning(facts);
  return reason.empty() ? WhyNotAsPlanned(node, facts) : reason;
}

// Whether the node has never run: its process was not started yet, or is in its first start.
bool IsNew(const model::NodeFacts* facts) {
  if (facts == nullptr) return true;
  if (facts->process == model::ProcessState::kStarting) return facts->starts <= 1;
  return facts->process == model::ProcessState::kStopped && facts->starts == 0;
}

NodeState StateOfHeld(const model::NodeFacts* facts) {
  const bool stopped = facts != nullptr && facts->process == model::ProcessState::kStopped;
  if (stopped) return {NodeStatus::kStopped, ""};
  return {NodeStatus::kModifying, "its data are saved, and its process ends"};
}

}  // namespace

std::string_view NodeStatusName(NodeStatus status) {
  switch (status) {
    case NodeStatus::kCreating: return "creating";
    case NodeStatus::kAvailable: return "available";
    case NodeStatus::kModifying: return "modifying";
    case NodeStatus::kImpaired: return "impaired";
    case NodeStatus::kStopped: return "stopped";
    case NodeStatus::kDeleting: return "deleting";
  }
  return "";
}

NodeState NodeStateOf(const model::Cluster& cluster, const model::Node& node, const ports::FactSnapshot& facts,
                      MonoTime now) {
  if (cluster.status == model::ClusterStatus::kDeleting) return {NodeStatus::kDeleting, "the cluster is being deleted"};
  if (node.intent == model::Intent::kErase) return {NodeStatus::kDeleting, "another node took its place"};
  const bool creating = cluster.status == model::ClusterStatus::kCreating;
  const Sight sight = See(node, facts, now);
  if (!sight.heard) return {creating ? NodeStatus::kCreating : NodeStatus::kImpaired, sight.why_not};
  if (node.intent == model::Intent::kHold) return StateOfHeld(sight.facts);
  std::string reason = sight.facts == nullptr ? sight.why_not : WhyNot(node, *sight.facts);
  if (reason.empty()) return {NodeStatus::kAvailable, ""};
  if (cluster.status == model::ClusterStatus::kModifying && node.recovering) return {NodeStatus::kModifying, reason};
  return {creating || IsNew(sight.facts) ? NodeStatus::kCreating : NodeStatus::kImpaired, reason};
}

}  // namespace cacheplane::service
