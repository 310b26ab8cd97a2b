#include "controlplane/decide/verify.h"

#include <algorithm>

namespace cacheplane::decide {
namespace {

using model::ProcessState;

double Seconds(std::chrono::milliseconds duration) { return static_cast<double>(duration.count()) / 1000.0; }

std::optional<Finding> WhyNotHeard(const NodeView& node, const Policy& policy) {
  const bool soft = node.silence <= policy.agent_grace;
  if (IsSilent(node, policy)) {
    return Finding{soft ? fmt::format("{}: {} is silent", node.planned.name, node.planned.agent)
                        : fmt::format("{}: {} has not been heard for more than {:.0f} s", node.planned.name,
                                      node.planned.agent, Seconds(policy.agent_grace)),
                   soft};
  }
  if (!node.facts)
    return Finding{fmt::format("{}: no report from {} yet", node.planned.name, node.planned.agent), soft};
  return std::nullopt;
}

// How it ended, and what keeps it from starting.
std::string WhyStopped(const model::NodeFacts& facts) {
  if (facts.exit_reason.empty()) return facts.problem.empty() ? "not started yet" : facts.problem;
  return fmt::format("ended: {}{}{}", facts.exit_reason, facts.problem.empty() ? "" : "; ", facts.problem);
}

std::string WhyNotRenewed(const NodeView& node) {
  if (model::KeepsFormerProcess(node.planned, node.facts->renewal)) return {};
  if (node.facts->renewal < node.planned.renewal) return "its process is to give way to another one";
  if (node.facts->engine_version == node.planned.image_version) return {};
  return fmt::format("runs version {}, not {}", node.facts->engine_version, node.planned.image_version);
}

std::optional<Finding> WhyNotRunning(const NodeView& node) {
  const model::NodeFacts& facts = *node.facts;
  const auto because = [&](const std::string& reason) {
    return Finding{fmt::format("{}: {}", node.planned.name, reason)};
  };
  if (facts.process == ProcessState::kStopped) return because(WhyStopped(facts));
  if (!facts.problem.empty() && facts.process != ProcessState::kRunning) return because(facts.problem);
  if (facts.frozen) return because("its process is stopped by a signal");
  switch (facts.process) {
    case ProcessState::kStarting: return because("starting");
    case ProcessState::kHung: return because("the process lives and does not answer");
    case ProcessState::kErased: return because("its data directory is gone");
    case ProcessState::kStopped:
    case ProcessState::kRunning: break;
  }
  if (auto reason = WhyNotRenewed(node); !reason.empty()) return because(reason);
  return std::nullopt;
}

std::optional<Finding> WhyNodeNotUp(const NodeView& node, const Policy& policy) {
  if (auto finding = WhyNotHeard(node, policy)) return finding;
  return WhyNotRunning(node);
}

// What is wrong with the node whose place the primary is about to take.
std::optional<Finding> WhyFormerNotUp(const ClusterView& view, const Policy& policy) {
  if (model::IsAttached(*view.shard) || view.shard->former.empty()) return std::nullopt;
  const auto former = std::find_if(view.nodes.begin(), view.nodes.end(),
                                   [&](const NodeView& node) { return node.planned.name == view.shard->former; });
  return former == view.nodes.end() ? std::nullopt : WhyNodeNotUp(*former, policy);
}

}  // namespace

std::optional<Finding> WhyPrimaryNotVerified(const ClusterView& view, const Policy& policy) {
  const NodeView& primary = *PrimaryOf(view);
  if (auto finding = WhyNodeNotUp(primary, policy)) return finding;
  const bool open = primary.facts->role == model::Role::kPrimary && primary.facts->epoch == view.shard->epoch;
  const bool joins = model::IsAttached(*view.shard) && view.shard->attached < view.shard->epoch;
  if (!open && joins && primary.facts->role == model::Role::kPrimary && primary.facts->epoch >= view.shard->attached) {
    return Finding{fmt::format("{}: not told of the node that joins yet", primary.planned.name), true};
  }
  if (open) return std::nullopt;
  if (const auto cause = WhyFormerNotUp(view, policy)) {
    return Finding{fmt::format("{}; {} takes over", cause->reason, primary.planned.name)};
  }
  return Finding{fmt::format("{}: not yet open for writes", primary.planned.name)};
}

std::optional<Finding> WhyReplicaNotVerified(const ClusterView& view, const NodeView& replica, const Policy& policy) {
  if (auto finding = WhyNodeNotUp(replica, policy)) return finding;
  const NodeView& primary = *PrimaryOf(view);
  const bool follows =
      replica.facts->role == model::Role::kReplica && replica.facts->primary == primary.planned.address;
  const auto other = std::find_if(view.nodes.begin(), view.nodes.end(), [&](const NodeView& node) {
    return &node != &primary && node.planned.address == replica.facts->primary;
  });
  if (!follows && other != view.nodes.end()) {
    return Finding{
        fmt::format("{}: follows {}, and {} not yet", replica.planned.name, other->planned.name, primary.planned.name)};
  }
  if (!follows || !replica.facts->link_up) {
    return Finding{fmt::format("{}: replication link to {} is down", replica.planned.name, primary.planned.name)};
  }
  if (!primary.facts)
    return Finding{fmt::format("{}: no report of {} yet", replica.planned.name, primary.planned.name), true};
  const std::vector<model::ReplicaFacts>& listed = primary.facts->replicas;
  const auto line = std::find_if(listed.begin(), listed.end(), [&](const model::ReplicaFacts& facts) {
    return facts.address == replica.planned.address;
  });
  if (line == listed.end())
    return Finding{fmt::format("{}: {} does not list it", replica.planned.name, primary.planned.name)};
  if (line->state != "online") return Finding{fmt::format("{}: synchronising ({})", replica.planned.name, line->state)};
  return std::nullopt;
}

std::optional<Finding> WhyNotVerified(const ClusterView& view, const Policy& policy) {
  if (auto finding = WhyPrimaryNotVerified(view, policy)) return finding;
  for (const NodeView* replica : ReplicasOf(view)) {
    if (auto finding = WhyReplicaNotVerified(view, *replica, policy)) return finding;
  }
  return std::nullopt;
}

}  // namespace cacheplane::decide
