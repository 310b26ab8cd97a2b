// Newer patch levels of what nodes are made of, as far as their hosts have them on disk.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controlplane/model/cluster.h"
#include "controlplane/model/facts.h"
#include "controlplane/model/operation.h"
#include "controlplane/model/plan.h"

namespace cacheplane::model {

// "8.0.10" is one of "8.0".
bool IsPatchLevelOf(std::string_view full, std::string_view version);

// The newest that the node's host has, "8.0.10"; empty when that is no newer than the node's, or the node is made of
// something else than is defined.
std::string UpdateFor(const ClusterSpec& spec, const Node& node, const std::vector<Host>& hosts);

// The newest of all nodes'; empty when there is none.
std::string NewestUpdate(const ClusterSpec& spec, const std::vector<Node>& nodes, const std::vector<Host>& hosts);

// Made of what it was made of when the update began.
bool IsAsBefore(const Node& node, const Operation& update);

}  // namespace cacheplane::model
