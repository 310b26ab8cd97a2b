// Who takes over: one pure choice, with a reason for everybody who was not chosen.
#pragma once

#include <string>
#include <vector>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

struct Choice {
  const NodeView* candidate = nullptr;   // null: nobody can take over, or not yet
  std::vector<std::string> passed_over;  // "orders-003: 120 bytes behind orders-002", one for every other replica
  bool waiting = false;                  // a replica that can answer has not yet said what it holds
};

// The replica with the highest offset in the former primary's history, or, when none shares that, in the history that
// most replicas share: offsets of two histories say nothing about each other. Only what a replica reports after it was
// detached counts. `wanted` is taken when it is fit and nobody has more.
Choice ChooseCandidate(const ClusterView& view, const Policy& policy, const model::NodeName& wanted = {});

// What to do about a detached shard whose primary is gone: PromoteReplica, Waiting for reports or for the flap guard,
// or Blocked with everybody's reason. `unproven`: the primary, when its end is not proven.
Step DecidePromotion(const ClusterView& view, const Policy& policy, const std::string& why,
                     std::optional<model::Incarnation> unproven);

// `node` has what `other` lacks: they share a history, or `other` holds nothing.
bool HoldsMore(const NodeView& node, const NodeView& other);

// It holds data, or as much of nothing as everybody else: an engine that never synchronised reports an offset of 0 or 1
// in a history of its own, and one whose primary has never been written to in that one's.
bool HasSynced(const ClusterView& view, const NodeView& node);

// Automatically, or because somebody asked for a change of primary.
bool MayPromote(const ClusterView& view);

// The replica says that it follows nobody, and has done so since it was last taken from its primary. Means something
// only while no primary has been seen open since (model::IsAttached).
bool IsDetached(const ClusterView& view, const NodeView& replica);

}  // namespace cacheplane::decide
