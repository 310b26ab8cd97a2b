// UpdateService: newer patch levels that hosts have on disk, and how far clusters are with them. Nothing of it is
// stored: it follows from hosts, nodes, facts and operations of kind update-nodes. Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/cluster_updates.h"
#include "controlplane/service/paging.h"

namespace cacheplane::service {

class UpdateService {
 public:
  using Wanted = std::function<bool(const ClusterUpdate&)>;

  // The references must outlive the service.
  UpdateService(ports::Store& store, const ports::FactSource& facts, const Clock& clock)
      : store_(store), facts_(facts), clock_(clock) {}

  // Those that are wanted, of every cluster; by its name, and by the patch level's. kInvalidArgument for a bad page.
  Result<Page<ClusterUpdate>> ListClusterUpdates(const Wanted& wanted, const ListRequest& request) const;
  // All of them.
  std::vector<ClusterUpdate> ClusterUpdates() const;
  // Of one cluster, whatever the case of its name; none for a name that no cluster has.
  std::vector<ClusterUpdate> UpdatesOfCluster(const std::string& name) const;
  // Those that a node of some cluster could take; by engine and version. kInvalidArgument for a bad page.
  Result<Page<PatchLevel>> ListPatchLevels(const ListRequest& request) const;

 private:
  ports::Store& store_;
  const ports::FactSource& facts_;
  const Clock& clock_;
};

}  // namespace cacheplane::service
