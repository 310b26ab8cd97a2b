// What is known of a node at present: its agent's newest report, or why there is none worth believing.
#pragma once

#include <chrono>
#include <string>

#include "common/clock.h"
#include "controlplane/model/plan.h"
#include "controlplane/ports/facts.h"

namespace cacheplane::service {

// Facts older than this say nothing about the present.
inline constexpr std::chrono::seconds kFactsAreFresh{10};

struct Sight {
  bool heard = false;      // its agent was, within kFactsAreFresh
  bool connected = false;  // its agent's session is open
  const model::NodeFacts* facts = nullptr;
  std::string why_not;  // why there are no facts; empty when there are
};

// Pure. The result points into `facts`.
Sight See(const model::Node& node, const ports::FactSnapshot& facts, MonoTime now);

// Why its process is not running and answering; empty when it is.
std::string WhyNotRunning(const model::NodeFacts& facts);

}  // namespace cacheplane::service
