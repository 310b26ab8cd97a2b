// What a modification, reboot or update would do, step by step, as decide/rolling and decide/scaling would while
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
  std::string action;  // "wait for the maintenance window", "change parameters", "add a node", "remove the node",
                       // "renew the node", "hand over"
  std::string node;
  std::string cost;  // what clients notice, and what cannot be taken back afterwards

  bool operator==(const PlannedStep&) const = default;
};

// Of a running engine, by name: those that it takes at once, and those that its process takes only at its next start.
struct ParameterChanges {
  std::vector<std::string> at_once;
  std::vector<std::string> at_restart;
};

struct Intention {
  std::string cluster;  // its name
  model::ClusterSpec from;
  model::ClusterSpec to;
  std::set<std::string> removals{};  // by name
  std::set<std::string> restarts{};  // by name, of a reboot or update, which changes nothing else
  bool updates = false;              // they become of a newer patch level
  std::set<std::string> leaving{};   // by name: their addresses are not as defined any more
  bool waits = false;                // for the maintenance window
  bool has_room = false;             // for one more node meanwhile
  ParameterChanges parameters{};     // of nodes that are not made anew
  // How long writes were paused by handovers in this installation, the median of the latest; unknown at first.
  std::optional<double> usual_pause_ms{};
};

// Empty when no node changes. `nodes`: of the cluster, by ordinal.
std::vector<PlannedStep> PlanOf(const Intention& intention, const std::vector<model::Node>& nodes);

// By which the parameter groups of the two definitions differ; none where one of the groups is gone or nodes are made
// anew, which then start with all of them.
ParameterChanges ParameterChangesOf(ports::ParameterGroupTable& groups, const model::ClusterSpec& from,
                                    const model::ClusterSpec& to);

// Of the latest operations that paused writes; nothing when there was none.
std::optional<double> UsualPauseMs(ports::JournalTable& journal);

}  // namespace cacheplane::service
