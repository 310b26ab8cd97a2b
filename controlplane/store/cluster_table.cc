#include "controlplane/store/cluster_table.h"

#include <algorithm>

#include "common/text.h"
#include "controlplane/store/enum_text.h"
#include "controlplane/store/json_text.h"
#include "controlplane/store/sql/text.h"

namespace cacheplane::store {
namespace {

using model::Cluster;
using model::ClusterStatus;

const sql::Table kCluster{"cluster",
                          {"uid"},
                          {"name",
                           "engine",
                           "engine_version",
                           "node_type",
                           "shard_count",
                           "replicas_per_shard",
                           "multi_az",
                           "automatic_failover",
                           "preferred_zones_json",
                           "subnet_group",
                           "parameter_group",
                           "port",
                           "maintenance_window",
                           "snapshot_window",
                           "snapshot_retention_days",
                           "auto_minor_version_upgrade",
                           "description",
                           "deletion_protection",
                           "frozen",
                           "tags_json",
                           "generation",
                           "status",
                           "status_reason",
                           "operation",
                           "created",
                           "updated",
                           "pending_json",
                           "origin_cause",
                           "origin_operation",
                           "origin_restored",
                           "form",
                           "engine_version_alias",
                           "queue_json"}};
const sql::Table kRevision{
    "cluster_revision",
    {"cluster", "number"},
    {"time", "origin_cause", "origin_operation", "origin_restored", "spec_json", "pending_json"}};
const std::string kInsert = sql::Insert(kCluster);
const std::string kUpdate = sql::Update(kCluster);
const std::string kSelect = sql::Select(kCluster);
const std::string kPutRevision = sql::Put(kRevision);
const std::string kRevisions =
    sql::Select(kRevision) + " WHERE cluster = $1 AND ($2 = 0 OR number < $2) ORDER BY number DESC LIMIT $3";
constexpr char kForgetRevisions[] =
    "DELETE FROM cluster_revision WHERE cluster = $1 AND number <= "
    "(SELECT number FROM cluster_revision WHERE cluster = $1 ORDER BY number DESC LIMIT 1 OFFSET $2)";

// Empty: nothing waits.
std::string ToText(const std::optional<model::Build>& pending) { return pending ? ToJson(*pending) : std::string(); }

std::optional<model::Build> PendingOf(const std::string& text) {
  std::optional<model::Build> pending;
  if (!text.empty()) FromJson(text, pending.emplace());
  return pending;
}

sql::Values ToValues(const Cluster& cluster) {
  const model::ClusterSpec& spec = cluster.spec;
  return {cluster.uid,
          cluster.name,
          spec.engine,
          spec.engine_version,
          spec.node_type,
          spec.shard_count,
          spec.replicas_per_shard,
          spec.multi_az,
          spec.automatic_failover,
          ToJson(spec.preferred_zones),
          spec.subnet_group,
          spec.parameter_group,
          spec.port,
          spec.maintenance_window,
          spec.snapshot_window,
          spec.snapshot_retention_days,
          spec.auto_minor_version_upgrade,
          spec.description,
          spec.deletion_protection,
          spec.frozen,
          ToJson(spec.tags),
          cluster.generation,
          ClusterStatusName(cluster.status),
          cluster.status_reason,
          cluster.operation,
          cluster.created,
          cluster.updated,
          ToText(cluster.pending),
          model::RevisionCauseName(cluster.origin.cause),
          cluster.origin.operation,
          cluster.origin.restored,
          model::ClusterFormName(cluster.form),
          spec.engine_version_alias,
          ToJson(cluster.queue)};
}

model::RevisionCause CauseNamed(std::string_view name) {
  using enum model::RevisionCause;
  return EnumNamed(name, model::RevisionCauseName,
                   {kUnknown, kCreate, kModify, kRollback, kMaintenanceWindow, kWentBack});
}

Cluster ReadCluster(sql::Row& row) {
  Cluster cluster;
  model::ClusterSpec& spec = cluster.spec;
  std::string zones;
  std::string tags;
  std::string status;
  std::string pending;
  std::string cause;
  std::string form;
  std::string queue;
  row.Into(cluster.uid, cluster.name, spec.engine, spec.engine_version, spec.node_type, spec.shard_count,
           spec.replicas_per_shard, spec.multi_az, spec.automatic_failover, zones, spec.subnet_group,
           spec.parameter_group, spec.port, spec.maintenance_window, spec.snapshot_window, spec.snapshot_retention_days,
           spec.auto_minor_version_upgrade, spec.description, spec.deletion_protection, spec.frozen, tags,
           cluster.generation, status, cluster.status_reason, cluster.operation, cluster.created, cluster.updated,
           pending, cause, cluster.origin.operation, cluster.origin.restored, form, spec.engine_version_alias, queue);
  FromJson(queue, cluster.queue);
  cluster.pending = PendingOf(pending);
  cluster.origin.cause = CauseNamed(cause);
  cluster.form = EnumNamed(form, model::ClusterFormName,
                           {model::ClusterForm::kReplicationGroup, model::ClusterForm::kCacheCluster});
  FromJson(zones, spec.preferred_zones);
  FromJson(tags, spec.tags);
  cluster.status = EnumNamed(status, model::ClusterStatusName,
                             {ClusterStatus::kCreating, ClusterStatus::kAvailable, ClusterStatus::kModifying,
                              ClusterStatus::kImpaired, ClusterStatus::kStopped, ClusterStatus::kDeleting});
  return cluster;
}

model::Revision ReadRevision(sql::Row& row) {
  model::Revision revision;
  model::ClusterUid cluster;
  std::string cause;
  std::string spec;
  std::string pending;
  row.Into(cluster, revision.number, revision.time, cause, revision.origin.operation, revision.origin.restored, spec,
           pending);
  revision.origin.cause = CauseNamed(cause);
  FromJson(spec, revision.definition.spec);
  revision.definition.pending = PendingOf(pending);
  return revision;
}

Cluster InLowerCase(Cluster cluster) {
  cluster.name = ToLower(cluster.name);
  cluster.spec.subnet_group = ToLower(cluster.spec.subnet_group);
  for (std::string& group : cluster.spec.security_groups) group = ToLower(group);
  return cluster;
}

Error NoSubnetGroup(const Cluster& cluster) { return NotFound("no subnet group " + cluster.spec.subnet_group); }

}  // namespace

Status ClusterTable::Insert(const Cluster& cluster) {
  const Cluster row = InLowerCase(cluster);
  return sql::Atomically(session_, [&]() -> Status {
    const sql::Change change = session_.Attempt(kInsert, ToValues(row));
    CP_RETURN_IF_ERROR(
        sql::Answer(change, AlreadyExists("cluster " + row.name + " already exists"), NoSubnetGroup(row)));
    CP_RETURN_IF_ERROR(PutSecurityGroups(row));
    KeepRevision(row);
    return {};
  });
}

Status ClusterTable::Update(const Cluster& cluster) {
  Cluster row = InLowerCase(cluster);
  const auto stored = Find(row.uid);
  if (!stored) return NotFound("no cluster " + row.name);
  row.name = stored->name;
  return sql::Atomically(session_, [&]() -> Status {
    const sql::Change change = session_.Attempt(kUpdate, ToValues(row));
    CP_CHECK(change.outcome != sql::Outcome::kTaken);
    if (change.outcome == sql::Outcome::kDangling) return NoSubnetGroup(row);
    CP_RETURN_IF_ERROR(PutSecurityGroups(row));
    if (row.generation > stored->generation) KeepRevision(row);
    return {};
  });
}

Status ClusterTable::PutSecurityGroups(const Cluster& cluster) {
  session_.Execute("DELETE FROM cluster_security_group WHERE cluster = $1", {cluster.uid});
  int ordinal = 0;
  for (const std::string& group : cluster.spec.security_groups) {
    const sql::Change change =
        session_.Attempt("INSERT INTO cluster_security_group (cluster, ordinal, security_group) VALUES ($1, $2, $3)",
                         {cluster.uid, ++ordinal, group});
    if (change.outcome != sql::Outcome::kDone) return NotFound("no security group " + group);
  }
  return {};
}

void ClusterTable::KeepRevision(const Cluster& cluster) {
  const model::Revision revision = model::RevisionOf(cluster);
  session_.Execute(kPutRevision,
                   {cluster.uid, revision.number, revision.time, model::RevisionCauseName(revision.origin.cause),
                    revision.origin.operation, revision.origin.restored, ToJson(revision.definition.spec),
                    ToText(revision.definition.pending)});
  session_.Execute(kForgetRevisions, {cluster.uid, ports::kMostRevisions});
}

std::vector<model::Revision> ClusterTable::Revisions(const model::ClusterUid& uid, std::uint64_t below, int limit) {
  return session_.Select(ReadRevision, kRevisions, {uid, below, std::max(limit, 0)});
}

void ClusterTable::Remove(const model::ClusterUid& uid) {
  session_.Execute("DELETE FROM cluster WHERE uid = $1", {uid});
}

std::optional<Cluster> ClusterTable::Find(const std::string& name) {
  return WithSecurityGroups(session_.Find(ReadCluster, kSelect + " WHERE name = $1", {ToLower(name)}));
}

std::optional<Cluster> ClusterTable::Find(const model::ClusterUid& uid) {
  return WithSecurityGroups(session_.Find(ReadCluster, kSelect + " WHERE uid = $1", {uid}));
}

std::vector<Cluster> ClusterTable::List(const ports::PageRequest& page) {
  auto clusters = session_.Select(ReadCluster, kSelect + " WHERE name > $1 ORDER BY name LIMIT $2",
                                  {ToLower(page.after), std::max(page.limit, 0)});
  for (Cluster& cluster : clusters) cluster.spec.security_groups = SecurityGroupsOf(cluster.uid);
  return clusters;
}

std::vector<model::ClusterUid> ClusterTable::Uids() {
  return session_.Select(sql::Only<model::ClusterUid>, "SELECT uid FROM cluster ORDER BY name");
}

std::optional<Cluster> ClusterTable::WithSecurityGroups(std::optional<Cluster> cluster) {
  if (cluster) cluster->spec.security_groups = SecurityGroupsOf(cluster->uid);
  return cluster;
}

std::vector<std::string> ClusterTable::SecurityGroupsOf(const model::ClusterUid& uid) {
  return session_.Select(sql::Only<std::string>,
                         "SELECT security_group FROM cluster_security_group WHERE cluster = $1 ORDER BY ordinal",
                         {uid});
}

}  // namespace cacheplane::store
