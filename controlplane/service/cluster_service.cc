#include "controlplane/service/cluster_service.h"

#include "controlplane/service/build_change.h"
#include "controlplane/service/fingerprint.h"
#include "controlplane/service/idempotency.h"
#include "controlplane/service/reboot.h"
#include "controlplane/service/rollback.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/stop.h"
#include "controlplane/service/update_nodes.h"

namespace cacheplane::service {

ClusterService::ClusterService(ports::Store& store, const ports::FactSource& facts, Signals signals,
                               ports::Identifiers& identifiers, const Clock& clock)
    : store_(store), facts_(facts), signals_(signals), identifiers_(identifiers), clock_(clock) {}

Result<ClusterAnswer> ClusterService::CreateCluster(const CreateClusterRequest& request) {
  return Mutate("CreateCluster", request, PrepareCreate);
}

Result<ClusterAnswer> ClusterService::ModifyCluster(const ModifyClusterRequest& request) {
  return Mutate("ModifyCluster", request, [observed = Observe()](auto& transaction, const auto& asked, WallTime now) {
    return PrepareModify(transaction, asked, observed, now);
  });
}

Result<ClusterAnswer> ClusterService::RollbackCluster(const RollbackClusterRequest& request) {
  return Mutate("RollbackCluster", request, [observed = Observe()](auto& transaction, const auto& asked, WallTime now) {
    return PrepareRollback(transaction, asked, observed, now);
  });
}

Result<ClusterAnswer> ClusterService::DeleteCluster(const DeleteClusterRequest& request) {
  return Mutate("DeleteCluster", request, PrepareDelete);
}

Result<ClusterAnswer> ClusterService::SwitchoverCluster(const SwitchoverClusterRequest& request) {
  return Mutate("SwitchoverCluster", request,
                [observed = Observe()](auto& transaction, const auto& asked, WallTime now) {
                  return PrepareSwitchover(transaction, asked, observed, now);
                });
}

Result<ClusterAnswer> ClusterService::RebootCluster(const RebootClusterRequest& request) {
  return Mutate("RebootCluster", request, PrepareReboot);
}

Result<ClusterAnswer> ClusterService::UpdateNodes(const UpdateNodesRequest& request) {
  return Mutate("UpdateNodes", request, PrepareUpdateNodes);
}

Result<ClusterAnswer> ClusterService::StopCluster(const StopClusterRequest& request) {
  return Mutate("StopCluster", request, PrepareStop);
}

Result<ClusterAnswer> ClusterService::StartCluster(const StartClusterRequest& request) {
  return Mutate("StartCluster", request, PrepareStart);
}

Result<ClusterAnswer> ClusterService::TestFailover(const TestFailoverRequest& request) {
  return Mutate("TestFailover", request, [observed = Observe()](auto& transaction, const auto& asked, WallTime now) {
    return PrepareTestFailover(transaction, asked, observed, now);
  });
}

template <typename Request, typename Prepare>
Result<ClusterAnswer> ClusterService::Mutate(const char* method, const Request& request, Prepare prepare) {
  CP_RETURN_IF_ERROR(CheckRequestId(request.request_id));
  if (request.validate_only) return Rehearse(request, prepare);
  const CallIdentity call{request.request_id, method, Fingerprint(request)};
  ClusterAnswer answer;
  std::optional<model::ClusterUid> changed;
  bool reassigned = false;
  const Status status = store_.Write([&](ports::Transaction& transaction) -> Status {
    const WallTime now = clock_.Now();
    CP_ASSIGN_OR_RETURN(const std::optional<model::OperationId> first, FindFirstCall(transaction.journal(), call, now));
    if (first) {
      answer = AnswerAgain(transaction, *first);
      return {};
    }
    CP_ASSIGN_OR_RETURN(ClusterChange change, prepare(transaction, request, now));
    CP_RETURN_IF_ERROR(Commit(transaction, change));
    RememberCall(transaction.journal(), call, change.cluster.name, change.operation.id, now);
    changed = change.cluster.uid;
    reassigned = change.reassigns;
    answer = {Describe(transaction, change.cluster), change.operation};
    return {};
  });
  if (!status.ok()) return status.error();
  if (changed) {
    signals_.reconcile.ClusterChanged(*changed);
    if (reassigned) signals_.reconcile.AssignmentsChanged(*changed);
    signals_.journal.JournalGrew();
  }
  return answer;
}

template <typename Request, typename Prepare>
Result<ClusterAnswer> ClusterService::Rehearse(const Request& request, Prepare prepare) const {
  Result<ClusterAnswer> answer = ClusterAnswer{};
  store_.Read([&](ports::Transaction& transaction) {
    const Result<ClusterChange> change = prepare(transaction, request, clock_.Now());
    if (change.ok()) {
      answer = ClusterAnswer{.cluster = Describe(transaction, change->cluster),
                             .operation = std::nullopt,
                             .succession = change->succession,
                             .plan = change->plan,
                             .changes = change->changes,
                             .base_revision = change->base_revision};
    } else {
      answer = change.error();
    }
  });
  return answer;
}

Status ClusterService::Commit(ports::Transaction& transaction, ClusterChange& change) {
  const bool inserts = change.write == ClusterChange::Write::kInsert;
  if (inserts) change.cluster.uid = model::ClusterUid(identifiers_.New("cl"));
  change.operation.cluster = change.cluster.uid;
  change.operation.id = model::OperationId(identifiers_.New("op"));
  if (change.operation.status == model::OperationStatus::kRunning) change.cluster.operation = change.operation.id;
  if (change.operation.status == model::OperationStatus::kQueued) change.cluster.queue.push_back(change.operation.id);
  if (change.redefines) change.cluster.origin.operation = change.operation.id;
  if (inserts) CP_RETURN_IF_ERROR(transaction.clusters().Insert(change.cluster));
  if (change.write == ClusterChange::Write::kUpdate) CP_RETURN_IF_ERROR(transaction.clusters().Update(change.cluster));
  for (const model::Operation& ended : change.superseded) transaction.journal().PutOperation(ended);
  transaction.journal().PutOperation(change.operation);
  if (!change.event.empty()) {
    TellOf(transaction.journal(), change.cluster, change.event, model::Severity::kInfo, change.operation.created);
  }
  return {};
}

ClusterAnswer ClusterService::AnswerAgain(ports::Transaction& transaction, const model::OperationId& id) const {
  ClusterAnswer answer;
  answer.operation = transaction.journal().FindOperation(id);
  if (!answer.operation) return answer;
  const std::optional<model::Cluster> cluster = transaction.clusters().Find(answer.operation->cluster);
  if (cluster) answer.cluster = Describe(transaction, *cluster);
  return answer;
}

Result<ClusterDetails> ClusterService::GetCluster(const std::string& name) const {
  Result<ClusterDetails> details = ClusterDetails{};
  store_.Read([&](ports::Transaction& transaction) {
    const Result<model::Cluster> cluster = FindCluster(transaction, name);
    if (cluster.ok()) {
      details = Describe(transaction, *cluster);
    } else {
      details = cluster.error();
    }
  });
  return details;
}

Result<Page<ClusterDetails>> ClusterService::ListClusters(const ListRequest& request) const {
  constexpr std::string_view kScope = "clusters";
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(kScope, request));
  const Observed observed = Observe();
  std::vector<ClusterDetails> rows;
  store_.Read([&](ports::Transaction& transaction) {
    Fences fences;
    for (const model::Cluster& cluster : transaction.clusters().List(OneMore(page))) {
      rows.push_back(DescribeAs(transaction, cluster, observed, fences));
    }
  });
  return MakePage(std::move(rows), page, kScope, [](const ClusterDetails& row) { return row.cluster.name; });
}

