// Where parameter values leave for throw-away engines: implemented by agents/ (sessions) and by the simulator.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "common/result.h"
#include "controlplane/model/facts.h"
#include "controlplane/model/ids.h"

namespace cacheplane::ports {

// What one engine is started with.
struct Trial {
  model::Image image;
  std::string family;
  std::map<std::string, std::string> parameters;  // those that differ from the family's defaults
  std::int64_t memory_bytes = 0;                  // of the nodes that would have them, before reserved memory

  bool operator==(const Trial&) const = default;
};

class TrialSender {
 public:
  virtual ~TrialSender() = default;
  // Orders it once. `answered` is called once, from any thread and perhaps before this returns: ok when an engine came
  // up with the values; kInvalidArgument with the engine's words when it did not; kUnavailable when none has tried
  // them: the agent is not connected, does not answer within 6.5 s or cannot start one.
  virtual void Try(const model::AgentName& agent, const Trial& trial, std::function<void(Status)> answered) = 0;
};

}  // namespace cacheplane::ports
