// A replica whose host is lost is replaced on another host, under its name, in the zone if it can be had.
//
//   lost (silent for Policy::replace_after) ──► ReplaceNode, in a new epoch: the new incarnation follows nobody
//   primary seen open in that epoch         ──► AttachReplicas: it follows, and synchronises
//   listed online by the primary            ──► FinishRecovery
//
// Only replicas are replaced, and only while the primary is verified: no copy of the data is given up that could be
// the only one. A primary on a lost host is a replica by plan once another took over. Nothing is moved back.
#pragma once

#include <optional>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// Call it once the primary is verified and attached. ReplaceNode, or Waiting with the reason why a lost replica is not
// replaced now: nothing is suitable, others come first, or most hosts are silent, so that it may be us who are cut off.
// Nothing when no replica is lost, or another of the shard is being replaced.
std::optional<Step> DecideReplacement(const ClusterView& view, const Policy& policy);

// Hosts and subnets are needed to decide about the cluster: it is not placed, or a node may be lost before long, and it
// matters whether most hosts are silent meanwhile.
bool NeedsHosts(const ClusterView& view, const Policy& policy);

// Why nobody else joins a shard in the whole installation now; empty when somebody may.
std::string WhyNoMoreJoin(const ClusterView& view, const Policy& policy);

// More than half of all known hosts are silent.
bool MostHostsAreSilent(const ClusterView& view);

}  // namespace cacheplane::decide
