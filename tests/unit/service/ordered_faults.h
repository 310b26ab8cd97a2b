// Agents as far as drills know them: what they were ordered, and what they answer.
#pragma once

#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "controlplane/ports/drills.h"

namespace cacheplane::service {

struct OrderedFaults final : ports::FaultSender {
  void Send(const model::AgentName& agent, const ports::Fault& fault, std::function<void(Status)> answered) override {
    ordered.emplace_back(agent, fault);
    if (hold) return waiting.push_back(std::move(answered));
    const auto problem = problems.find(agent);
    answered(problem == problems.end() ? Status() : Status(problem->second));
  }

  std::vector<std::pair<model::AgentName, ports::Fault>> ordered;
  std::map<model::AgentName, Error> problems;
  bool hold = false;  // nobody answers by himself
  std::vector<std::function<void(Status)>> waiting;
};

}  // namespace cacheplane::service
