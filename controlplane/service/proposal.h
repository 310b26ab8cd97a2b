// From a definition to another one: what every call does that changes a cluster's, whatever it asks for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "controlplane/service/cluster_changes.h"

namespace cacheplane::service {

// When a proposal is to be carried out: with the call; after what the cluster has under way and queued, when it has
// other nodes and hosts have other room; or now that its turn has come.
enum class When { kAtOnce, kLater, kInTurn };

// A definition as a call proposes it.
struct Proposal {
  model::ClusterSpec spec;                        // complete, with what nodes are to be made of
  bool apply_immediately = false;                 // else that waits for the maintenance window
  std::vector<std::string> replicas_to_remove{};  // by name
  std::vector<std::string> fields{};              // those that the call asks for
  model::RevisionOrigin origin{};                 // without the operation
  std::string deed{};                             // for the event: "modified"
  When when = When::kAtOnce;
};

// kNotFound; kAborted unless `etag` is empty or the cluster's, and `revision` 0 or its definition's; kInvalidArgument
// for a negative one; kFailedPrecondition for a cluster being deleted.
Result<model::Cluster> FindToRedefine(ports::Transaction& transaction, const std::string& name, const std::string& etag,
                                      std::int64_t revision);

// The one way to another definition, for a cluster that FindToRedefine gave. kFailedPrecondition, where nodes are to be
// made of something else, for one that is being created or has an operation under way, and, where they are concerned at
// all, for one with queued operations; what validation and CheckBuildChange (build_change.h) say.
Result<ClusterChange> PrepareProposal(ports::Transaction& transaction, const model::Cluster& cluster,
                                      const Proposal& proposal, const Observed& observed, WallTime now);

// The cluster's definition once what waits for the maintenance window is done.
model::ClusterSpec AskedFor(const model::Cluster& cluster);

// Nodes are made of something else, take other parameters, are elsewhere, more or fewer.
bool ChangesNodes(const model::ClusterSpec& before, const model::ClusterSpec& after);

}  // namespace cacheplane::service
