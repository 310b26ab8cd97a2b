#include "controlplane/gateway/aws/operations/members.h"

#include <algorithm>

#include "common/text.h"

namespace cacheplane::gateway::aws {
namespace {

std::vector<GroupMember> PlacedMembers(const service::ClusterDetails& details) {
  std::vector<GroupMember> members;
  for (const service::ShardDetails& shard : details.shards) {
    for (const service::NodeDetails& node : shard.nodes) members.push_back({node.node.name.str(), &node});
  }
  return members;
}

// With the lowest number that is free, as new nodes get it.
std::string FreeName(const std::vector<GroupMember>& members, const std::string& cluster) {
  for (int ordinal = 1;; ++ordinal) {
    const std::string name = model::NodeNameOf(cluster, ordinal).str();
    const auto taken = [&](const GroupMember& member) { return member.id == name; };
    if (std::none_of(members.begin(), members.end(), taken)) return name;
  }
}

// While its node gives way to another, the one that is written to.
const service::NodeDetails* PrimaryOf(const service::ClusterDetails& details) {
  for (const service::ShardDetails& shard : details.shards) {
    for (const service::NodeDetails& node : shard.nodes) {
      if (node.node.role == model::Role::kPrimary) return &node;
    }
  }
  return nullptr;
}

}  // namespace

bool StandsAlone(const service::ClusterDetails& details) {
  return details.cluster.form == model::ClusterForm::kCacheCluster;
}

std::vector<GroupMember> MembersOf(const service::ClusterDetails& details) {
  const model::Cluster& cluster = details.cluster;
  if (StandsAlone(details)) return {{cluster.name, PrimaryOf(details)}};
  std::vector<GroupMember> members = PlacedMembers(details);
  // One that is impaired may be on its way to more nodes.
  const bool places = cluster.status == model::ClusterStatus::kCreating ||
                      cluster.status == model::ClusterStatus::kModifying ||
                      cluster.status == model::ClusterStatus::kImpaired;
  const auto wanted = static_cast<std::size_t>(places ? model::NodesPerShard(cluster.spec) : 0);
  while (members.size() < wanted) members.push_back({FreeName(members, cluster.name), nullptr});
  std::sort(members.begin(), members.end(), [](const GroupMember& a, const GroupMember& b) { return a.id < b.id; });
  return members;
}

std::string NextMemberOf(const service::ClusterDetails& details) {
  return FreeName(MembersOf(details), details.cluster.name);
}

GroupMember MemberNamed(const service::ClusterDetails& details, const std::string& id) {
  for (const GroupMember& member : MembersOf(details)) {
    if (member.id == ToLower(id)) return member;
  }
  return {};
}

std::string SnapshottingMember(const service::ClusterDetails& details) {
  const std::vector<GroupMember> members = MembersOf(details);
  return members.empty() ? "" : members.front().id;
}

}  // namespace cacheplane::gateway::aws
