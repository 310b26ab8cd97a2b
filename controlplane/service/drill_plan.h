// Whom a drill hits, and whether it may: settled before anybody is told.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/ports/drills.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/store.h"

namespace cacheplane::service {

inline constexpr const char* kDrillsTag = "cacheplane:drills";
inline constexpr const char* kDrillsAllowed = "allowed";
inline constexpr std::chrono::seconds kShortestDrill{1};
inline constexpr std::chrono::seconds kLongestDrill{60};

struct StartDrillRequest {
  std::string kind;                       // "pause-node", "cut-host" or "lose-zone"
  std::string cluster;                    // must be hit; names the target where none of the next three does
  std::string node;                       // of pause-node
  std::string agent;                      // of cut-host
  std::string zone;                       // of lose-zone
  std::chrono::milliseconds duration{0};  // 0: the kind's default
  bool validate_only = false;
};

struct Drill {
  std::string kind;
  std::string zone;                   // of lose-zone
  std::vector<std::string> nodes;     // by name
  std::vector<std::string> clusters;  // those whose primary is hit first, then by name
  std::map<model::AgentName, ports::Fault> faults;
  std::chrono::milliseconds duration{0};
};

// kInvalidArgument names the field, its value and what is allowed. kNotFound for an unknown cluster, node, agent or
// zone. kFailedPrecondition when a cluster that would be hit does not allow drills or is not available, when an agent
// concerned is not connected, when the node to be paused does not run, and when nothing would be hit.
Result<Drill> PrepareDrill(ports::Transaction& transaction, const StartDrillRequest& request,
                           const ports::FactSnapshot& facts, MonoTime now);

// What the event of a cluster that is hit says of its beginning.
std::string Describe(const Drill& drill);

}  // namespace cacheplane::service
