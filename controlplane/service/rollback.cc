#include "controlplane/service/rollback.h"

#include <fmt/format.h>

#include "controlplane/service/history.h"
#include "controlplane/service/proposal.h"
#include "controlplane/service/update_mask.h"

namespace cacheplane::service {

Result<ClusterChange> PrepareRollback(ports::Transaction& transaction, const RollbackClusterRequest& request,
                                      const Observed& observed, WallTime now) {
  CP_ASSIGN_OR_RETURN(const model::Cluster cluster,
                      FindToRedefine(transaction, request.name, request.etag, request.check_revision));
  CP_ASSIGN_OR_RETURN(model::Revision target, FindRevision(transaction, cluster, request.revision));
  model::ClusterSpec& spec = target.definition.spec;
  const bool same_nodes =
      spec.replicas_per_shard == cluster.spec.replicas_per_shard && spec.subnet_group == cluster.spec.subnet_group;
  spec.preferred_zones = same_nodes ? cluster.spec.preferred_zones : std::vector<std::string>();
  const Proposal proposal{.spec = spec,
                          .apply_immediately = request.apply_immediately,
                          .fields = ChangedFields(AskedFor(cluster), spec),
                          .origin = {model::RevisionCause::kRollback, {}, target.number},
                          .deed = fmt::format("rolled back to revision {}", target.number)};
  Result<ClusterChange> change = PrepareProposal(transaction, cluster, proposal, observed, now);
  if (change.ok()) return change;
  return Annotate(change.error(), fmt::format("revision: {} cannot be restored", target.number));
}

}  // namespace cacheplane::service
