// From a definition to another one: what every call does that changes a cluster's, whatever it asks for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "controlplane/service/cluster_changes.h"

namespace cacheplane::service {

// A definition as a call proposes it.
struct Proposal {
  model::ClusterSpec spec;                        // complete, with what nodes are to be made of
  bool apply_immediately = false;                 // else that waits for the maintenance window
  std::vector<std::string> replicas_to_remove{};  // by name
  std::vector<std::string> fields{};              // those that the call asks for
  model::RevisionOrigin origin{};                 // without the operation
  std::string deed{};                             // for the event: "modified"
};

// kNotFound; kAborted unless `etag` is empty or the cluster's, and `revision` 0 or its definition's; kInvalidArgument
// for a negative one; kFailedPrecondition for a cluster being deleted.
Result<model::Cluster> FindToRedefine(ports::Transaction& transaction, const std::string& name, const std::string& etag,
                                      std::int64_t revision);

// The one way to another definition, for a cluster that FindToRedefine gave. kFailedPrecondition, where nodes are to be
// made of something else, for one that is being created or has an operation under way; what validation and
// CheckBuildChange (build_change.h) say.
Result<ClusterChange> PrepareProposal(ports::Transaction& transaction, const model::Cluster& cluster,
                                      const Proposal& proposal, const Observed& observed, WallTime now);

// The cluster's definition once all that waits is done.
model::ClusterSpec AskedFor(const model::Cluster& cluster);

}  // namespace cacheplane::service
