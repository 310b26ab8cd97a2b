#include "controlplane/decide/step.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cacheplane::decide {
namespace {

template <typename T>
std::string Unproven(const T& step) {
  return step.unproven ? " unproven" : "";
}

struct Describer {
  std::string operator()(const PlaceNodes& step) const {
    std::string text = "PlaceNodes";
    for (const model::Node& node : step.nodes) text += fmt::format(" {}@{}({})", node.name, node.agent, node.address);
    return text;
  }
  std::string operator()(const StartPrimary& step) const {
    return fmt::format("StartPrimary {} epoch {}: {}", step.node, step.epoch, step.reason);
  }
  std::string operator()(const RestoreShard& step) const {
    return fmt::format("RestoreShard {} epoch {}{} data {} attempt {}: {}; others: {}; lost: {}", step.node, step.epoch,
                       Unproven(step), step.data, step.attempt, step.reason, step.others, step.lost);
  }
  std::string operator()(const DetachReplicas& step) const {
    return fmt::format("DetachReplicas epoch {}{}", step.epoch, Unproven(step));
  }
  std::string operator()(const PromoteReplica& step) const {
    return fmt::format("PromoteReplica {} epoch {}{}: {}; passed over: {}", step.node, step.epoch, Unproven(step),
                       step.reason, step.passed_over);
  }
  std::string operator()(const CondemnNode& step) const {
    return fmt::format("CondemnNode {} start {}: {}", step.node, step.starts, step.reason);
  }
  std::string operator()(const SwitchPrimary& step) const {
    return fmt::format("SwitchPrimary {} epoch {}", step.node, step.epoch);
  }
  std::string operator()(const HoldHandover& step) const {
    return fmt::format("HoldHandover epoch {}{}", step.epoch, Unproven(step));
  }
  std::string operator()(const ReleaseHandover& step) const { return "ReleaseHandover" + Unproven(step); }
  std::string operator()(const CancelSwitch& step) const {
    return fmt::format("CancelSwitch epoch {}: {}", step.epoch, step.reason);
  }
  std::string operator()(const LeadReadersAway& step) const { return fmt::format("LeadReadersAway {}", step.node); }
  std::string operator()(const RenewNode& step) const {
    return fmt::format("RenewNode {}: {} {} {}{}", step.node, step.engine, step.image_version, step.memory_bytes,
                       step.kill ? ", killed" : "");
  }
  std::string operator()(const AddReplica& step) const {
    return fmt::format("AddReplica {}@{}({}) epoch {}", step.node.name, step.node.agent, step.node.address, step.epoch);
  }
  std::string operator()(const RemoveReplica& step) const { return fmt::format("RemoveReplica {}", step.node); }
  std::string operator()(const BeginQueued& step) const { return fmt::format("BeginQueued {}", step.operation); }
  std::string operator()(const StartPending& step) const {
    return fmt::format("StartPending {} {} {}", step.build.engine, step.build.engine_version, step.build.node_type);
  }
  std::string operator()(const StartUpdate&) const { return "StartUpdate"; }
  std::string operator()(const StartMove&) const { return "StartMove"; }
  std::string operator()(const GoBack& step) const { return "GoBack: " + step.reason; }
  std::string operator()(const CompleteOperation&) const { return "CompleteOperation"; }
  std::string operator()(const FailOperation& step) const { return "FailOperation: " + step.reason; }
  std::string operator()(const FinishRecovery& step) const {
    return fmt::format("FinishRecovery {} diverged {}", step.node, step.diverged_bytes);
  }
  std::string operator()(const ReplaceNode& step) const {
    return fmt::format("ReplaceNode {} epoch {} by {}@{}({}): {}", step.lost, step.epoch, step.node.name,
                       step.node.agent, step.node.address, step.reason);
  }
  std::string operator()(const CutClients& step) const {
    return fmt::format("CutClients {} epoch {}", step.node, step.epoch);
  }
  std::string operator()(const AttachReplicas& step) const {
    return fmt::format("AttachReplicas epoch {}", step.epoch);
  }
  std::string operator()(const PublishEndpoints& step) const {
    const std::string port = step.port == 0 ? "" : fmt::format(" on port {}", step.port);
    return fmt::format("PublishEndpoints primary {} reader {}{}", step.primary, step.reader, port);
  }
  std::string operator()(const SetStatus& step) const {
    return fmt::format("SetStatus {} {}", model::ClusterStatusName(step.status), step.reason);
  }
  std::string operator()(const WithdrawEndpoints&) const { return "WithdrawEndpoints"; }
  std::string operator()(const EraseNodes&) const { return "EraseNodes"; }
  std::string operator()(const HoldNodes&) const { return "HoldNodes"; }
  std::string operator()(const ReleaseNodes&) const { return "ReleaseNodes"; }
  std::string operator()(const ForgetCluster& step) const {
    return step.abandoned.empty() ? "ForgetCluster" : fmt::format("ForgetCluster abandoned {}", step.abandoned);
  }
  std::string operator()(const Converged&) const { return "Converged"; }
  std::string operator()(const Waiting& step) const { return "Waiting: " + step.reason; }
  std::string operator()(const Blocked& step) const { return "Blocked: " + step.reason; }
};

}  // namespace

std::optional<model::Incarnation> UnprovenIn(const Step& step) {
  return std::visit(
      [](const auto& concrete) -> std::optional<model::Incarnation> {
        if constexpr (requires { concrete.unproven; }) return concrete.unproven;
        return std::nullopt;
      },
      step);
}

std::string Describe(const Step& step) { return std::visit(Describer{}, step); }

}  // namespace cacheplane::decide
