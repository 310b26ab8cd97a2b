#include "controlplane/service/build_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cache-engine/catalog/catalog.h"
#include "common/check.h"
#include "common/text.h"
#include "controlplane/service/parameter_groups.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

const model::Host* HostOf(const Foundation& foundation, const model::Node& node) {
  const auto found = std::find_if(foundation.hosts.begin(), foundation.hosts.end(),
                                  [&](const model::Host& host) { return host.agent == node.agent; });
  return found == foundation.hosts.end() ? nullptr : &*found;
}

bool HasImage(const model::Host& host, const model::ClusterSpec& spec) {
  return !model::NewestImage(host, spec.engine, spec.engine_version).empty();
}

Status CheckVersions(const model::ClusterSpec& from, const model::ClusterSpec& to) {
  const catalog::EngineVersion* now = catalog::FindEngineVersion(from.engine, from.engine_version);
  const catalog::EngineVersion* wanted = catalog::FindEngineVersion(to.engine, to.engine_version);
  CP_CHECK(now != nullptr && wanted != nullptr);  // validated with their definitions
  const Status status = catalog::CheckUpgrade(*now, *wanted);
  if (status.ok()) return status;
  std::vector<std::string> allowed;
  for (const catalog::EngineVersion& version : catalog::EngineVersions()) {
    if (catalog::CheckUpgrade(*now, version).ok()) allowed.push_back(version.engine + " " + version.version);
  }
  return Error{status.error().code, fmt::format("spec.engine_version: {}: {}; allowed: {}", Quoted(to.engine_version),
                                                status.error().message, QuotedList(allowed))};
}

Status CheckImages(const model::ClusterSpec& to, const Foundation& foundation) {
  for (const model::Node& node : foundation.nodes) {
    const model::Host* host = HostOf(foundation, node);
    if (host != nullptr && HasImage(*host, to)) continue;
    return Invalid("spec.engine_version", to.engine_version,
                   fmt::format("of {} has no image on {}, where {} runs", to.engine, node.agent, node.name),
                   "versions with an image on every host of the cluster");
  }
  return {};
}

// A node's process is replaced on its host: the new one takes the place of the old one.
Status CheckRoom(const model::ClusterSpec& to, std::int64_t memory_bytes, const Foundation& foundation) {
  std::map<model::AgentName, std::int64_t> reserved = foundation.reserved;
  for (const model::Node& node : foundation.nodes) reserved[node.agent] += memory_bytes - node.memory_bytes;
  for (const model::Node& node : foundation.nodes) {
    const model::Host* host = HostOf(foundation, node);
    if (memory_bytes <= node.memory_bytes || host == nullptr || reserved[node.agent] <= host->memory_bytes) continue;
    return Invalid("spec.node_type", to.node_type,
                   fmt::format("has no room on {}, where {} runs: {} of {} would be given away", node.agent, node.name,
                               InGibibytes(reserved[node.agent]), InGibibytes(host->memory_bytes)),
                   "node types for which every host of the cluster has room");
  }
  return {};
}

// Also where the group has changed since it was chosen.
Status CheckData(const model::ClusterSpec& from, const model::ClusterSpec& to, const catalog::NodeType& type,
                 const catalog::Values& parameters, const Foundation& foundation) {
  const auto room = catalog::MaxMemory(type.memory_bytes, parameters);
  if (!room.ok()) {
    return Invalid("spec.parameter_group", to.parameter_group,
                   fmt::format("does not suit {}: {}", type.name, room.error().message),
                   fmt::format("groups that leave memory of its {}", InGibibytes(type.memory_bytes)));
  }
  if (from.node_type == to.node_type && foundation.largest_used_bytes > *room) {
    return Invalid(
        "spec.parameter_group", to.parameter_group,
        fmt::format("leaves {}, and the data take {}", InGibibytes(*room), InGibibytes(foundation.largest_used_bytes)),
        "groups that leave room for the data");
  }
  if (foundation.largest_used_bytes <= *room) return {};
  return Invalid("spec.node_type", to.node_type,
                 fmt::format("is too small: the data take {}, and it has room for {}",
                             InGibibytes(foundation.largest_used_bytes), InGibibytes(*room)),
                 "node types into which the data fit");
}

}  // namespace

Foundation LoadFoundation(ports::Transaction& transaction, const model::Cluster& cluster, const Observed& observed) {
  Foundation foundation{
      .nodes = transaction.plan().Nodes(cluster.uid), .hosts = transaction.hosts().Hosts(), .reserved = {}};
  for (const model::Node& node : transaction.plan().AllNodes()) foundation.reserved[node.agent] += node.memory_bytes;
  for (const model::Node& node : foundation.nodes) {
    const auto agent = observed.facts.agents.find(node.agent);
    if (agent == observed.facts.agents.end()) continue;
    const auto facts = agent->second.nodes->find(node.incarnation);
    if (facts == agent->second.nodes->end()) continue;
    foundation.largest_used_bytes = std::max(foundation.largest_used_bytes, facts->second.used_memory_bytes);
  }
  return foundation;
}

