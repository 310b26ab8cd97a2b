// ClusterService: what callers may do with clusters. Every mutating call is one transaction of desired rows (the
// definition, its operation, an event); the machines follow later, and the operation tells how far they are.
// Called by api/ and gateway/ from any thread; answers as soon as the definition is durable.
//
// Errors: kInvalidArgument names the field, the value and what is allowed; kNotFound; kAlreadyExists;
// kFailedPrecondition when the state forbids the call; kAborted for a stale etag or revision; kResourceExhausted for a
// quota; kUnimplemented for what is not built yet, which then changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/model/operation.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/secrets.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/cluster_changes.h"
#include "controlplane/service/cluster_view.h"
#include "controlplane/service/history.h"
#include "controlplane/service/paging.h"
#include "controlplane/service/primary_change.h"
#include "controlplane/service/requests.h"
#include "controlplane/service/signals.h"

namespace cacheplane::service {

// The answer of a mutating call.
struct ClusterAnswer {
  std::optional<ClusterDetails> cluster;      // absent when a repeated call's cluster is gone by now
  std::optional<model::Operation> operation;  // absent with validate_only
  std::optional<Succession> succession{};     // of a change of primary, with validate_only alone
  std::vector<PlannedStep> plan{};            // of a modification, reboot or update, with validate_only alone
  std::vector<std::string> changes{};         // of the definition (history.h), with validate_only alone
  std::uint64_t base_revision = 0;            // that they were made against
};

class ClusterService {
 public:
  // The references must outlive the service.
  ClusterService(ports::Store& store, const ports::FactSource& facts, Signals signals, ports::Identifiers& identifiers,
                 const Clock& clock);

  // Stores the definition with status creating.
  Result<ClusterAnswer> CreateCluster(const CreateClusterRequest& request);
  // By name, case-insensitive.
  Result<ClusterDetails> GetCluster(const std::string& name) const;
  // In order of names.
  Result<Page<ClusterDetails>> ListClusters(const ListRequest& request) const;
  // Changes the masked fields at once; its operation has succeeded when the call answers. A modification that
  // changes nothing keeps the etag.
  Result<ClusterAnswer> ModifyCluster(const ModifyClusterRequest& request);
  // Makes the definition what it was in an earlier revision, as ModifyCluster would.
  Result<ClusterAnswer> RollbackCluster(const RollbackClusterRequest& request);
  // Newest first.
  Result<Page<RevisionDetails>> ListClusterRevisions(const std::string& name, const ListRequest& request) const;
  // Sets the status deleting. A running operation of the cluster ends as failed, "superseded by delete".
  Result<ClusterAnswer> DeleteCluster(const DeleteClusterRequest& request);
  // Makes a replica the primary: the one named, or the one that holds most.
  Result<ClusterAnswer> SwitchoverCluster(const SwitchoverClusterRequest& request);
  // Makes processes give way to others, one by one.
  Result<ClusterAnswer> RebootCluster(const RebootClusterRequest& request);
  // Makes nodes take the newest patch level that their hosts have, one by one.
  Result<ClusterAnswer> UpdateNodes(const UpdateNodesRequest& request);
  // Ends all processes, their data saved, until it is started again.
  Result<ClusterAnswer> StopCluster(const StopClusterRequest& request);
  Result<ClusterAnswer> StartCluster(const StartClusterRequest& request);
  // Kills the primary's process, so that a replica takes over.
  Result<ClusterAnswer> TestFailover(const TestFailoverRequest& request);

 private:
  // Prepares a change in one transaction and commits it, at most once for each request id.
  template <typename Request, typename Prepare>
  Result<ClusterAnswer> Mutate(const char* method, const Request& request, Prepare prepare);
  // The same without effect.
  template <typename Request, typename Prepare>
  Result<ClusterAnswer> Rehearse(const Request& request, Prepare prepare) const;
  Status Commit(ports::Transaction& transaction, ClusterChange& change);
  // What a repeated call answers: the first call's operation and its cluster, as they are now.
  ClusterAnswer AnswerAgain(ports::Transaction& transaction, const model::OperationId& operation) const;
  ClusterDetails Describe(ports::Transaction& transaction, const model::Cluster& cluster) const;
  static ClusterDetails DescribeAs(ports::Transaction& transaction, const model::Cluster& cluster,
                                   const Observed& observed, Fences& fences);
  Observed Observe() const { return {facts_.Snapshot(), clock_.Mono()}; }

  ports::Store& store_;
  const ports::FactSource& facts_;
  Signals signals_;
  ports::Identifiers& identifiers_;
  const Clock& clock_;
};

}  // namespace cacheplane::service
