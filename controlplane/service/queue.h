// Modifications of a cluster that wait for what is under way, in the order in which they were asked for:
//
//   asked for ──► queued ──► its turn ──► running, succeeded (nothing to change) or failed (cannot be had any more)
//       │            └─────► failed (cancelled, superseded by delete)
//       └─► what concerns no node is in force at once
//
// A modification is checked as if all definitions before it were carried out, and once more when its turn comes, then
// with the nodes, their data and the room on hosts that there are: it changes the fields that it was asked to change,
// in whatever the definition has become. It never waits behind a creation, which may wait for hosts itself, nor behind
// a stop.
#pragma once

#include <cstddef>

#include "controlplane/ports/change_queue.h"
#include "controlplane/service/cluster_changes.h"

namespace cacheplane::service {

inline constexpr std::size_t kMostQueued = 10;  // of one cluster

// Whether the modification has to wait, and may: one for the maintenance window, of a checked revision, or that is to
// be refused when the cluster is busy does not.
bool WaitsForTurn(ports::Transaction& transaction, const model::Cluster& cluster, const ModifyClusterRequest& request);

// kResourceExhausted when as many wait as may; what ApplyMask (update_mask.h) and PrepareProposal (proposal.h) say.
Result<ClusterChange> PrepareQueued(ports::Transaction& transaction, const model::Cluster& cluster,
                                    const ModifyClusterRequest& request, const Observed& observed, WallTime now);

// Takes the operation, which waits for its turn, off its cluster's queue: it has failed for this reason.
Status EndQueued(ports::Transaction& transaction, model::Operation& operation, const std::string& reason, WallTime now);

class ChangeQueue final : public ports::ChangeQueue {
 public:
  // Both must outlive it.
  ChangeQueue(const ports::FactSource& facts, const Clock& clock) : facts_(facts), clock_(clock) {}

  Status Begin(ports::Transaction& transaction, const model::OperationId& operation, WallTime now) override;

 private:
  const ports::FactSource& facts_;
  const Clock& clock_;
};

}  // namespace cacheplane::service
