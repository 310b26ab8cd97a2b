// A member of a replication group as a CacheCluster of the API. Pure.
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
#pragma once

#include <string>
#include <string_view>

#include "controlplane/gateway/aws/call.h"
#include "controlplane/gateway/aws/operations/members.h"

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

// What an address is to the API.
Json EndpointJson(const model::Address& address);

}  // namespace cacheplane::gateway::aws
