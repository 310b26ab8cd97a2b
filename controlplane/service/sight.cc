#include "controlplane/service/sight.h"

#include <fmt/format.h>

namespace cacheplane::service {

using std::chrono::milliseconds;

Sight See(const model::Node& node, const ports::FactSnapshot& facts, MonoTime now) {
  const auto agent = facts.agents.find(node.agent);
  if (agent == facts.agents.end()) return {.why_not = fmt::format("agent {} has not been heard yet", node.agent)};
  const milliseconds silence = now - agent->second.heard;
  if (silence > kFactsAreFresh) {
    const double seconds = static_cast<double>(silence.count()) / 1000;
    return {.connected = agent->second.connected,
            .why_not = fmt::format("agent {} was last heard {:.1f} s ago", node.agent, seconds)};
  }
  Sight sight{.heard = true, .connected = agent->second.connected, .why_not = ""};
  const auto found = agent->second.nodes->find(node.incarnation);
  if (found != agent->second.nodes->end()) {
    sight.facts = &found->second;
  } else {
    sight.why_not = fmt::format("agent {} has not reported it yet", node.agent);
  }
  return sight;
}

std::string WhyNotRunning(const model::NodeFacts& facts) {
  if (facts.frozen) return "the engine is stopped by a signal";
  switch (facts.process) {
    case model::ProcessState::kRunning: return "";
    case model::ProcessState::kStarting: return "the engine is starting";
    case model::ProcessState::kHung: return "the engine does not answer";
    case model::ProcessState::kErased: return "its data directory was removed";
    case model::ProcessState::kStopped: break;
  }
  if (facts.exit_reason.empty()) return facts.problem.empty() ? "the engine is not started yet" : facts.problem;
  return fmt::format("the engine ended: {}{}{}{}", facts.exit_reason,
                     facts.out_of_memory ? " (the kernel ran out of memory)" : "", facts.problem.empty() ? "" : "; ",
                     facts.problem);
}

}  // namespace cacheplane::service
