#include "controlplane/reconcile/load.h"

#include <algorithm>

#include "cache-engine/catalog/catalog.h"
#include "common/check.h"
#include "controlplane/decide/moving.h"
#include "controlplane/decide/replacement.h"
#include "controlplane/model/window.h"
#include "controlplane/reconcile/parameters.h"

namespace cacheplane::reconcile {
namespace {

using decide::ClusterView;
using model::OperationStatus;

constexpr std::chrono::milliseconds kLongestRetry{2000};
constexpr int kLatestOperations = 20;

std::int64_t MemoryOf(const std::string& node_type) {
  const catalog::NodeType* type = catalog::FindNodeType(node_type);
  CP_CHECK(type != nullptr);  // validated before it was stored
  return type->memory_bytes;
}

// A clock that was set back makes it recent, not future.
std::chrono::milliseconds Since(WallTime then, WallTime now) {
  return std::max(std::chrono::milliseconds(0), now - then);
}

decide::NodeView ViewOf(ports::Transaction& tx, const model::Node& node, const ports::FactSnapshot& facts,
                        const ports::Leases& leases, Instant now) {
  decide::NodeView view{.planned = node,
                        .facts = std::nullopt,
                        .agent_connected = false,
                        .silence = now.mono - facts.listening_since,
                        .lease_left = leases.LeftOf(node.incarnation)};
  view.since_renewal = Since(std::max(node.renewed_at, node.joined_at), now.wall);
  if (const auto host = tx.hosts().FindHost(node.agent)) {
    view.fence = host->fence;
    view.admission = host->admission;
  }
  const auto agent = facts.agents.find(node.agent);
  if (agent == facts.agents.end()) return view;
  view.agent_connected = agent->second.connected;
  view.silence = now.mono - std::max(agent->second.heard, facts.listening_since);
  const auto reported = agent->second.nodes->find(node.incarnation);
  if (reported != agent->second.nodes->end()) view.facts = reported->second;
  return view;
}

void LoadHosts(ports::Transaction& tx, const ports::FactSnapshot& facts, WallTime now, ClusterView& view) {
  for (const model::Host& host : tx.hosts().Hosts()) {
    const auto agent = facts.agents.find(host.agent);
    view.hosts.push_back({host, agent != facts.agents.end() && agent->second.connected, 0, 0});
  }
  for (const model::Node& node : tx.plan().AllNodes()) {
    const auto host = std::find_if(view.hosts.begin(), view.hosts.end(), [&](const decide::HostView& candidate) {
      return candidate.host.agent == node.agent;
    });
    if (host == view.hosts.end()) continue;
    host->reserved_bytes += node.memory_bytes;
    ++host->node_count;
    if (model::IsJoining(node) && host->connected) view.replacements.push_back(Since(node.joined_at, now));
  }
}

void LoadSubnets(ports::Transaction& tx, ClusterView& view) {
  const auto group = tx.network().FindSubnetGroup(view.cluster.spec.subnet_group);
  CP_CHECK(group.has_value());  // a foreign key keeps it
  for (const std::string& name : group->subnets) {
    const auto subnet = tx.network().FindSubnet(name);
    CP_CHECK(subnet.has_value());
    const std::vector<std::string> used = tx.plan().UsedAddresses(name);
    view.subnets.push_back({*subnet, {used.begin(), used.end()}});
  }
}

// How long ago the cluster's latest operation of that kind ended; a move that succeeded keeps nobody from another one.
std::chrono::milliseconds SinceLatest(ports::Transaction& tx, const model::Cluster& cluster, model::OperationKind kind,
                                      WallTime now) {
  for (const model::Operation& operation : tx.journal().Operations(cluster.name, {"", kLatestOperations})) {
    if (operation.cluster != cluster.uid || operation.kind != kind) continue;
    const bool nothing_left = kind == model::OperationKind::kMoveNodes && operation.status != OperationStatus::kFailed;
    return nothing_left ? std::chrono::milliseconds::max() : Since(operation.ended.value_or(operation.created), now);
  }
  return std::chrono::milliseconds::max();
}

decide::RoutersView RoutersOf(const ports::FactSnapshot& facts) {
  decide::RoutersView view;
  for (const model::RouterFacts& router : facts.routers) {
    if (!router.connected) continue;
    if (!view.any_connected || router.map_version < view.served_version) {
      view.served_version = router.map_version;
      view.problem = router.problem;
    }
    view.any_connected = true;
  }
  return view;
}

}  // namespace

std::optional<ClusterView> LoadView(ports::Transaction& tx, const ports::FactSnapshot& facts,
                                    const ports::Leases& leases, const model::ClusterUid& uid, Instant time,
                                    const decide::Policy& policy) {
  auto cluster = tx.clusters().Find(uid);
  if (!cluster) return std::nullopt;
  ClusterView view;
  view.cluster = std::move(*cluster);
  if (!view.cluster.operation.empty()) view.operation = tx.journal().FindOperation(view.cluster.operation);
  const std::vector<model::Shard> shards = tx.plan().Shards(uid);
  if (!shards.empty()) view.shard = shards.front();
  for (const model::Node& node : tx.plan().Nodes(uid)) view.nodes.push_back(ViewOf(tx, node, facts, leases, time));
  view.endpoints = tx.plan().Endpoints(uid);
  if (view.shard) view.since_failover = Since(view.shard->last_failover, time.wall);
  if (view.operation) view.operation_age = Since(model::BegunAt(*view.operation), time.wall);
  // A clock that was set back must not put it off for long.
  if (view.operation) view.until_retry = std::min(kLongestRetry, view.operation->retry_at - time.wall);
  if (const auto window = model::ParseMaintenanceWindow(view.cluster.spec.maintenance_window)) {
    view.window_left = model::LeftOf(*window, time.wall);
    view.window_length = std::chrono::minutes(window->length);
  }
  view.routers = RoutersOf(facts);
  view.node_memory_bytes = MemoryOf(view.cluster.spec.node_type);
  if (view.cluster.pending) {
    view.pending_memory_bytes = MemoryOf(view.cluster.pending->node_type);
    view.pending_data_bytes = DataBytesOf(tx, *view.cluster.pending);
  }
  if (decide::IsOnDrainedHost(view) && !view.operation) {
    view.since_move = SinceLatest(tx, view.cluster, model::OperationKind::kMoveNodes, time.wall);
  }
  if (view.window_left > std::chrono::milliseconds(0) && !view.operation) {
    view.since_update = SinceLatest(tx, view.cluster, model::OperationKind::kUpdateNodes, time.wall);
    view.rolling_clusters = tx.journal().CountRolling(time.wall - policy.maintenance_slot);
  }
  if (decide::NeedsHosts(view, policy)) {
    LoadHosts(tx, facts, time.wall, view);
    LoadSubnets(tx, view);
  }
  return view;
}

}  // namespace cacheplane::reconcile
