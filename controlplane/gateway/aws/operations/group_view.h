// A cluster as a ReplicationGroup of the API. Pure.
//
// Status, chosen so that neither the SDKs' waiters nor Terraform's misread it or wait in vain:
//
//   our cluster                                        | ReplicationGroup.Status | NodeGroup.Status
//   ---------------------------------------------------+-------------------------+-----------------
//   creating                                           | creating                | creating
//   available, no operation under way                  | available               | available
//   available, with one (a test failover, an update)   | modifying               | modifying
//   modifying; impaired (was available, is worked on)  | modifying               | modifying
//   stopped: serves nobody until somebody starts it    | create-failed           | modifying
//   deleting                                           | deleting                | deleting
//
// "create-failed" is the API's one word for a group that serves nobody and does not get better by waiting.
#pragma once

#include <string>
#include <string_view>

#include "controlplane/gateway/aws/call.h"
#include "controlplane/service/cluster_service.h"

namespace cacheplane::gateway::aws {

// The only node group of each group.
inline constexpr const char* kOnlyNodeGroup = "0001";

std::string_view GroupStatusOf(const service::ClusterDetails& details);

Json GroupJson(const service::ClusterDetails& details, const std::string& region);

// The same of what a call answered, which may be that of an earlier one whose cluster is gone by now: then its id and
// the status deleting.
Json GroupJson(const service::ClusterAnswer& answer, const std::string& region);

}  // namespace cacheplane::gateway::aws
