#include <fmt/format.h>

#include <map>
#include <utility>

#include "cacheplane/v1/cluster.pb.h"
#include "cli/output/proto_values.h"
#include "cli/output/views.h"

namespace cacheplane::cli {
namespace {

using Pairs = std::vector<std::pair<std::string, Cell>>;

std::string Address(const v1::Endpoint& endpoint) {
  return endpoint.address().empty() ? "" : fmt::format("{}:{}", endpoint.address(), endpoint.port());
}

int NodeCount(const v1::Cluster& cluster) {
  int count = 0;
  for (const v1::Shard& shard : cluster.shards()) count += shard.nodes_size();
  return count;
}

void AddSpec(const v1::ClusterSpec& spec, Pairs& pairs) {
  pairs.emplace_back("Description", spec.description());
  pairs.emplace_back("Engine", fmt::format("{} {}", spec.engine(), spec.engine_version()));
  pairs.emplace_back("Node type", spec.node_type());
  pairs.emplace_back("Replicas", fmt::format("{}", spec.replicas_per_shard()));
  pairs.emplace_back("Multi-AZ", YesNo(spec.multi_az()));
  pairs.emplace_back("Automatic failover", YesNo(spec.automatic_failover()));
  pairs.emplace_back("Subnet group", spec.subnet_group());
  pairs.emplace_back("Security groups", Joined(spec.security_groups()));
  pairs.emplace_back("Parameter group", spec.parameter_group());
  pairs.emplace_back("Maintenance window", spec.maintenance_window());
  pairs.emplace_back("Snapshot window", spec.snapshot_window());
  pairs.emplace_back("Snapshot retention", fmt::format("{} days", spec.snapshot_retention_days()));
  pairs.emplace_back("Auto minor upgrade", YesNo(spec.auto_minor_version_upgrade()));
  pairs.emplace_back("Deletion protection", YesNo(spec.deletion_protection()));
  if (spec.frozen()) pairs.emplace_back("Frozen", Cell("yes, nothing is done by itself", Tone::kBusy));
  pairs.emplace_back("Tags", PairsOf(spec.tags()));
}

std::string Pending(const v1::PendingChanges& pending) {
  std::vector<std::string> changes;
  const auto add = [&](const char* what, const std::string& value) {
    if (!value.empty()) changes.push_back(fmt::format("{} {}", what, value));
  };
  add("engine", pending.engine());
  add("engine version", pending.engine_version());
  add("node type", pending.node_type());
  add("parameter group", pending.parameter_group());
  return Join(changes, ", ") + ", in the maintenance window";
}

Table NodeTable(const v1::Cluster& cluster) {
  Table table{{"SHARD", "NODE", "ROLE", "ZONE", "ADDRESS", "VERSION", "STATUS", "REASON"}, {}};
  for (const v1::Shard& shard : cluster.shards()) {
    for (const v1::Node& node : shard.nodes()) {
      table.rows.push_back({shard.id(), node.name(), node.role(), node.zone(),
                            fmt::format("{}:{}", node.address(), node.port()), node.engine_version(),
                            StatusCell(node.status()), node.status_reason()});
    }
  }
  return table;
}

std::string ShardLine(const v1::Shard& shard) {
  std::string line = fmt::format("epoch {}, slots {}", shard.epoch(), shard.slots());
  if (shard.failovers() == 0) return line;
  return line + fmt::format(", {} lately, the latest at {}",
                            shard.failovers() == 1 ? "1 unplanned failover"
                                                   : fmt::format("{} unplanned failovers", shard.failovers()),
                            Shown(shard.last_failover_time()));
}

// What waits for a restart.
void AddPendingParameters(const v1::Cluster& cluster, Pairs& pairs) {
  for (const v1::Shard& shard : cluster.shards()) {
    for (const v1::Node& node : shard.nodes()) {
      if (node.pending_restart_parameters_size() == 0) continue;
      pairs.emplace_back(
          "Pending restart",
          Cell(fmt::format("{}: {}", node.name(), Joined(node.pending_restart_parameters())), Tone::kBusy));
    }
  }
}

// Nobody takes over from a primary whose writes nothing ends.
Cell Protection(const v1::Cluster& cluster) {
  return {cluster.protection(), cluster.protection() == "none" ? Tone::kBusy : Tone::kPlain};
}

template <typename Response>
Table PlanTable(const Response& response) {
  Table table{{"STEP", "WHAT", "NODE", "COST"}, {}};
  int number = 0;
  for (const v1::PlannedStep& step : response.plan()) {
    table.rows.push_back({fmt::format("{}", ++number), step.action(), step.node(), step.cost()});
  }
  return table;
}

std::string Cause(const v1::ClusterRevision& revision) {
  if (revision.restored_revision() == 0) return revision.cause();
  return fmt::format("{} to {}", revision.cause(), revision.restored_revision());
}

}  // namespace

Table ToTable(const v1::ListClustersResponse& list) {
  Table table{{"NAME", "STATUS", "ENGINE", "NODE TYPE", "NODES", "MULTI-AZ", "PRIMARY ENDPOINT", "REASON"}, {}};
  for (const v1::Cluster& cluster : list.clusters()) {
    const v1::ClusterSpec& spec = cluster.spec();
    table.rows.push_back({cluster.name(), StatusCell(cluster.status()),
                          fmt::format("{} {}", spec.engine(), spec.engine_version()), spec.node_type(),
                          fmt::format("{}", NodeCount(cluster)), YesNo(spec.multi_az()),
                          Address(cluster.primary_endpoint()), cluster.status_reason()});
  }
  return table;
}

Table ToTable(const v1::ModifyClusterResponse& response) { return PlanTable(response); }
Table ToTable(const v1::RebootClusterResponse& response) { return PlanTable(response); }

Table ToTable(const v1::UpdateNodesResponse& response) { return PlanTable(response); }
Table ToTable(const v1::RollbackClusterResponse& response) { return PlanTable(response); }

Table ToTable(const v1::ListClusterRevisionsResponse& list) {
  Table table{{"REVISION", "TIME", "BY", "OPERATION", "CHANGES"}, {}};
  for (const v1::ClusterRevision& revision : list.revisions()) {
    std::vector<Cell> row = {fmt::format("{}", revision.revision()), Shown(revision.create_time()), Cause(revision),
                             revision.operation(), ""};
    for (const std::string& change : revision.changes()) {
      row.back() = change;
      table.rows.push_back(std::exchange(row, {" ", " ", " ", " ", ""}));
    }
    if (revision.changes().empty()) table.rows.push_back(row);
  }
  return table;
}

std::vector<std::string> Names(const v1::ListClustersResponse& list) { return NamesOf(list.clusters()); }

std::vector<std::string> Names(const v1::ListClusterRevisionsResponse& list) {
  std::vector<std::string> numbers;
  for (const v1::ClusterRevision& revision : list.revisions())
    numbers.push_back(fmt::format("{}", revision.revision()));
  return numbers;
}

std::string Describe(const v1::Cluster& cluster, bool colour) {
  Pairs pairs = {{"Name", cluster.name()},
                 {"Form", cluster.form()},
                 {"Status", StatusCell(cluster.status())},
                 {"Reason", cluster.status_reason()},
                 {"Operation", cluster.current_operation()},
                 {"Queued", Joined(cluster.queued_operations())},
                 {"Primary endpoint", Address(cluster.primary_endpoint())},
                 {"Reader endpoint", Address(cluster.reader_endpoint())},
                 {"Protection", Protection(cluster)}};
  for (const v1::Shard& shard : cluster.shards()) pairs.emplace_back("Shard " + shard.id(), ShardLine(shard));
  if (cluster.has_pending()) pairs.emplace_back("Pending", Cell(Pending(cluster.pending()), Tone::kBusy));
  AddSpec(cluster.spec(), pairs);
  pairs.emplace_back("Created", Shown(cluster.create_time()));
  pairs.emplace_back("Revision", fmt::format("{}", cluster.revision()));
  pairs.emplace_back("Etag", cluster.etag());
  AddPendingParameters(cluster, pairs);
  for (const std::string& notice : cluster.notices()) pairs.emplace_back("Notice", Cell(notice, Tone::kBusy));
  std::string text = RenderBlock(pairs, colour);
  if (NodeCount(cluster) > 0) text += "\n" + RenderTable(NodeTable(cluster), colour);
  return text;
}

std::string NameOf(const v1::Cluster& cluster) { return cluster.name(); }

}  // namespace cacheplane::cli
