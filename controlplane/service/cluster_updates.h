// How far a cluster is with newer patch levels of what it is made of. Pure.
//
//   not-applied ──► waiting-to-start ──► in-progress ──► complete
//        ▲                  └──────┬─────────┘
//        │                         ▼
//        └── (a week later) ─── stopped ◄── stopping
//
// Patch levels are cumulative: an update takes each node to the newest that its host has, and is one to every patch
// level on the way there.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "controlplane/model/cluster.h"
#include "controlplane/model/facts.h"
#include "controlplane/model/operation.h"
#include "controlplane/service/cluster_view.h"

namespace cacheplane::service {

struct PatchLevel {
  std::string engine;   // "valkey"
  std::string version;  // "8.0.10"

  auto operator<=>(const PatchLevel&) const = default;
};

std::string NameOf(const PatchLevel& level);   // "valkey-8.0.10"
std::string MinorOf(const PatchLevel& level);  // "8.0"

enum class UpdateStatus {
  kNotApplied,
  kWaitingToStart,  // its operation has begun, and no node has it yet
  kInProgress,
  kStopping,  // it was cancelled, or goes back because of a node that did not come up
  kStopped,   // it ended before every node had it
  kComplete,
};

std::string_view UpdateStatusName(UpdateStatus status);  // "not-applied", …

struct NodeUpdate {
  model::NodeName node;
  UpdateStatus status = UpdateStatus::kNotApplied;
  std::optional<WallTime> started;  // when it began to be made anew with it
};

struct ClusterUpdate {
  model::Cluster cluster;
  PatchLevel level;
  UpdateStatus status = UpdateStatus::kNotApplied;
  std::vector<NodeUpdate> nodes;              // by ordinal; one that is only lent is left out
  int updated = 0;                            // nodes that run it, or a newer one
  bool is_open = false;                       // some node is older, and its host has it or a newer one
  bool on_hosts = false;                      // some host still has it
  std::optional<model::Operation> operation;  // the latest that was to bring it; of the last week
};

// Of those patch levels that a node's host has and the node lacks, and those that an update of the last week was to
// bring. None of a cluster that is being deleted. `operations`: the cluster's, newest first.
std::vector<ClusterUpdate> UpdatesOf(const model::Cluster& cluster, const std::vector<NodeDetails>& nodes,
                                     const std::vector<model::Host>& hosts,
                                     const std::vector<model::Operation>& operations, WallTime now);

}  // namespace cacheplane::service