Status CheckBuildChange(const model::ClusterSpec& from, const model::ClusterSpec& to, const catalog::Values& parameters,
                        const Foundation& foundation) {
  CP_RETURN_IF_ERROR(CheckVersions(from, to));
  CP_RETURN_IF_ERROR(CheckImages(to, foundation));
  if (from.node_type == to.node_type && from.parameter_group == to.parameter_group) return {};
  const catalog::NodeType* type = catalog::FindNodeType(to.node_type);
  CP_CHECK(type != nullptr);  // validated with the definition
  CP_RETURN_IF_ERROR(CheckRoom(to, type->memory_bytes, foundation));
  return CheckData(from, to, *type, parameters, foundation);
}

Status CheckPending(ports::Transaction& transaction, const model::Cluster& cluster, const Observed& observed) {
  if (!cluster.pending) return {};
  const auto group = FindParameterGroup(transaction.parameter_groups(), cluster.pending->parameter_group);
  if (!group) return {};
  return CheckBuildChange(cluster.spec, model::WithBuild(cluster.spec, *cluster.pending), group->values,
                          LoadFoundation(transaction, cluster, observed));
}

Status CheckRoomForMore(const model::ClusterSpec& to, int more, const Foundation& foundation) {
  const catalog::NodeType* type = catalog::FindNodeType(to.node_type);
  CP_CHECK(type != nullptr);  // validated with the definition
  std::int64_t room = 0;
  for (const model::Host& host : foundation.hosts) {
    const auto reserved = foundation.reserved.find(host.agent);
    const std::int64_t free = host.memory_bytes - (reserved == foundation.reserved.end() ? 0 : reserved->second);
    const bool open = host.admission == model::Admission::kOpen;
    if (open && HasImage(host, to)) room += std::max<std::int64_t>(0, free / type->memory_bytes);
  }
  if (room >= more) return {};
  return FailedPrecondition(
      fmt::format("spec.replicas_per_shard: {} needs {} more node{} of {} with {} {}, and all hosts together have room "
                  "for {}; allowed: more hosts, or larger ones",
                  to.replicas_per_shard, more, more == 1 ? "" : "s", to.node_type, to.engine, to.engine_version, room));
}

Status CheckRoomToLend(const model::Cluster& cluster, const Foundation& foundation) {
  if (cluster.spec.replicas_per_shard > 0 || CheckRoomForMore(cluster.spec, 1, foundation).ok()) return {};
  return FailedPrecondition(
      fmt::format("name: {} has no replica that could take over meanwhile, and no host has room for one; allowed: once "
                  "one has",
                  Quoted(cluster.name)));
}

Status CheckRemovals(const std::vector<std::string>& names, int fewer, const Foundation& foundation) {
  constexpr std::string_view kField = "replicas_to_remove";
  if (names.empty()) return {};
  if (std::ssize(names) != fewer) {
    return InvalidArgument(
        fmt::format("{}: {} names, and spec.replicas_per_shard decreases by {}; allowed: none, or as "
                    "many",
                    kField, names.size(), fewer));
  }
  if (std::set<std::string>(names.begin(), names.end()).size() != names.size()) {
    return InvalidArgument(fmt::format("{}: {} names a node twice; allowed: each once", kField, QuotedList(names)));
  }
  if (foundation.nodes.empty()) return {};
  std::vector<std::string> replicas;
  for (const model::Node& node : foundation.nodes) {
    if (node.role == model::Role::kReplica) replicas.push_back(node.name.str());
  }
  for (const std::string& name : names) {
    if (std::find(replicas.begin(), replicas.end(), name) != replicas.end()) continue;
    const bool primary = std::any_of(foundation.nodes.begin(), foundation.nodes.end(),
                                     [&](const model::Node& node) { return node.name.str() == name; });
    if (!primary) return Invalid(kField, name, "is no replica of the cluster", QuotedList(replicas));
    return FailedPrecondition(fmt::format("{}: {} is the primary; allowed: {}, or after a switchover", kField,
                                          Quoted(name), QuotedList(replicas)));
  }
  return {};
}

Status CheckSpread(const Foundation& foundation) {
  const std::vector<model::Node>& nodes = foundation.nodes;
  const auto elsewhere = [&](const model::Node& node) { return node.zone != nodes.front().zone; };
  if (nodes.empty() || std::any_of(nodes.begin(), nodes.end(), elsewhere)) return {};
  return FailedPrecondition(fmt::format(
      "spec.multi_az: true, and all nodes are in {}; allowed: once a replica is in another zone", nodes.front().zone));
}

}  // namespace cacheplane::service
