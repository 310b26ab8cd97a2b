#include "nodeagent/decide/decision.h"

#include "common/text.h"

namespace cacheplane::agent {
namespace {

struct Describer {
  std::string operator()(const StartEngine& step) const {
    const std::string whom = step.primary ? fmt::format("{}:{}", step.primary->host, step.primary->port) : "nobody";
    return fmt::format("start as replica of {} in epoch {}, boot {}, {}", whom, step.epoch, step.boot,
                       step.keep_data ? "with its saved data" : "empty");
  }
  std::string operator()(const OpenAsPrimary& step) const {
    return fmt::format("open as primary in epoch {}, boot {}", step.epoch, step.boot);
  }
  std::string operator()(const Follow& step) const {
    return fmt::format("follow {}:{} in epoch {}", step.primary.host, step.primary.port, step.epoch);
  }
  std::string operator()(const LeaveDonor& step) const {
    return fmt::format("leave {}:{} for {}:{} in epoch {}", step.donor.host, step.donor.port, step.primary.host,
                       step.primary.port, step.epoch);
  }
  std::string operator()(const AcceptHandover& step) const {
    return fmt::format("accept a handover in epoch {}, boot {}", step.epoch, step.boot);
  }
  std::string operator()(const DismissOpener& step) const {
    return fmt::format("dismiss the opener of epoch {}", step.epoch);
  }
  std::string operator()(const HandOver& step) const {
    return fmt::format("hand over to {}:{} in epoch {}", step.candidate.host, step.candidate.port, step.epoch);
  }
  std::string operator()(const CutClients& step) const {
    return fmt::format("close clients' connections for epoch {}", step.epoch);
  }
  std::string operator()(const ApplyParameters& step) const {
    std::vector<std::string> names;
    for (const Setting& setting : step.settings) names.push_back(setting.directive);
    return "apply parameters: " + Join(names, ", ");
  }
  std::string operator()(const StopEngine& step) const { return step.save ? "stop, data saved" : "stop at once"; }
  std::string operator()(const EraseDirectory&) const { return "erase the directory"; }
  std::string operator()(const Waiting& step) const { return fmt::format("waiting: {}", step.reason); }
  std::string operator()(const Blocked& step) const { return fmt::format("blocked: {}", step.reason); }
  std::string operator()(const Converged&) const { return "converged"; }
};

}  // namespace

std::string Describe(const Decision& decision) { return std::visit(Describer{}, decision); }

}  // namespace cacheplane::agent
