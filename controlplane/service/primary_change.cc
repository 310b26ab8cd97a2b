#include "controlplane/service/primary_change.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/text.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/successor.h"

namespace cacheplane::service {
namespace {

std::vector<std::string> NamesOf(const std::vector<Successor>& successors) {
  std::vector<std::string> names;
  for (const Successor& successor : successors) names.push_back(successor.name.str());
  return names;
}

Status CheckHasReplicas(const model::Cluster& cluster) {
  if (cluster.spec.replicas_per_shard > 0) return {};
  return FailedPrecondition(
      fmt::format("name: {} has no replica that could take over; allowed: clusters with spec.replicas_per_shard 1 to 5",
                  Quoted(cluster.name)));
}

// "0001", also in fewer digits, as a number.
Result<int> ParseShard(const std::string& text) {
  if (text.empty()) return 1;
  const std::optional<long long> ordinal = ParseInt(text);
  if (text.size() > 4 || !ordinal || *ordinal < 1) return Invalid("shard", text, "is no shard", "such as \"0001\"");
  return static_cast<int>(*ordinal);
}

Result<std::vector<model::Node>> NodesOf(ports::Transaction& transaction, const model::Cluster& cluster,
                                         const std::string& shard_text) {
  CP_ASSIGN_OR_RETURN(const int ordinal, ParseShard(shard_text));
  std::vector<std::string> shards;
  std::vector<model::Node> nodes;
  for (const model::Shard& shard : transaction.plan().Shards(cluster.uid)) {
    shards.push_back(model::ShardName(shard.ordinal));
  }
  for (const model::Node& node : transaction.plan().Nodes(cluster.uid)) {
    if (node.shard == ordinal && node.intent == model::Intent::kRun) nodes.push_back(node);
  }
  if (!nodes.empty()) return nodes;
  return NotFound(fmt::format("shard: {} has no shard {}; allowed: {}", Quoted(cluster.name),
                              Quoted(model::ShardName(ordinal)), QuotedList(shards)));
}

// Every shard has one (FindSuccessors checks it).
const model::Node& PrimaryOf(const std::vector<model::Node>& nodes) {
  return *std::find_if(nodes.begin(), nodes.end(),
                       [](const model::Node& node) { return node.role == model::Role::kPrimary; });
}

Error NobodyIsFit(const model::Cluster& cluster, const Successors& successors) {
  return FailedPrecondition(fmt::format("node: no replica of {} can take over: {}; allowed: once one is in sync",
                                        cluster.name, Join(successors.passed_over, "; ")));
}

// The node that a field of the request names, whatever the case.
Result<model::Node> NodeNamed(const char* field, const std::string& asked, const model::Cluster& cluster,
                              const std::vector<model::Node>& nodes) {
  const model::NodeName name(ToLower(asked));
  std::vector<std::string> known;
  for (const model::Node& node : nodes) {
    if (node.name == name) return node;
    known.push_back(node.name.str());
  }
  return NotFound(
      fmt::format("{}: {} has no node {}; allowed: {}", field, cluster.name, Quoted(asked), QuotedList(known)));
}

Status CheckPrimary(const std::string& expected, const model::Cluster& cluster, const std::vector<model::Node>& nodes) {
  if (expected.empty()) return {};
  CP_ASSIGN_OR_RETURN(const model::Node node, NodeNamed("expected_primary", expected, cluster, nodes));
  if (node.role == model::Role::kPrimary) return {};
  return Aborted(fmt::format("expected_primary: {} is not the primary of {}; current: {}", Quoted(node.name.str()),
                             cluster.name, Quoted(PrimaryOf(nodes).name.str())));
}

// The replica asked for, when it may be.
Result<model::NodeName> FindNamed(const std::string& asked, const model::Cluster& cluster,
                                  const std::vector<model::Node>& nodes, const Successors& successors) {
  CP_ASSIGN_OR_RETURN(const model::Node found, NodeNamed("node", asked, cluster, nodes));
  const model::NodeName& name = found.name;
  if (found.role == model::Role::kPrimary) {
    return FailedPrecondition(
        fmt::format("node: {} is already the primary; allowed: a replica of {}", Quoted(asked), cluster.name));
  }
  const std::vector<std::string> fit = NamesOf(successors.fit);
  if (std::find(fit.begin(), fit.end(), name.str()) != fit.end()) return name;
  const auto why = std::find_if(successors.passed_over.begin(), successors.passed_over.end(),
                                [&](const std::string& line) { return line.starts_with(name.str() + ":"); });
  return FailedPrecondition(
      fmt::format("node: {}; allowed: {}", *why, fit.empty() ? "once it is in sync" : QuotedList(fit)));
}

Result<model::NodeName> ChooseSuccessor(const std::string& asked, const model::Cluster& cluster,
                                        const std::vector<model::Node>& nodes, const Successors& successors) {
  if (!asked.empty()) return FindNamed(asked, cluster, nodes, successors);
  if (successors.fit.empty()) return NobodyIsFit(cluster, successors);
  return successors.fit.front().name;
}

Status CheckFailsOver(const model::Cluster& cluster) {
  if (cluster.spec.automatic_failover) return {};
  return FailedPrecondition(
      fmt::format("spec.automatic_failover: false on {}, and a test failover needs it; allowed: clusters created with "
                  "automatic failover; SwitchoverCluster changes the primary of this one",
                  cluster.name));
}

Status CheckCanBeKilled(const model::Cluster& cluster, const model::Node& primary, const Successors& successors) {
  if (!successors.primary_down.empty()) {
    return FailedPrecondition(fmt::format("name: the primary {} of {} is down already: {}; allowed: while it serves",
                                          primary.name, Quoted(cluster.name), successors.primary_down));
  }
  return successors.fit.empty() ? Status(NobodyIsFit(cluster, successors)) : Status();
}

ClusterChange Change(const model::Cluster& cluster, model::Operation operation, std::string event,
                     Succession succession) {
  ClusterChange change;
  change.write = ClusterChange::Write::kUpdate;
  change.cluster = cluster;
  change.operation = std::move(operation);
  change.event = std::move(event);
  change.succession = std::move(succession);
  return change;
}

}  // namespace

Result<ClusterChange> PrepareSwitchover(ports::Transaction& transaction, const SwitchoverClusterRequest& request,
                                        const Observed& observed, WallTime now) {
  CP_ASSIGN_OR_RETURN(const model::Cluster cluster, FindIdle(transaction, request.name, request.etag));
  CP_RETURN_IF_ERROR(CheckHasReplicas(cluster));
  CP_ASSIGN_OR_RETURN(const std::vector<model::Node> nodes, NodesOf(transaction, cluster, request.shard));
  CP_RETURN_IF_ERROR(CheckPrimary(request.expected_primary, cluster, nodes));
  model::Operation operation = Begun(model::OperationKind::kSwitchover, cluster, "hand over", now);
  const Successors successors = FindSuccessors(nodes, observed.facts, observed.now);
  CP_ASSIGN_OR_RETURN(operation.node, ChooseSuccessor(request.node, cluster, nodes, successors));
  const model::NodeName& primary = PrimaryOf(nodes).name;
  std::string event =
      fmt::format("Switchover of cluster {} from {} to {} requested", cluster.name, primary, operation.node);
  Succession succession = Explain(primary, successors, operation.node, !request.node.empty());
  return Change(cluster, std::move(operation), std::move(event), std::move(succession));
}

Result<ClusterChange> PrepareTestFailover(ports::Transaction& transaction, const TestFailoverRequest& request,
                                          const Observed& observed, WallTime now) {
  CP_ASSIGN_OR_RETURN(const model::Cluster cluster, FindIdle(transaction, request.name, /*etag=*/""));
  CP_RETURN_IF_ERROR(CheckHasReplicas(cluster));
  CP_RETURN_IF_ERROR(CheckFailsOver(cluster));
  CP_ASSIGN_OR_RETURN(const std::vector<model::Node> nodes, NodesOf(transaction, cluster, request.shard));
  CP_RETURN_IF_ERROR(CheckPrimary(request.expected_primary, cluster, nodes));
  const Successors successors = FindSuccessors(nodes, observed.facts, observed.now);
  const model::Node& primary = PrimaryOf(nodes);
  CP_RETURN_IF_ERROR(CheckCanBeKilled(cluster, primary, successors));
  model::Operation operation =
      Begun(model::OperationKind::kTestFailover, cluster, "end the primary and promote a replica", now);
  operation.node = primary.name;
  // ElastiCache's words (API reference, TestFailover).
  std::string event = fmt::format("Test Failover API called for node group {}", model::ShardName(primary.shard));
  Succession succession = Explain(primary.name, successors, successors.fit.front().name, /*asked_for=*/false);
  return Change(cluster, std::move(operation), std::move(event), std::move(succession));
}

}  // namespace cacheplane::service
