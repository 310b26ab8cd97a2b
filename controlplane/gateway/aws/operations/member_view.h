// A member of a replication group, or a cluster that stands alone, as a CacheCluster of the API. Pure.
//
// CacheClusterStatus, chosen so that neither the SDKs' waiters nor Terraform's misread it or wait in vain:
//
//   our node                              | CacheClusterStatus      | CacheNodeStatus
//   --------------------------------------+-------------------------+----------------
//   not placed yet, creating              | creating                | creating
//   available                             | available               | available
//   named by a reboot, until it is back   | rebooting cluster nodes | rebooting
//   modifying; impaired (it is worked on) | modifying               | rebooting
//   named by a removal; deleting          | deleting                | deleting
//   stopped (it stays so)                 | incompatible-network    | rebooting
//
// One that stands alone has the status of its cluster, not of a node: while its node gives way to another there are
// two. An operation under way makes it "rebooting cluster nodes" or "modifying". Its endpoint is that of its cluster,
// which stays when its node goes.
#pragma once

#include <string>
#include <string_view>

#include "controlplane/gateway/aws/call.h"
#include "controlplane/gateway/aws/operations/members.h"
#include "controlplane/service/cluster_service.h"

namespace cacheplane::gateway::aws {

// The one node of each member.
inline constexpr const char* kOnlyNode = "0001";

std::string_view MemberStatusOf(const service::ClusterDetails& details, const GroupMember& member);

struct MemberShown {
  std::string region;
  bool nodes = false;  // CacheNodes as well; none before the node has its address
};

// `member` is one of `details`.
Json MemberJson(const service::ClusterDetails& details, const GroupMember& member, const MemberShown& shown);

// The cache cluster of that id as a call answered it; one that is gone by now, which a repeated call's may be, has its
// id and the status deleting.
Json MemberJson(const service::ClusterAnswer& answer, const std::string& id, const std::string& region);

// What an address is to the API.
Json EndpointJson(const model::Address& address);

}  // namespace cacheplane::gateway::aws
