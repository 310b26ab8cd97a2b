#include "controlplane/service/cluster_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>

#include "controlplane/service/stable_hash.h"

namespace cacheplane::service {
namespace {

constexpr std::size_t kUidCharactersInEtag = 11;

bool IsReplaced(const model::Node& node, const std::vector<model::Node>& nodes) {
  return node.intent == model::Intent::kErase && std::any_of(nodes.begin(), nodes.end(), [&](const model::Node& other) {
           return other.name == node.name && other.intent == model::Intent::kRun;
         });
}

const model::NodeFacts* FactsOf(const model::Node& node, const ports::FactSnapshot& facts) {
  const auto agent = facts.agents.find(node.agent);
  if (agent == facts.agents.end()) return nullptr;
  const auto found = agent->second.nodes->find(node.incarnation);
  return found == agent->second.nodes->end() ? nullptr : &found->second;
}

std::optional<model::Address> Published(const std::vector<model::Endpoint>& endpoints, model::EndpointKind kind) {
  for (const model::Endpoint& endpoint : endpoints) {
    if (endpoint.kind == kind && endpoint.version > 0) return endpoint.address;
  }
  return std::nullopt;
}

std::vector<std::string> NoticesOf(const model::ClusterSpec& spec) {
  std::vector<std::string> notices;
  if (spec.frozen) {
    notices.emplace_back(
        "it is frozen: no failover, repair, maintenance or move begins by itself until it is modified to frozen "
        "false; an operation under way goes on");
  }
  if (!spec.engine_version_alias.empty()) {
    notices.push_back(fmt::format("version {} was asked for, a number of ElastiCache's own: {} {} runs",
                                  spec.engine_version_alias, spec.engine, spec.engine_version));
  }
  if (!spec.security_groups.empty()) {
    notices.emplace_back("security groups are stored and validated, not enforced yet");
  }
  return notices;
}

// What engines said no to.
void AddParameterNotices(const std::vector<model::Node>& nodes, const ports::FactSnapshot& facts,
                         std::vector<std::string>& notices) {
  for (const model::Node& node : nodes) {
    const model::NodeFacts* seen = FactsOf(node, facts);
    if (seen == nullptr || seen->parameter_problem.empty()) continue;
    notices.push_back(fmt::format("{} runs without all of its parameters: {}", node.name, seen->parameter_problem));
  }
}

// Of the hosts whose nodes run; one that never told counts as having none.
std::string ProtectionOf(const model::ClusterSpec& spec, const PlannedRows& planned) {
  if (planned.nodes.empty()) return "";
  if (spec.replicas_per_shard == 0) return "single-node";
  std::set<std::string> fences;
  for (const model::Node& node : planned.nodes) {
    const auto host = planned.fences.find(node.agent);
    if (node.intent == model::Intent::kRun) fences.insert(host == planned.fences.end() ? "" : host->second);
  }
  if (fences == std::set<std::string>{"kernel"}) return "kernel";
  fences.erase("kernel");
  return fences == std::set<std::string>{"guard"} ? "guard" : "none";
}

ShardDetails DescribeShard(const model::Shard& shard, const model::Cluster& cluster, const PlannedRows& planned,
                           const ports::FactSnapshot& facts, MonoTime now) {
  // The one shard there is yet serves every slot.
  ShardDetails details{.shard = shard, .nodes = {}, .slots = "0-16383"};
  for (const model::Node& node : planned.nodes) {
    if (node.shard != shard.ordinal || IsReplaced(node, planned.nodes)) continue;
    details.nodes.push_back(DescribeNode(cluster, node, facts, now));
  }
  return details;
}

}  // namespace

PlannedRows LoadPlanned(ports::Transaction& transaction, const model::ClusterUid& cluster, Fences& known) {
  ports::PlanTable& plan = transaction.plan();
  PlannedRows rows{plan.Shards(cluster), plan.Nodes(cluster), plan.Endpoints(cluster), {}};
  for (const model::Node& node : rows.nodes) {
    auto fence = known.find(node.agent);
    if (fence == known.end()) {
      const auto host = transaction.hosts().FindHost(node.agent);
      if (!host) continue;
      fence = known.emplace(node.agent, host->fence).first;
    }
    rows.fences.insert(*fence);
  }
  return rows;
}

NodeDetails DescribeNode(const model::Cluster& cluster, const model::Node& node, const ports::FactSnapshot& facts,
                         MonoTime now) {
  NodeDetails details{.node = node, .state = NodeStateOf(cluster, node, facts, now), .engine_version = ""};
  if (const model::NodeFacts* seen = FactsOf(node, facts)) {
    details.engine_version = seen->engine_version;
    details.replication_offset = seen->replication_offset;
    details.used_memory_bytes = seen->used_memory_bytes;
    details.pending_restart = seen->pending_restart;
  }
  return details;
}

ClusterDetails DescribeCluster(const model::Cluster& cluster, const PlannedRows& planned,
                               const ports::FactSnapshot& facts, MonoTime now) {
  ClusterDetails details{.cluster = cluster,
                         .etag = EtagOf(cluster),
                         .shards = {},
                         .primary_endpoint = Published(planned.endpoints, model::EndpointKind::kPrimary),
                         .reader_endpoint = Published(planned.endpoints, model::EndpointKind::kReader),
                         .notices = NoticesOf(cluster.spec),
                         .protection = ProtectionOf(cluster.spec, planned)};
  AddParameterNotices(planned.nodes, facts, details.notices);
  for (const model::Shard& shard : planned.shards) {
    details.shards.push_back(DescribeShard(shard, cluster, planned, facts, now));
  }
  return details;
}

std::string EtagOf(const model::Cluster& cluster) {
  if (cluster.uid.empty()) return "";
  const std::string etag = fmt::format("g{}-{}", cluster.generation, cluster.uid.str().substr(0, kUidCharactersInEtag));
  if (cluster.queue.empty()) return etag;
  std::uint64_t hash = StableHash("");
  for (const model::OperationId& id : cluster.queue) hash = StableHash(id.str(), hash);
  return fmt::format("{}-{:016x}", etag, hash);
}

}  // namespace cacheplane::service
