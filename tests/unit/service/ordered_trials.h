// Agents as far as trials of parameter values know them: what they were asked to try, and what they answer.
#pragma once

#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "controlplane/ports/trials.h"

namespace cacheplane::service {

struct OrderedTrials final : ports::TrialSender {
  void Try(const model::AgentName& agent, const ports::Trial& trial, std::function<void(Status)> answered) override {
    ordered.emplace_back(agent, trial);
    if (hold) return waiting.push_back(std::move(answered));
    const auto problem = problems.find(agent);
    answered(problem == problems.end() ? Status() : Status(problem->second));
  }

  std::vector<std::pair<model::AgentName, ports::Trial>> ordered;
  std::map<model::AgentName, Error> problems;
  bool hold = false;  // nobody answers by himself
  std::vector<std::function<void(Status)>> waiting;
};

}  // namespace cacheplane::service
