#include "controlplane/decide/endpoints.h"

#include <algorithm>

#include "controlplane/decide/handover.h"
#include "controlplane/decide/moving.h"
#include "controlplane/decide/verify.h"

namespace cacheplane::decide {
namespace {

const model::Endpoint* Find(const ClusterView& view, model::EndpointKind kind) {
  for (const model::Endpoint& endpoint : view.endpoints) {
    if (endpoint.kind == kind) return &endpoint;
  }
  return nullptr;
}

bool IsTarget(const model::Endpoint& endpoint, const NodeView& node) {
  return std::find(endpoint.targets.begin(), endpoint.targets.end(), node.planned.address) != endpoint.targets.end();
}

// The primary's word on the replica: it tells a dead agent from a dead host.
bool IsListedOnline(const ClusterView& view, const NodeView& replica) {
  const std::vector<model::ReplicaFacts>& listed = PrimaryOf(view)->facts->replicas;
  return std::any_of(listed.begin(), listed.end(), [&](const model::ReplicaFacts& facts) {
    return facts.address == replica.planned.address && facts.state == "online";
  });
}

// An engine that never synchronised reports an offset of 0 or 1.
bool HoldsData(const NodeView& replica) {
  return replica.facts && replica.facts->process == model::ProcessState::kRunning &&
         replica.facts->role == model::Role::kReplica && replica.facts->replication_offset > 1;
}

// Its link broke a moment ago, as it does whenever the primary changes or dies: what it holds is good to read.
bool FollowedUntilNow(const NodeView& replica, const Policy& policy) {
  return HoldsData(replica) && std::chrono::seconds(replica.facts->link_down_seconds) < policy.reader_grace;
}

// A replica in sync serves reads; one that already does goes on while its primary is down or its agent is silent, since
// its data are no older than they were.
bool ServesReads(const ClusterView& view, const model::Endpoint& reader, const NodeView& replica, bool primary_verified,
                 const Policy& policy) {
  if (!WhyReplicaNotVerified(view, replica, policy)) return true;
  if (!IsTarget(reader, replica)) return false;
  if (!IsSilent(replica, policy) && FollowedUntilNow(replica, policy)) return true;
  if (IsSilent(replica, policy) || !replica.facts) return !primary_verified || IsListedOnline(view, replica);
  return !primary_verified && replica.facts->process == model::ProcessState::kRunning;
}

bool IsDown(const NodeView& primary) {
  return primary.facts && primary.facts->process != model::ProcessState::kRunning;
}

// Replicas often report a broken link before their primary is reported dead, and are left for it: then what they hold
// is the best there is.
void TakeBackWhatHoldsData(const ClusterView& view, std::vector<model::Address>& targets) {
  for (const NodeView* replica : ReplicasOf(view)) {
    if (HoldsData(*replica)) targets.push_back(replica->planned.address);
  }
}

std::vector<model::Address> ReaderTargets(const ClusterView& view, const model::Endpoint& reader, bool primary_verified,
                                          const Policy& policy) {
  std::vector<model::Address> targets;
  for (const NodeView* replica : ReplicasOf(view)) {
    if (replica->planned.readers_away && primary_verified) continue;
    if (ServesReads(view, reader, *replica, primary_verified, policy)) targets.push_back(replica->planned.address);
  }
  if (targets.empty() && IsDown(*PrimaryOf(view))) TakeBackWhatHoldsData(view, targets);
  if (targets.empty()) targets.push_back(PrimaryOf(view)->planned.address);
  std::sort(targets.begin(), targets.end());
  return targets;
}

}  // namespace

bool LeadsNowhere(const ClusterView& view) {
  return std::all_of(view.endpoints.begin(), view.endpoints.end(),
                     [](const model::Endpoint& endpoint) { return endpoint.targets.empty(); });
}

std::optional<Step> DecideEndpoints(const ClusterView& view, const Policy& policy) {
  const model::Endpoint* primary = Find(view, model::EndpointKind::kPrimary);
  const model::Endpoint* reader = Find(view, model::EndpointKind::kReader);
  if (primary == nullptr || reader == nullptr) return std::nullopt;
  const bool first_time = primary->version == 0;
  if (first_time && WhyNotVerified(view, policy)) return std::nullopt;
  const bool primary_verified = !WhyPrimaryNotVerified(view, policy);
  if (LeadsNowhere(view) && !primary_verified) return std::nullopt;
  // Clients are led away from a primary that hands over only when its successor is open.
  if (IsHandingOver(view) && !primary_verified) return std::nullopt;
  PublishEndpoints wanted{{PrimaryOf(view)->planned.address}, ReaderTargets(view, *reader, primary_verified, policy)};
  // When the last node has the new port: until then clients know the old one.
  const bool moved = primary->address.port != view.cluster.spec.port && NextToLeave(view) == nullptr;
  if (moved) wanted.port = view.cluster.spec.port;
  if (!moved && wanted.primary == primary->targets && wanted.reader == reader->targets) return std::nullopt;
  return wanted;
}

std::optional<Step> DecideCut(const ClusterView& view) {
  const model::Endpoint* primary = Find(view, model::EndpointKind::kPrimary);
  if (primary == nullptr || !IsTarget(*primary, *PrimaryOf(view)) || WhyNotServed(view)) return std::nullopt;
  for (const NodeView* replica : ReplicasOf(view)) {
    const model::Node& node = replica->planned;
    if (node.stepped_down > node.cut) return CutClients{node.name, node.stepped_down};
  }
  return std::nullopt;
}

std::optional<std::string> WhyReadersMayCome(const ClusterView& view) {
  return view.routers.any_connected ? WhyNotServed(view) : std::nullopt;
}

std::optional<std::string> WhyNotServed(const ClusterView& view) {
  std::uint64_t newest = 0;
  for (const model::Endpoint& endpoint : view.endpoints) newest = std::max(newest, endpoint.version);
  if (!view.routers.any_connected) return "no router is connected to serve the endpoints";
  if (view.routers.served_version >= newest) return std::nullopt;
  if (!view.routers.problem.empty()) return "the router cannot serve the endpoints: " + view.routers.problem;
  return fmt::format("the router serves endpoint map {}, not yet {}", view.routers.served_version, newest);
}

}  // namespace cacheplane::decide
