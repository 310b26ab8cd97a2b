// Clusters as users define them (desired), and the status that is shown.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.h"
#include "controlplane/model/ids.h"

namespace cacheplane::model {

// A complete definition: every default is already filled in (service/defaults.h).
struct ClusterSpec {
  std::string engine;          // "valkey" or "redis"
  std::string engine_version;  // "8.0"
  std::string node_type;
  int shard_count = 1;
  int replicas_per_shard = 0;
  bool multi_az = false;
  bool automatic_failover = false;
  std::vector<std::string> preferred_zones;  // empty, or one a node; the first is the primary's
  std::string subnet_group;
  std::vector<std::string> security_groups;
  std::string parameter_group;
  int port = 6379;
  std::string maintenance_window;  // "sun:03:00-sun:04:00", UTC
  std::string snapshot_window;     // "05:00-06:00", UTC
  int snapshot_retention_days = 0;
  bool auto_minor_version_upgrade = true;
  std::string description;
  bool deletion_protection = false;
  bool frozen = false;  // nothing is done to its nodes that nobody asked for
  std::map<std::string, std::string> tags;
  // The number that engine_version was asked for by, if not its own: "7.1" for Redis 7.0 (catalog::VersionAlias).
  std::string engine_version_alias{};

  bool operator==(const ClusterSpec&) const = default;
};

// What its nodes are made of.
struct Build {
  std::string engine;
  std::string engine_version;
  std::string node_type;
  std::string parameter_group;
  std::string engine_version_alias{};  // as ClusterSpec's

  bool operator==(const Build&) const = default;
};

// Nodes made so do not become the other by what their processes are told: the processes have to give way.
bool Remakes(const Build& a, const Build& b);

Build BuildOf(const ClusterSpec& spec);
ClusterSpec WithBuild(ClusterSpec spec, const Build& build);

// The version by the number it was asked for.
inline const std::string& VersionAskedFor(const Build& build) {
  return build.engine_version_alias.empty() ? build.engine_version : build.engine_version_alias;
}

// What a user asked for, and what of it waits for the next maintenance window.
struct Definition {
  ClusterSpec spec;
  std::optional<Build> pending{};

  bool operator==(const Definition&) const = default;
};

// What made a definition: a call, the maintenance window in which it was begun, or an operation that went back.
// Unknown: it is older than the history.
enum class RevisionCause { kUnknown, kCreate, kModify, kRollback, kMaintenanceWindow, kWentBack };

std::string_view RevisionCauseName(RevisionCause cause);  // "unknown", "create-cluster", …

struct RevisionOrigin {
  RevisionCause cause = RevisionCause::kUnknown;
  OperationId operation{};     // that carries it out; empty: unknown
  std::uint64_t restored = 0;  // by a rollback: the number of the revision whose definition it is

  bool operator==(const RevisionOrigin&) const = default;
};

//      ┌─────────────────────────┐
//      │                         ▼
//   creating ──► available ◄──► impaired
//      │           ▲ │             │
//      │           │ ▼             │
//      │        modifying ◄───────►┤
//      │             │             │
//      │             ▲▼            │
//      │          stopped          │
//      └─────────────┴──────┬──────┘
//                           ▼
//                        deleting ──► (row removed)
//
// service/ writes creating, modifying and deleting with the call; reconcile/ writes the others from what was verified.
enum class ClusterStatus { kCreating, kAvailable, kModifying, kImpaired, kStopped, kDeleting };

std::string_view ClusterStatusName(ClusterStatus status);  // "creating", …

// Whether the diagram has that arrow (staying is allowed).
bool MayBecome(ClusterStatus from, ClusterStatus to);

// What a cluster is to callers. It never changes.
enum class ClusterForm {
  kReplicationGroup,
  kCacheCluster,  // one node on its own: it never has a replica, and its name is its node's to the AWS API
};

std::string_view ClusterFormName(ClusterForm form);  // "replication-group", "cache-cluster"

// Nothing for a text that is no form's name.
std::optional<ClusterForm> ClusterFormNamed(std::string_view name);

struct Cluster {
  ClusterUid uid;
  std::string name;  // lower case
  ClusterSpec spec;
  std::uint64_t generation = 1;  // its definition's revision: rises with every change, by Redefine alone
  ClusterStatus status = ClusterStatus::kCreating;
  std::string status_reason;
  OperationId operation;             // under way; empty when there is none
  std::vector<OperationId> queue{};  // changes that wait for their turn, in that order
  std::optional<Build> pending{};    // what its nodes are to be made of in the next maintenance window
  WallTime created;
  WallTime updated;
  RevisionOrigin origin{};  // of its definition
  ClusterForm form = ClusterForm::kReplicationGroup;

  bool operator==(const Cluster&) const = default;
};

// Gives the cluster another definition, its next revision. The store keeps it when the row is written.
void Redefine(Cluster& cluster, Definition definition, RevisionOrigin origin, WallTime now);

// A definition that a cluster has, or had.
struct Revision {
  std::uint64_t number = 0;  // Cluster::generation
  WallTime time;             // of the change
  RevisionOrigin origin;
  Definition definition;

  bool operator==(const Revision&) const = default;
};

Revision RevisionOf(const Cluster& cluster);

// Nodes of a shard: the primary and its replicas.
inline int NodesPerShard(const ClusterSpec& spec) { return 1 + spec.replicas_per_shard; }

// "orders-001" for ordinal 1: the name of a node of a cluster with one shard.
NodeName NodeNameOf(std::string_view cluster, int ordinal);

// Of a node's name "orders-001" its cluster's, "orders"; empty when no node is ever called so.
std::string ClusterOfNode(std::string_view node);

// "0001".
std::string ShardName(int ordinal);

}  // namespace cacheplane::model
