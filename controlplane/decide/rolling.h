// A running cluster becomes what its changed definition says, node by node; writers notice one switchover.
//
//   where a host has room          ─► AddReplica: one more, the first that is made of the new; it goes again at the end
//   replica made of something else ─► LeadReadersAway ─routers have it─► RenewNode ─verified─► the next one
//   all replicas renewed           ─► SwitchPrimary: the former primary is the last replica made of something else
//   all nodes renewed              ─► CompleteOperation
//
//   a node that leaves its host is removed instead, once another one is in sync (moving.h)
//
//   a reboot does the same with the nodes that it names, and makes them of what they are made of; its GoBack leaves the
//   rest alone
//
//   the first does not come up, or no handover succeeds ─► GoBack: the definition is as before, and the same happens
//                                                          towards it; then FailOperation
//
// A replica that was in sync since it was made anew is judged no more: what happens to it later is repaired.
//
// Point of no return: the handover to a node that is made of the new. Writes go there from then on, and what is older
// may not be able to read them: whatever fails after it is repaired, not taken back.
//
// Where it stands follows from what is planned and seen. Nothing but the reason for going back is written down.
#pragma once

#include <optional>
#include <string>

#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

// An operation changes nodes one by one: makes them of something else, restarts, adds, removes or moves them.
bool IsRolling(const ClusterView& view);

// The next step of it; Waiting with the reason when it has to wait; nothing when all nodes are made as defined and only
// their verification remains. Call it once the primary is verified and attached, and no lost replica can be replaced.
std::optional<Step> DecideRolling(const ClusterView& view, const Policy& policy);

// GoBack for what was cancelled, as long as there is a way back.
std::optional<Step> DecideCancel(const ClusterView& view);

// FailOperation when it has gone back as far as it can, and a replica is unwell all the same: what is left is repair,
// which needs no operation. Call it before what waits for a repair.
std::optional<Step> EndUnverified(const ClusterView& view, const Policy& policy);

// The same while there is no primary: replicas that do not come up as they were made anew go back, for one of them may
// hold what the shard needs. Nothing else is touched meanwhile.
std::optional<Step> DecideWithoutPrimary(const ClusterView& view, const Policy& policy);

// It takes back what it did, or leaves the rest alone.
bool GoesBack(const ClusterView& view);

// The operation makes nodes of something else; otherwise it adds, removes or moves some, or restarts them as they are.
bool IsRebuilt(const ClusterView& view);

// Planned as defined, and running so as far as is reported.
bool IsRenewed(const ClusterView& view, const NodeView& node);

// The definition as it was before can still be had. A reboot can always leave the rest alone, which is its way back.
bool MayGoBack(const ClusterView& view);

// The one it goes back to: as it was before, with every setting that was changed meanwhile and can be kept.
model::ClusterSpec DefinitionBefore(const ClusterView& view);

// GoBack, when the replica, which has a finding, was made anew or added by this operation and will not come up any
// more; nothing while it may, or once there is no way back.
std::optional<Step> GiveUp(const ClusterView& view, const NodeView& replica, const std::string& finding,
                           const Policy& policy);

// The verified end of it: as asked for, or as before with the reason.
Step EndRolling(const ClusterView& view);

}  // namespace cacheplane::decide
