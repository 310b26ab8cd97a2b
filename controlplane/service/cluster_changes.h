// What a mutating call does to the stored rows, as a value: prepared from the request and a transaction's view, then
// committed by ClusterService, or only shown (validate_only). Preparing changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/model/cluster.h"
#include "controlplane/model/operation.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/modify_plan.h"
#include "controlplane/service/requests.h"
#include "controlplane/service/successor.h"

namespace cacheplane::service {

// What agents reported, and when that was looked at.
struct Observed {
  ports::FactSnapshot facts;
  MonoTime now;
};

struct ClusterChange {
  enum class Write { kInsert, kUpdate, kNothing };

  Write write = Write::kNothing;
  model::Cluster cluster;      // as it will be; without uid for an insert
  model::Operation operation;  // of this call; without id
  // Running and queued operations that this call ends.
  std::vector<model::Operation> superseded{};
  std::string event;  // its message; empty: none
  // Of a change of primary.
  std::optional<Succession> succession{};
  std::vector<PlannedStep> plan{};     // of a modification
  std::vector<std::string> changes{};  // of the definition (history.h)
  std::uint64_t base_revision = 0;     // the definition that was looked at; 0: it waits for its turn
  bool redefines = false;              // the cluster has another definition, which this call's operation carries out
  bool reassigns = false;              // nodes take other parameters from now on
};

// kAlreadyExists for a taken name, also while its cluster is being deleted; what ValidateDefinition says.
Result<ClusterChange> PrepareCreate(ports::Transaction& transaction, const CreateClusterRequest& request, WallTime now);

// What FindToRedefine and PrepareProposal (proposal.h), ApplyMask (update_mask.h) and PrepareQueued (queue.h) say.
Result<ClusterChange> PrepareModify(ports::Transaction& transaction, const ModifyClusterRequest& request,
                                    const Observed& observed, WallTime now);

// kNotFound; kAborted for a stale etag; kFailedPrecondition for a protected cluster and for one being deleted.
Result<ClusterChange> PrepareDelete(ports::Transaction& transaction, const DeleteClusterRequest& request, WallTime now);

// An operation of the call that just begins, with the name of its first step: reconcile/ replaces the steps by what it
// observes; until then the call's answer shows where the work begins.
model::Operation Begun(model::OperationKind kind, const model::Cluster& cluster, const char* first_step, WallTime now);

// kFailedPrecondition for a cluster that is stopped, or being created or deleted, or has an operation under way or
// queued.
Status CheckNothingUnderWay(ports::Transaction& transaction, const model::Cluster& cluster);

// kFailedPrecondition for a cluster with queued operations.
Status CheckNothingQueued(const model::Cluster& cluster);

// kFailedPrecondition for a cluster being deleted.
Status CheckNotDeleting(const model::Cluster& cluster);

// The cluster that a call names, whatever the case. kInvalidArgument for no name, kNotFound.
Result<model::Cluster> FindCluster(ports::Transaction& transaction, const std::string& name);

// The cluster, as FindCluster, CheckEtag and CheckNothingUnderWay say.
Result<model::Cluster> FindIdle(ports::Transaction& transaction, const std::string& name, const std::string& etag);

// An event of the cluster.
void TellOf(ports::JournalTable& journal, const model::Cluster& cluster, std::string message, model::Severity severity,
            WallTime now);

// kAborted unless `etag` is empty or the cluster's.
Status CheckEtag(const model::Cluster& cluster, const std::string& etag);

}  // namespace cacheplane::service
