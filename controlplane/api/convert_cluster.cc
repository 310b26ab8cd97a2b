// Clusters and nodes.
#include "cacheplane/v1/cluster.pb.h"
#include "controlplane/api/proto_convert.h"

namespace cacheplane::api {
namespace {

template <typename Repeated>
std::vector<std::string> Strings(const Repeated& values) {
  return {values.begin(), values.end()};
}

service::ClusterDraft FromProto(const v1::ClusterSpec& spec) {
  service::ClusterDraft draft;
  draft.engine = spec.engine();
  draft.engine_version = spec.engine_version();
  draft.node_type = spec.node_type();
  if (spec.has_shard_count()) draft.shard_count = spec.shard_count();
  if (spec.has_replicas_per_shard()) draft.replicas_per_shard = spec.replicas_per_shard();
  if (spec.has_multi_az()) draft.multi_az = spec.multi_az();
  if (spec.has_automatic_failover()) draft.automatic_failover = spec.automatic_failover();
  draft.preferred_zones = Strings(spec.preferred_zones());
  draft.subnet_group = spec.subnet_group();
  draft.security_groups = Strings(spec.security_groups());
  draft.parameter_group = spec.parameter_group();
  if (spec.has_port()) draft.port = spec.port();
  draft.maintenance_window = spec.maintenance_window();
  draft.snapshot_window = spec.snapshot_window();
  if (spec.has_snapshot_retention_days()) draft.snapshot_retention_days = spec.snapshot_retention_days();
  if (spec.has_auto_minor_version_upgrade()) draft.auto_minor_version_upgrade = spec.auto_minor_version_upgrade();
  draft.description = spec.description();
  if (spec.has_deletion_protection()) draft.deletion_protection = spec.deletion_protection();
  if (spec.has_frozen()) draft.frozen = spec.frozen();
  draft.tags = {spec.tags().begin(), spec.tags().end()};
  return draft;
}

void ToProto(const model::ClusterSpec& spec, v1::ClusterSpec& message) {
  message.set_engine(spec.engine);
  message.set_engine_version(spec.engine_version);
  message.set_node_type(spec.node_type);
  message.set_shard_count(spec.shard_count);
  message.set_replicas_per_shard(spec.replicas_per_shard);
  message.set_multi_az(spec.multi_az);
  message.set_automatic_failover(spec.automatic_failover);
  message.mutable_preferred_zones()->Assign(spec.preferred_zones.begin(), spec.preferred_zones.end());
  message.set_subnet_group(spec.subnet_group);
  message.mutable_security_groups()->Assign(spec.security_groups.begin(), spec.security_groups.end());
  message.set_parameter_group(spec.parameter_group);
  message.set_port(spec.port);
  message.set_maintenance_window(spec.maintenance_window);
  message.set_snapshot_window(spec.snapshot_window);
  message.set_snapshot_retention_days(spec.snapshot_retention_days);
  message.set_auto_minor_version_upgrade(spec.auto_minor_version_upgrade);
  message.set_description(spec.description);
  message.set_deletion_protection(spec.deletion_protection);
  message.set_frozen(spec.frozen);
  message.mutable_tags()->insert(spec.tags.begin(), spec.tags.end());
}

void ToProto(const model::Address& address, v1::Endpoint& message) {
  message.set_address(address.ip);
  message.set_port(address.port);
}

void ToProto(const service::ShardDetails& details, v1::Shard& message) {
  message.set_id(model::ShardName(details.shard.ordinal));
  message.set_epoch(static_cast<std::int64_t>(details.shard.epoch.value));
  message.set_slots(details.slots);
  message.set_failovers(details.shard.failovers);
  if (details.shard.last_failover != WallTime()) {
    api::ToProto(details.shard.last_failover, *message.mutable_last_failover_time());
  }
  for (const service::NodeDetails& node : details.nodes) api::ToProto(node, *message.add_nodes());
}

}  // namespace

service::CreateClusterRequest FromProto(const v1::CreateClusterRequest& message) {
  return {message.name(), FromProto(message.spec()), message.request_id(), message.validate_only(), message.form()};
}

service::ModifyClusterRequest FromProto(const v1::ModifyClusterRequest& message) {
  return {message.name(),
          FromProto(message.spec()),
          Strings(message.update_mask().paths()),
          message.etag(),
          message.request_id(),
          message.validate_only(),
          message.apply_immediately(),
          Strings(message.replicas_to_remove()),
          message.check_revision()};
}

service::RollbackClusterRequest FromProto(const v1::RollbackClusterRequest& message) {
  return {.name = message.name(),
          .revision = message.revision(),
          .etag = message.etag(),
          .request_id = message.request_id(),
          .validate_only = message.validate_only(),
          .apply_immediately = message.apply_immediately(),
          .check_revision = message.check_revision()};
}

service::DeleteClusterRequest FromProto(const v1::DeleteClusterRequest& message) {
  return {message.name(), message.etag(), message.request_id(), message.validate_only()};
}

service::SwitchoverClusterRequest FromProto(const v1::SwitchoverClusterRequest& message) {
  return {.name = message.name(),
          .shard = message.shard(),
          .node = message.node(),
          .etag = message.etag(),
          .request_id = message.request_id(),
          .validate_only = message.validate_only(),
          .expected_primary = message.expected_primary()};
}

service::RebootClusterRequest FromProto(const v1::RebootClusterRequest& message) {
  return {.name = message.name(),
          .nodes = Strings(message.nodes()),
          .etag = message.etag(),
          .request_id = message.request_id(),
          .validate_only = message.validate_only()};
}

service::UpdateNodesRequest FromProto(const v1::UpdateNodesRequest& message) {
  return {.name = message.name(),
          .version = message.version(),
          .etag = message.etag(),
          .request_id = message.request_id(),
          .validate_only = message.validate_only()};
}

service::StopClusterRequest FromProto(const v1::StopClusterRequest& message) {
  return {.name = message.name(),
          .etag = message.etag(),
          .request_id = message.request_id(),
          .validate_only = message.validate_only()};
}

service::StartClusterRequest FromProto(const v1::StartClusterRequest& message) {
  return {.name = message.name(),
          .etag = message.etag(),
          .request_id = message.request_id(),
          .validate_only = message.validate_only()};
}

service::TestFailoverRequest FromProto(const v1::TestFailoverRequest& message) {
  return {.name = message.name(),
          .shard = message.shard(),
          .request_id = message.request_id(),
          .validate_only = message.validate_only(),
          .expected_primary = message.expected_primary()};
}

void ToProto(const service::NodeDetails& details, v1::Node& message) {
  message.set_name(details.node.name.str());
  message.set_role(std::string(model::RoleName(details.node.role)));
  message.set_zone(details.node.zone);
  message.set_address(details.node.address.ip);
  message.set_port(details.node.address.port);
  message.set_engine_version(details.engine_version);
  message.set_status(std::string(service::NodeStatusName(details.state.status)));
  message.set_status_reason(details.state.reason);
  message.set_agent(details.node.agent.str());
  message.set_replication_offset(details.replication_offset);
  message.set_used_memory_bytes(details.used_memory_bytes);
  message.mutable_pending_restart_parameters()->Assign(details.pending_restart.begin(), details.pending_restart.end());
}

void ToProto(const service::Succession& succession, v1::Succession& message) {
  message.set_primary(succession.primary.str());
  message.set_successor(succession.successor.str());
  message.set_reason(succession.reason);
  message.mutable_passed_over()->Assign(succession.passed_over.begin(), succession.passed_over.end());
}

void ToProto(const service::PlannedStep& step, v1::PlannedStep& message) {
  message.set_action(step.action);
  message.set_node(step.node);
  message.set_cost(step.cost);
}

void ToProto(const model::Build& pending, const model::ClusterSpec& spec, v1::PendingChanges& message) {
  if (pending.engine != spec.engine) message.set_engine(pending.engine);
  if (pending.engine_version != spec.engine_version || pending.engine_version_alias != spec.engine_version_alias) {
    message.set_engine_version(model::VersionAskedFor(pending));
  }
  if (pending.node_type != spec.node_type) message.set_node_type(pending.node_type);
  if (pending.parameter_group != spec.parameter_group) message.set_parameter_group(pending.parameter_group);
}

void ToProto(const service::RevisionDetails& details, v1::ClusterRevision& message) {
  const auto& [revision, changes] = details;
  const model::Definition& definition = revision.definition;
  message.set_revision(static_cast<std::int64_t>(revision.number));
  ToProto(revision.time, *message.mutable_create_time());
  message.set_cause(std::string(model::RevisionCauseName(revision.origin.cause)));
  message.set_operation(revision.origin.operation.str());
  message.set_restored_revision(static_cast<std::int64_t>(revision.origin.restored));
  ToProto(definition.spec, *message.mutable_spec());
  if (definition.pending) ToProto(*definition.pending, definition.spec, *message.mutable_pending());
  message.mutable_changes()->Assign(changes.begin(), changes.end());
}

void ToProto(const service::ClusterDetails& details, v1::Cluster& message) {
  const model::Cluster& cluster = details.cluster;
  message.set_name(cluster.name);
  message.set_uid(cluster.uid.str());
  ToProto(cluster.spec, *message.mutable_spec());
  message.set_status(std::string(model::ClusterStatusName(cluster.status)));
  message.set_status_reason(cluster.status_reason);
  if (details.primary_endpoint) ToProto(*details.primary_endpoint, *message.mutable_primary_endpoint());
  if (details.reader_endpoint) ToProto(*details.reader_endpoint, *message.mutable_reader_endpoint());
  for (const service::ShardDetails& shard : details.shards) ToProto(shard, *message.add_shards());
  message.set_etag(details.etag);
  message.set_current_operation(cluster.operation.str());
  for (const model::OperationId& id : cluster.queue) message.add_queued_operations(id.str());
  ToProto(cluster.created, *message.mutable_create_time());
  ToProto(cluster.updated, *message.mutable_update_time());
  message.mutable_notices()->Assign(details.notices.begin(), details.notices.end());
  message.set_protection(details.protection);
  message.set_revision(static_cast<std::int64_t>(cluster.generation));
  message.set_form(std::string(model::ClusterFormName(cluster.form)));
  if (cluster.pending) ToProto(*cluster.pending, cluster.spec, *message.mutable_pending());
}

}  // namespace cacheplane::api
