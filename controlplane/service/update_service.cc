#include "controlplane/service/update_service.h"

#include <algorithm>
#include <set>

#include "common/text.h"
#include "controlplane/service/cluster_changes.h"

namespace cacheplane::service {
namespace {

// Of a cluster's operations as many are looked at, the newest, and the one that runs: an update is told for a week at
// most.
constexpr int kLatestOperations = 100;

std::vector<model::Operation> LatestOf(ports::JournalTable& journal, const model::Cluster& cluster) {
  std::vector<model::Operation> operations = journal.Operations(cluster.name, {"", kLatestOperations});
  const bool known = std::any_of(operations.begin(), operations.end(),
                                 [&](const model::Operation& operation) { return operation.id == cluster.operation; });
  const auto running = known ? std::nullopt : journal.FindOperation(cluster.operation);
  if (running) operations.push_back(*running);
  return operations;
}

std::vector<ClusterUpdate> Load(ports::Transaction& transaction, const model::Cluster& cluster,
                                const Observed& observed, const std::vector<model::Host>& hosts, WallTime now) {
  std::vector<NodeDetails> nodes;
  for (const model::Node& node : transaction.plan().Nodes(cluster.uid)) {
    nodes.push_back(DescribeNode(cluster, node, observed.facts, observed.now));
  }
  return UpdatesOf(cluster, nodes, hosts, LatestOf(transaction.journal(), cluster), now);
}

std::string KeyOf(const ClusterUpdate& row) { return row.cluster.name + " " + NameOf(row.level); }

template <typename Row, typename Key>
Page<Row> PageBehind(std::vector<Row> rows, const ports::PageRequest& page, std::string_view scope, Key key_of) {
  std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return key_of(a) < key_of(b); });
  std::erase_if(rows, [&](const Row& row) { return !page.after.empty() && key_of(row) <= page.after; });
  return MakePage(std::move(rows), page, scope, key_of);
}

}  // namespace

std::vector<ClusterUpdate> UpdateService::ClusterUpdates() const {
  const Observed observed{facts_.Snapshot(), clock_.Mono()};
  std::vector<ClusterUpdate> all;
  store_.Read([&](ports::Transaction& transaction) {
    const std::vector<model::Host> hosts = transaction.hosts().Hosts();
    for (const model::ClusterUid& uid : transaction.clusters().Uids()) {
      const std::optional<model::Cluster> cluster = transaction.clusters().Find(uid);
      for (ClusterUpdate& update : Load(transaction, *cluster, observed, hosts, clock_.Now())) {
        all.push_back(std::move(update));
      }
    }
  });
  return all;
}

std::vector<ClusterUpdate> UpdateService::UpdatesOfCluster(const std::string& name) const {
  const Observed observed{facts_.Snapshot(), clock_.Mono()};
  std::vector<ClusterUpdate> updates;
  store_.Read([&](ports::Transaction& transaction) {
    const std::optional<model::Cluster> cluster = transaction.clusters().Find(ToLower(name));
    if (cluster) updates = Load(transaction, *cluster, observed, transaction.hosts().Hosts(), clock_.Now());
  });
  return updates;
}

Result<Page<ClusterUpdate>> UpdateService::ListClusterUpdates(const Wanted& wanted, const ListRequest& request) const {
  constexpr std::string_view kScope = "cluster-updates";
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(kScope, request));
  std::vector<ClusterUpdate> rows = ClusterUpdates();
  std::erase_if(rows, [&](const ClusterUpdate& row) { return !wanted(row); });
  return PageBehind(std::move(rows), page, kScope, KeyOf);
}

Result<Page<PatchLevel>> UpdateService::ListPatchLevels(const ListRequest& request) const {
  constexpr std::string_view kScope = "patch-levels";
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(kScope, request));
  std::set<PatchLevel> levels;
  for (const ClusterUpdate& update : ClusterUpdates()) {
    if (update.is_open) levels.insert(update.level);
  }
  return PageBehind(std::vector<PatchLevel>(levels.begin(), levels.end()), page, kScope, NameOf);
}

}  // namespace cacheplane::service
