#include "tests/contract/store_builders.h"

#include <limits>

namespace cacheplane::test {

std::string CodeOf(const Status& status) { return status.ok() ? "ok" : ErrorCodeName(status.error().code); }

WallTime At(int millis) { return FromUnixMillis(1'800'000'000'000 + millis); }

model::Subnet ASubnet(const std::string& name, const std::string& zone, const std::string& cidr) {
  return {name, zone, model::ParseCidr(cidr).value()};
}

model::SecurityGroup ASecurityGroup(const std::string& name) {
  return {name,
          "for " + name,
          {{"tcp", 6379, 6380, model::ParseCidr("10.9.0.0/16").value(), "clients"},
           {"tcp", 1, 65535, model::ParseCidr("0.0.0.0/0").value(), "\"quoted\"\n"}}};
}

model::Cluster ACluster(const std::string& name) {
  model::Cluster cluster;
  cluster.uid = model::ClusterUid("uid-" + name);
  cluster.name = name;
  cluster.spec = {.engine = "valkey",
                  .engine_version = "8.0",
                  .node_type = "cache.t4g.small",
                  .shard_count = 3,
                  .replicas_per_shard = 2,
                  .multi_az = true,
                  .automatic_failover = true,
                  .preferred_zones = {"zone-b", "zone-a", "zone-b"},
                  .subnet_group = "default",
                  .security_groups = {"web", "db"},
                  .parameter_group = "default.valkey8",
                  .port = 7001,
                  .maintenance_window = "sun:03:00-sun:04:00",
                  .snapshot_window = "05:00-06:00",
                  .snapshot_retention_days = 7,
                  .auto_minor_version_upgrade = false,
                  .description = "it's a \"test\"; $1",
                  .deletion_protection = true,
                  .frozen = true,
                  .tags = {{"team", "payments"}, {"Größe", "ü"}},
                  .engine_version_alias = "8.0a"};
  cluster.generation = 5'000'000'000;
  cluster.status = model::ClusterStatus::kImpaired;
  cluster.status_reason = "a replica is away";
  cluster.operation = model::OperationId("op-1");
  cluster.queue = {model::OperationId("op-3"), model::OperationId("op-2")};
  cluster.pending = model::Build{"valkey", "8.1", "cache.t4g.small", "default.valkey8", "8.1a"};
  cluster.created = At(1);
  cluster.updated = At(2);
  cluster.origin = {model::RevisionCause::kRollback, model::OperationId("op-1"), 4'000'000'000};
  cluster.form = model::ClusterForm::kCacheCluster;
  return cluster;
}

model::Node ANode(const model::Cluster& cluster, int ordinal, const std::string& ip) {
  const model::NodeName name = model::NodeNameOf(cluster.name, ordinal);
  return {.incarnation = model::Incarnation(name.str() + ".1"),
          .name = name,
          .cluster = cluster.uid,
          .shard = 1,
          .ordinal = ordinal,
          .agent = model::AgentName("agent-1"),
          .zone = "zone-a",
          .subnet = "net-a",
          .address = {ip, 6379},
          .role = model::Role::kPrimary,
          .boot = {3},
          .intent = model::Intent::kRun,
          .engine = "redis",
          .image_version = "8.0.1",
          .memory_bytes = 6'000'000'000,
          .renewal = 7,
          .renewed_at = At(3),
          .renewed_start = 4,
          .readers_away = true};
}

model::Endpoint AnEndpoint(const model::Cluster& cluster, model::EndpointKind kind, const std::string& ip) {
  return {.cluster = cluster.uid,
          .kind = kind,
          .subnet = "net-b",
          .address = {ip, 6379},
          .version = 12,
          .targets = {{"10.0.1.5", 6379}, {"10.0.1.6", 7000}}};
}

model::Abandoned AnAbandoned(const std::string& incarnation, const std::string& ip) {
  return {.incarnation = model::Incarnation(incarnation),
          .node = model::NodeName("orders-001"),
          .agent = model::AgentName("agent-1"),
          .address = {ip, 6379}};
}

model::Operation AnOperation(const std::string& id, const std::string& target, WallTime created) {
  return {.id = model::OperationId(id),
          .kind = model::OperationKind::kModifyCluster,
          .cluster = model::ClusterUid("uid-" + target),
          .target = target,
          .status = model::OperationStatus::kRunning,
          .progress = {.percent = 40,
                       .steps = {{"plan", model::StepStatus::kDone, "3 nodes"},
                                 {"start", model::StepStatus::kRunning, ""},
                                 {"verify", model::StepStatus::kPending, ""}},
                       .reason = "waits for agent-2"},
          .revision = std::numeric_limits<std::uint32_t>::max(),
          .created = created,
          .ended = std::nullopt,
          .before = model::Build{"redis", "7.0", "cache.t4g.micro", "default.redis7"},
          .before_replicas = 4,
          .before_port = 6380,
          .before_subnet_group = "former",
          .removals = {"orders-002"},
          .failure = "it did not come up",
          .attempts = 2,
          .retry_at = At(8),
          .handover_epoch = {7},
          .reboots = {{model::Incarnation("i-1"), 7}, {model::Incarnation("i-2"), 0}},
          .images_before = {{model::Incarnation("i-1"), "7.0.14"}},
          .update_to = "7.0.15",
          .by_call = true,
          .cancelled = true,
          .write_pause_us = 1234,
          .expected_end = At(12),
          .asked = model::AskedChange{ACluster(target).spec, {"engine_version", "tags"}},
          .begun = created + std::chrono::milliseconds(2)};
}

model::AuditRecord AnAuditRecord(const std::string& operation, const std::string& resource, WallTime time) {
  model::AuditRecord record;
  record.time = time;
  record.admitted = true;
  record.caller = "AKIAB";
  record.caller_name = "build \"server\"";
  record.role = "operator";
  record.peer = "127.0.0.1:40312";
  record.interface = "aws-query";
  record.operation = operation;
  record.resource_kind = "cluster";
  record.resource = resource;
  record.parameters = {{"Engine", "valkey"}, {"Größe", ""}};
  record.outcome = "InvalidParameterValue";
  record.message = "Engine: \"x\"";
  record.changes = {{"engine_version", "8.0", "8.1"}, {"revision", "1", "2"}};
  record.request_id = "1-2-3";
  return record;
}

model::Event AnEvent(const std::string& cluster, const std::string& message, WallTime time) {
  return {.sequence = 0,
          .time = time,
          .source_type = "replication-group",
          .source = cluster,
          .message = message,
          .severity = model::Severity::kWarning,
          .cluster = cluster};
}

ports::RememberedRequest ARequest(const std::string& id, WallTime time) {
  return {id, "CreateCluster", "f00d", "orders", model::OperationId("op-1"), time};
}

model::Host AHost(const std::string& agent) {
  return {.agent = model::AgentName(agent),
          .zone = "zone-a",
          .memory_bytes = 64'000'000'000,
          .images = {{"redis", "7.0.15"}, {"valkey", "8.0.1"}},
          .version = "0.1.0",
          .last_heard = At(9)};
}

}  // namespace cacheplane::test