Result<Page<RevisionDetails>> ClusterService::ListClusterRevisions(const std::string& name,
                                                                   const ListRequest& request) const {
  Result<Page<RevisionDetails>> page = Page<RevisionDetails>{};
  store_.Read([&](ports::Transaction& transaction) {
    const Result<model::Cluster> cluster = FindCluster(transaction, name);
    if (cluster.ok()) {
      page = ListRevisions(transaction, *cluster, request);
    } else {
      page = cluster.error();
    }
  });
  return page;
}

ClusterDetails ClusterService::Describe(ports::Transaction& transaction, const model::Cluster& cluster) const {
  Fences fences;
  return DescribeAs(transaction, cluster, Observe(), fences);
}

ClusterDetails ClusterService::DescribeAs(ports::Transaction& transaction, const model::Cluster& cluster,
                                          const Observed& observed, Fences& fences) {
  ClusterDetails details =
      DescribeCluster(cluster, LoadPlanned(transaction, cluster.uid, fences), observed.facts, observed.now);
  if (const Status status = CheckPending(transaction, cluster, observed); !status.ok()) {
    details.notices.push_back("what waits for the maintenance window cannot be done: " + status.error().message);
  }
  if (!cluster.operation.empty()) details.operation = transaction.journal().FindOperation(cluster.operation);
  if (details.operation && details.operation->status != model::OperationStatus::kRunning) details.operation.reset();
  return details;
}

}  // namespace cacheplane::service
