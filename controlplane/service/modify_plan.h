// What a modification or reboot would do, step by step, as decide/rolling and decide/scaling would while
// every node stays well; shown with validate_only.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controlplane/model/cluster.h"
#include "controlplane/model/plan.h"
#include "controlplane/ports/store.h"

namespace cacheplane::service {

struct PlannedStep {
  std::string
      action;  // "add a node", "remove the node", "renew the node", "hand over", "wait for the maintenance window"
  std::string node;
  std::string cost;  // what clients notice, and what cannot be taken back afterwards

  bool operator==(const PlannedStep&) const = default;
};

struct Intention {
  std::string cluster;  // its name
  model::ClusterSpec from;
  model::ClusterSpec to;
  std::set<std::string> removals{};  // by name
  std::set<std::string> restarts{};  // by name, of a reboot, which changes nothing else
  std::set<std::string> leaving{};   // by name: their addresses are not as defined any more
  bool waits = false;                // for the maintenance window
  bool has_room = false;             // for one more node meanwhile
  // How long writes were paused by handovers in this installation, the median of the latest; unknown at first.
  std::optional<double> usual_pause_ms{};
};

// Empty when no node changes. `nodes`: of the cluster, by ordinal.
std::vector<PlannedStep> PlanOf(const Intention& intention, const std::vector<model::Node>& nodes);

// Of the latest operations that paused writes; nothing when there was none.
std::optional<double> UsualPauseMs(ports::JournalTable& journal);

}  // namespace cacheplane::service
