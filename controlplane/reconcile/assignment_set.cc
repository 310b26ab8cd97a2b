#include "controlplane/reconcile/assignment_set.h"

#include <map>
#include <utility>

#include "cache-engine/catalog/catalog.h"
#include "common/check.h"
#include "controlplane/decide/assignments.h"
#include "controlplane/reconcile/parameters.h"

namespace cacheplane::reconcile {
namespace {

// What the assignments of one cluster's nodes have in common.
struct Shared {
  model::Cluster cluster;
  model::Shard shard;
  model::Address primary;
  std::optional<model::Address> handover;
  std::vector<model::Peer> peers;  // all nodes
  std::vector<model::Node> nodes;
  std::vector<std::string> parameter_groups;  // the cluster's, and the one that it had before what is under way
  bool rolling = false;                       // nodes are being made anew, added or moved
};

// While nodes are made of something else one by one they may be of two families.
std::string FamilyOf(const model::Node& node) {
  const catalog::EngineVersion* version = catalog::FindEngineVersion(node.engine, catalog::MinorOf(node.image_version));
  CP_CHECK(version != nullptr);  // validated before it was planned
  return version->family;
}

Shared LoadShared(ports::Transaction& tx, const model::ClusterUid& uid) {
  Shared shared;
  const auto cluster = tx.clusters().Find(uid);
  CP_CHECK(cluster.has_value());  // nodes go with their cluster
  shared.cluster = *cluster;
  shared.shard = tx.plan().Shards(uid).front();
  shared.parameter_groups = {cluster->spec.parameter_group};
  const auto operation = tx.journal().FindOperation(cluster->operation);
  shared.rolling = operation && model::IsRolling(*operation);
  if (operation && operation->before) shared.parameter_groups.push_back(operation->before->parameter_group);
  shared.nodes = tx.plan().Nodes(uid);
  for (const model::Node& node : shared.nodes) {
    if (node.role == model::Role::kPrimary) shared.primary = node.address;
    if (node.incarnation == shared.shard.handover) shared.handover = node.address;
    const auto host = tx.hosts().FindHost(node.agent);
    shared.peers.push_back({node.incarnation, host ? host->peer_address : ""});
  }
  return shared;
}

std::vector<model::Peer> PeersOf(const Shared& shared, const model::Node& node) {
  std::vector<model::Peer> peers;
  for (const model::Peer& peer : shared.peers) {
    if (peer.incarnation != node.incarnation) peers.push_back(peer);
  }
  return peers;
}

catalog::Values ParametersFor(ports::Transaction& tx, const Shared& shared, const model::Node& node,
                              const std::string& family) {
  catalog::Values values = ParametersOf(tx, shared.parameter_groups, family);
  return shared.rolling ? WithLongBacklog(std::move(values), family, node.memory_bytes) : values;
}

}  // namespace

std::vector<model::Assignment> LoadAssignments(ports::Transaction& tx, const model::AgentName& agent,
                                               const ports::Secrets& secrets, const std::vector<std::string>& routers) {
  std::map<model::ClusterUid, Shared> clusters;
  std::vector<model::Assignment> assignments;
  for (const model::Node& node : tx.plan().NodesOn(agent)) {
    auto found = clusters.find(node.cluster);
    if (found == clusters.end()) found = clusters.emplace(node.cluster, LoadShared(tx, node.cluster)).first;
    const Shared& shared = found->second;
    const std::string family = FamilyOf(node);
    assignments.push_back(decide::MakeAssignment({.node = node,
                                                  .shard = shared.shard,
                                                  .primary = shared.primary,
                                                  .handover = shared.handover,
                                                  .donor = decide::DonorOf(node, shared.shard, shared.nodes),
                                                  .peers = PeersOf(shared, node),
                                                  .routers = routers,
                                                  .spec = shared.cluster.spec,
                                                  .family = family,
                                                  .parameters = ParametersFor(tx, shared, node, family),
                                                  .internal_password = secrets.EnginePassword(node.cluster)}));
  }
  for (const model::Abandoned& abandoned : tx.plan().AbandonedOn(agent)) {
    assignments.push_back(decide::MakeErasure(abandoned));
  }
  return assignments;
}

}  // namespace cacheplane::reconcile
