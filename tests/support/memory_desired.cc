// Clusters and networks of the MemoryStore.
#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "common/text.h"
#include "tests/support/memory_tables.h"

namespace cacheplane::test {
namespace {

model::Cluster InLowerCase(model::Cluster cluster) {
  cluster.name = ToLower(cluster.name);
  cluster.spec.subnet_group = ToLower(cluster.spec.subnet_group);
  for (std::string& group : cluster.spec.security_groups) group = ToLower(group);
  return cluster;
}

std::map<std::string, model::Cluster> ByName(const std::map<model::ClusterUid, model::Cluster>& clusters) {
  std::map<std::string, model::Cluster> by_name;
  for (const auto& [uid, cluster] : clusters) by_name.emplace(cluster.name, cluster);
  return by_name;
}

// Lower case, sorted, each subnet once.
model::SubnetGroup Normal(model::SubnetGroup group) {
  group.name = ToLower(group.name);
  for (std::string& subnet : group.subnets) subnet = ToLower(subnet);
  std::sort(group.subnets.begin(), group.subnets.end());
  group.subnets.erase(std::unique(group.subnets.begin(), group.subnets.end()), group.subnets.end());
  return group;
}

Status CheckSubnets(const MemoryState& state, const model::SubnetGroup& group) {
  for (const std::string& subnet : group.subnets) {
    if (!state.subnets->contains(subnet)) return NotFound("no subnet " + subnet);
  }
  return {};
}

template <typename Map, typename Condition>
bool AnyIn(const Map& table, Condition condition) {
  return std::any_of(table.begin(), table.end(), [&](const auto& row) { return condition(row.second); });
}

bool Holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

template <typename Map>
Status RemoveUnused(Map& table, const std::string& name, bool in_use) {
  if (!table.contains(name)) return NotFound("no " + name);
  if (in_use) return FailedPrecondition(name + " is in use");
  table.erase(name);
  return {};
}

}  // namespace

Status MemoryClusters::CheckReferences(const model::Cluster& cluster) const {
  if (!state_.subnet_groups->contains(cluster.spec.subnet_group)) {
    return NotFound("no subnet group " + cluster.spec.subnet_group);
  }
  for (const std::string& group : cluster.spec.security_groups) {
    if (!state_.security_groups->contains(group)) return NotFound("no security group " + group);
  }
  return {};
}

Status MemoryClusters::Insert(const model::Cluster& cluster) {
  const model::Cluster row = InLowerCase(cluster);
  if (Find(row.uid) || Find(row.name)) return AlreadyExists("cluster " + row.name + " already exists");
  CP_RETURN_IF_ERROR(CheckReferences(row));
  state_.Change(state_.clusters).emplace(row.uid, row);
  KeepRevision(row);
  return {};
}

Status MemoryClusters::Update(const model::Cluster& cluster) {
  model::Cluster row = InLowerCase(cluster);
  const auto stored = Find(row.uid);
  if (!stored) return NotFound("no cluster " + row.name);
  row.name = stored->name;
  CP_RETURN_IF_ERROR(CheckReferences(row));
  state_.Change(state_.clusters).insert_or_assign(row.uid, row);
  if (row.generation > stored->generation) KeepRevision(row);
  return {};
}

void MemoryClusters::KeepRevision(const model::Cluster& cluster) {
  auto& revisions = state_.Change(state_.revisions);
  revisions.insert_or_assign({cluster.uid, cluster.generation}, model::RevisionOf(cluster));
  auto oldest = revisions.lower_bound({cluster.uid, 0});
  const auto end = revisions.upper_bound({cluster.uid, std::numeric_limits<std::uint64_t>::max()});
  for (auto kept = std::distance(oldest, end); kept > ports::kMostRevisions; --kept) oldest = revisions.erase(oldest);
}

std::vector<model::Revision> MemoryClusters::Revisions(const model::ClusterUid& uid, std::uint64_t below, int limit) {
  std::vector<model::Revision> newest_first;
  auto row = state_.revisions->lower_bound({uid, below == 0 ? std::numeric_limits<std::uint64_t>::max() : below});
  while (row != state_.revisions->begin() && std::cmp_less(newest_first.size(), limit)) {
    --row;
    if (row->first.first != uid) break;
    newest_first.push_back(row->second);
  }
  return newest_first;
}

void MemoryClusters::Remove(const model::ClusterUid& uid) {
  const auto hangs_on = [&](const auto& row) { return row.second.cluster == uid; };
  std::erase_if(state_.Change(state_.shards), hangs_on);
  std::erase_if(state_.Change(state_.nodes), hangs_on);
  std::erase_if(state_.Change(state_.endpoints), hangs_on);
  std::erase_if(state_.Change(state_.revisions), [&](const auto& row) { return row.first.first == uid; });
  state_.Change(state_.clusters).erase(uid);
}

std::optional<model::Cluster> MemoryClusters::Find(const std::string& name) {
  const std::string lower = ToLower(name);
  for (const auto& [uid, cluster] : *state_.clusters) {
    if (cluster.name == lower) return cluster;
  }
  return std::nullopt;
}

std::optional<model::Cluster> MemoryClusters::Find(const model::ClusterUid& uid) {
  return FindIn(*state_.clusters, uid);
}

std::vector<model::Cluster> MemoryClusters::List(const ports::PageRequest& page) {
  return PageOf(ByName(*state_.clusters), ToLower(page.after), page.limit);
}

std::vector<model::ClusterUid> MemoryClusters::Uids() {
  std::vector<model::ClusterUid> uids;
  for (const auto& [name, cluster] : ByName(*state_.clusters)) uids.push_back(cluster.uid);
  return uids;
}

Status MemoryNetwork::InsertSubnet(const model::Subnet& subnet) {
  model::Subnet row = subnet;
  row.name = ToLower(subnet.name);
  if (!state_.Change(state_.subnets).emplace(row.name, row).second) return AlreadyExists("subnet " + row.name);
  return {};
}

Status MemoryNetwork::RemoveSubnet(const std::string& name) {
  const std::string lower = ToLower(name);
  const bool in_use =
      AnyIn(*state_.subnet_groups, [&](const model::SubnetGroup& group) { return Holds(group.subnets, lower); }) ||
      AnyIn(*state_.nodes, [&](const model::Node& node) { return node.subnet == lower; }) ||
      AnyIn(*state_.endpoints, [&](const model::Endpoint& endpoint) { return endpoint.subnet == lower; });
  return RemoveUnused(state_.Change(state_.subnets), lower, in_use);
}

std::optional<model::Subnet> MemoryNetwork::FindSubnet(const std::string& name) {
  return FindIn(*state_.subnets, ToLower(name));
}

std::vector<model::Subnet> MemoryNetwork::Subnets(const ports::PageRequest& page) {
  return PageOf(*state_.subnets, ToLower(page.after), page.limit);
}

Status MemoryNetwork::InsertSubnetGroup(const model::SubnetGroup& group) {
  const model::SubnetGroup row = Normal(group);
  if (state_.subnet_groups->contains(row.name)) return AlreadyExists("subnet group " + row.name);
  CP_RETURN_IF_ERROR(CheckSubnets(state_, row));
  state_.Change(state_.subnet_groups).emplace(row.name, row);
  return {};
}

Status MemoryNetwork::UpdateSubnetGroup(const model::SubnetGroup& group) {
  const model::SubnetGroup row = Normal(group);
  if (!state_.subnet_groups->contains(row.name)) return NotFound("no subnet group " + row.name);
  CP_RETURN_IF_ERROR(CheckSubnets(state_, row));
  state_.Change(state_.subnet_groups).insert_or_assign(row.name, row);
  return {};
}

Status MemoryNetwork::RemoveSubnetGroup(const std::string& name) {
  const std::string lower = ToLower(name);
  const bool in_use =
      AnyIn(*state_.clusters, [&](const model::Cluster& cluster) { return cluster.spec.subnet_group == lower; });
  return RemoveUnused(state_.Change(state_.subnet_groups), lower, in_use);
}

std::optional<model::SubnetGroup> MemoryNetwork::FindSubnetGroup(const std::string& name) {
  return FindIn(*state_.subnet_groups, ToLower(name));
}

std::vector<model::SubnetGroup> MemoryNetwork::SubnetGroups(const ports::PageRequest& page) {
  return PageOf(*state_.subnet_groups, ToLower(page.after), page.limit);
}

Status MemoryNetwork::InsertSecurityGroup(const model::SecurityGroup& group) {
  model::SecurityGroup row = group;
  row.name = ToLower(group.name);
  const bool added = state_.Change(state_.security_groups).emplace(row.name, row).second;
  return added ? Status() : AlreadyExists("security group " + row.name);
}

Status MemoryNetwork::UpdateSecurityGroup(const model::SecurityGroup& group) {
  model::SecurityGroup row = group;
  row.name = ToLower(group.name);
  if (!state_.security_groups->contains(row.name)) return NotFound("no security group " + row.name);
  state_.Change(state_.security_groups).insert_or_assign(row.name, row);
  return {};
}

Status MemoryNetwork::RemoveSecurityGroup(const std::string& name) {
  const std::string lower = ToLower(name);
  const bool in_use = AnyIn(*state_.clusters,
                            [&](const model::Cluster& cluster) { return Holds(cluster.spec.security_groups, lower); });
  return RemoveUnused(state_.Change(state_.security_groups), lower, in_use);
}

std::optional<model::SecurityGroup> MemoryNetwork::FindSecurityGroup(const std::string& name) {
  return FindIn(*state_.security_groups, ToLower(name));
}

std::vector<model::SecurityGroup> MemoryNetwork::SecurityGroups(const ports::PageRequest& page) {
  return PageOf(*state_.security_groups, ToLower(page.after), page.limit);
}

}  // namespace cacheplane::test
