// What the endpoints of a cluster point at.
#pragma once

#include <optional>
#include <string>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// No endpoint of the cluster leads anywhere.
bool LeadsNowhere(const ClusterView& view);

// PublishEndpoints when the targets should change. The first publication waits until every node is verified; later the
// reader endpoint drops replicas that left and takes them back when they are in sync, and neither is ever empty.
std::optional<Step> DecideEndpoints(const ClusterView& view, const Policy& policy);

// Readers may still be led to a replica that they were to be led away from; nothing: nobody leads them there.
std::optional<std::string> WhyReadersMayCome(const ClusterView& view);

// Why no router serves the newest version of this cluster's endpoints; nothing when one does.
std::optional<std::string> WhyNotServed(const ClusterView& view);

// CutClients for a node that stepped down, once every router leads elsewhere. Nothing when there is none, or not yet.
std::optional<Step> DecideCut(const ClusterView& view);

}  // namespace cacheplane::decide
