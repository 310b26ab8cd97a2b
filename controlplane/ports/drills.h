// Where faults on purpose leave towards agents: implemented by agents/ (sessions).
#pragma once

#include <chrono>
#include <functional>
#include <variant>

#include "common/result.h"
#include "controlplane/model/ids.h"

namespace cacheplane::ports {

// The process of that incarnation is stopped and answers nobody.
struct PauseNode {
  model::Incarnation incarnation;

  bool operator==(const PauseNode&) const = default;
};

// The agent and its engines neither hear nor are heard by anybody but one another.
struct CutHost {
  bool operator==(const CutHost&) const = default;
};

// Ends by itself.
struct Fault {
  std::variant<PauseNode, CutHost> what;
  std::chrono::milliseconds duration{0};

  bool operator==(const Fault&) const = default;
};

class FaultSender {
 public:
  virtual ~FaultSender() = default;
  // Orders it once. `answered` is called once, from any thread and perhaps before this returns: ok when the agent makes
  // the fault; kFailedPrecondition when it cannot; kUnavailable when it is not connected or does not answer, and may
  // make it all the same.
  virtual void Send(const model::AgentName& agent, const Fault& fault, std::function<void(Status)> answered) = 0;
};

}  // namespace cacheplane::ports
