// Parameters that stand for one field of a definition each, and the settings that both replication groups and cache
// clusters have of them. Pure.
#pragma once

#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/gateway/aws/call.h"
#include "controlplane/service/requests.h"

namespace cacheplane::gateway::aws {

// Fields of `draft` as `input` has them; one that was not sent is absent there, too.
void SetFields(const Json& input, service::ClusterDraft& draft);

// Of the cluster of that name, with what `call` asks for. The mask is empty when no modification was asked for.
service::ModifyClusterRequest ModificationOf(const Call& call, const std::string& cluster);

// The first parameter sent that a group has, and not each of its members; empty when there is none.
std::string GivenToGroupAlone(const Json& input);

}  // namespace cacheplane::gateway::aws
