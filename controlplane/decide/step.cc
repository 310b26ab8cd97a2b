#include "controlplane/decide/step.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cacheplane::decide {
namespace {

struct Describer {
  std::string operator()(const PlaceNodes& step) const {
    std::string text = "PlaceNodes";
    for (const model::Node& node : step.nodes) text += fmt::format(" {}@{}({})", node.name, node.agent, node.address);
    return text;
  }
  std::string operator()(const StartPrimary& step) const {
    return fmt::format("StartPrimary {} epoch {}: {}", step.node, step.epoch, step.reason);
  }
  std::string operator()(const DetachReplicas& step) const {
    return fmt::format("DetachReplicas epoch {}", step.epoch);
  }
  std::string operator()(const AttachReplicas& step) const {
    return fmt::format("AttachReplicas epoch {}", step.epoch);
  }
  std::string operator()(const PublishEndpoints& step) const {
    return fmt::format("PublishEndpoints primary {} reader {}", step.primary, step.reader);
  }
  std::string operator()(const SetStatus& step) const {
    return fmt::format("SetStatus {} {}", model::ClusterStatusName(step.status), step.reason);
  }
  std::string operator()(const WithdrawEndpoints&) const { return "WithdrawEndpoints"; }
  std::string operator()(const EraseNodes&) const { return "EraseNodes"; }
  std::string operator()(const ForgetCluster&) const { return "ForgetCluster"; }
  std::string operator()(const Converged&) const { return "Converged"; }
  std::string operator()(const Waiting& step) const { return "Waiting: " + step.reason; }
  std::string operator()(const Blocked& step) const { return "Blocked: " + step.reason; }
};

}  // namespace

std::string Describe(const Step& step) { return std::visit(Describer{}, step); }

}  // namespace cacheplane::decide
