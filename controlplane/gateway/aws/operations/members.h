// What of a cluster is a cache cluster to the API: each node of a replication group, or, of a cluster that stands
// alone, the cluster itself. Pure.
#pragma once

#include <string>
#include <vector>

#include "controlplane/service/cluster_view.h"

namespace cacheplane::gateway::aws {

// Whether it is a cache cluster without a replication group.
bool StandsAlone(const service::ClusterDetails& details);

struct GroupMember {
  std::string id;
  const service::NodeDetails* node = nullptr;  // of the details it was taken from; null: not placed yet
};

// In order of ids. Nodes that are asked for and not placed yet have the names that they will get: a client that waits
// for one is not told that there is none. Of a cluster that stands alone the only one, named like it: its primary.
std::vector<GroupMember> MembersOf(const service::ClusterDetails& details);

// The name of the next replica.
std::string NextMemberOf(const service::ClusterDetails& details);

// The member of that id, in any case of letters; one with an empty id when there is none.
GroupMember MemberNamed(const service::ClusterDetails& details, const std::string& id);

// The one that snapshots are taken of: the first. Empty when there is none.
std::string SnapshottingMember(const service::ClusterDetails& details);

}  // namespace cacheplane::gateway::aws
