// Completes what a caller gave into a whole definition. Pure; no check is made here (validate.h).
#pragma once

#include <string>
#include <string_view>

#include "controlplane/model/cluster.h"
#include "controlplane/service/requests.h"

namespace cacheplane::service {

// Fills in what is absent and brings names, zones aside, to lower case and windows to their stored form:
// engine valkey; the catalogue's default version of the engine, or the one that an alias (catalog.h) stands for; 1
// shard; no replicas; automatic failover exactly when there are replicas; subnet group and security group "default";
// the parameter group "default.<family>"; port 6379; windows derived from `name`, so that clusters spread over the week
// and a retried call gets the same ones; everything else off, but minor version upgrades.
model::ClusterSpec FillDefaults(std::string_view name, const ClusterDraft& draft);

// The same definition with nothing absent.
ClusterDraft ToDraft(const model::ClusterSpec& spec);

}  // namespace cacheplane::service
