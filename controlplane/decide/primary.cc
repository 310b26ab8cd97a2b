#include "controlplane/decide/primary.h"

#include <algorithm>

namespace cacheplane::decide {
namespace {

// A primary has been open in the present epoch.
bool WasOpen(const model::Shard& shard) { return shard.attached == shard.epoch; }

// The process is gone, and there is no permit left to start it.
bool IsGone(const ClusterView& view, const NodeView& primary) {
  const bool stopped =
      primary.agent_connected && primary.facts && primary.facts->process == model::ProcessState::kStopped;
  return stopped && (primary.facts->boot >= primary.planned.boot || !model::HoldsPermit(primary.planned, *view.shard));
}

// One in which neither a primary was open nor a permit was granted, and whose number is above every permit's so far.
model::Epoch UnusedEpoch(const model::Shard& shard, const NodeView& primary) {
  const std::uint64_t last_boot = std::max(primary.planned.boot.value, primary.facts->boot.value);
  const bool used = WasOpen(shard) || last_boot >= shard.epoch.value;
  return used ? model::Epoch{std::max(shard.epoch.value, last_boot) + 1} : shard.epoch;
}

bool NeverPublished(const ClusterView& view) {
  return std::all_of(view.endpoints.begin(), view.endpoints.end(),
                     [](const model::Endpoint& endpoint) { return endpoint.version == 0; });
}

// Reported in the epoch in which it follows nobody, so that it cannot have received anything since. An engine that
// never synchronised reports an offset of 0 or 1.
bool HoldsNothing(const ClusterView& view, const NodeView& replica) {
  return replica.facts && replica.facts->process == model::ProcessState::kRunning &&
         replica.facts->epoch == view.shard->epoch && !WasOpen(*view.shard) && replica.facts->replication_offset <= 1;
}

// Why a start cannot lose data; empty when it could.
std::string WhySafe(const ClusterView& view, const NodeView& primary) {
  const std::vector<const NodeView*> replicas = ReplicasOf(view);
  if (primary.facts->clean_stop == view.shard->attached) return "it stopped with its data saved";
  if (NeverPublished(view)) return "no client has written yet";
  if (replicas.empty()) return "the shard's only node; what it held in memory is lost";
  const auto holds_nothing = [&](const NodeView* replica) { return HoldsNothing(view, *replica); };
  if (std::all_of(replicas.begin(), replicas.end(), holds_nothing)) return "no replica holds data";
  return {};
}

}  // namespace

std::optional<Step> DecidePrimary(const ClusterView& view) {
  const NodeView& primary = *PrimaryOf(view);
  if (!IsGone(view, primary)) return std::nullopt;
  const std::string safe = WhySafe(view, primary);
  if (!safe.empty()) return StartPrimary{primary.planned.name, UnusedEpoch(*view.shard, primary), safe};
  if (WasOpen(*view.shard)) return DetachReplicas{view.shard->epoch.Next()};
  return Blocked{
      fmt::format("the primary {} ended ({}) and its replicas may hold data that a restart would wipe; it waits "
                  "for the promotion of a replica, which is not built yet",
                  primary.planned.name, primary.facts->exit_reason)};
}

}  // namespace cacheplane::decide
