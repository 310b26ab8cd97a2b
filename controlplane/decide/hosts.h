// What placement and replacement have in common: which hosts can take a node of the cluster, and which addresses are
// free.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// Null when no host of that agent is known.
const HostView* HostOf(const ClusterView& view, const model::AgentName& agent);

// The newest image of the cluster's version on the host: "8.0.1" for "8.0"; empty when it has none.
std::string ImageFor(const model::Host& host, const model::ClusterSpec& spec);

// Why the host cannot take one more node; empty when it can. `already`: bytes given away on it but not reserved yet.
std::string WhyHostCannot(const HostView& host, const ClusterView& view, std::int64_t already = 0);

// Zones of the cluster's subnet group, sorted.
std::vector<std::string> ZonesOf(const ClusterView& view);

struct FreeAddress {
  std::string subnet;
  std::string ip;
};

// The lowest free one of the zone that is not `taken`; nothing when its subnets are full.
std::optional<FreeAddress> FindAddress(const ClusterView& view, const std::string& zone,
                                       const std::set<std::string>& taken = {});

}  // namespace cacheplane::decide
