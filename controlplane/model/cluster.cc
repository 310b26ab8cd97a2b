#include "controlplane/model/cluster.h"

#include <algorithm>
#include <utility>

namespace cacheplane::model {

bool Remakes(const Build& a, const Build& b) {
  return a.engine != b.engine || a.engine_version != b.engine_version || a.node_type != b.node_type;
}

Build BuildOf(const ClusterSpec& spec) {
  return {spec.engine, spec.engine_version, spec.node_type, spec.parameter_group, spec.engine_version_alias};
}

ClusterSpec WithBuild(ClusterSpec spec, const Build& build) {
  spec.engine = build.engine;
  spec.engine_version = build.engine_version;
  spec.node_type = build.node_type;
  spec.parameter_group = build.parameter_group;
  spec.engine_version_alias = build.engine_version_alias;
  return spec;
}

std::string_view RevisionCauseName(RevisionCause cause) {
  switch (cause) {
    case RevisionCause::kUnknown: return "unknown";
    case RevisionCause::kCreate: return "create-cluster";
    case RevisionCause::kModify: return "modify-cluster";
    case RevisionCause::kRollback: return "rollback-cluster";
    case RevisionCause::kMaintenanceWindow: return "maintenance-window";
    case RevisionCause::kWentBack: return "went-back";
  }
  return "";
}

std::string_view ClusterStatusName(ClusterStatus status) {
  switch (status) {
    case ClusterStatus::kCreating: return "creating";
    case ClusterStatus::kAvailable: return "available";
    case ClusterStatus::kModifying: return "modifying";
    case ClusterStatus::kImpaired: return "impaired";
    case ClusterStatus::kStopped: return "stopped";
    case ClusterStatus::kDeleting: return "deleting";
  }
  return "";
}

std::string_view ClusterFormName(ClusterForm form) {
  switch (form) {
    case ClusterForm::kReplicationGroup: return "replication-group";
    case ClusterForm::kCacheCluster: return "cache-cluster";
  }
  return "";
}

std::optional<ClusterForm> ClusterFormNamed(std::string_view name) {
  for (const ClusterForm form : {ClusterForm::kReplicationGroup, ClusterForm::kCacheCluster}) {
    if (ClusterFormName(form) == name) return form;
  }
  return std::nullopt;
}

bool MayBecome(ClusterStatus from, ClusterStatus to) {
  if (from == to || to == ClusterStatus::kDeleting) return true;
  switch (from) {
    case ClusterStatus::kCreating: return to == ClusterStatus::kAvailable || to == ClusterStatus::kImpaired;
    case ClusterStatus::kAvailable: return to == ClusterStatus::kImpaired || to == ClusterStatus::kModifying;
    case ClusterStatus::kModifying: return to != ClusterStatus::kCreating;
    case ClusterStatus::kImpaired: return to == ClusterStatus::kAvailable || to == ClusterStatus::kModifying;
    case ClusterStatus::kStopped: return to == ClusterStatus::kModifying;
    case ClusterStatus::kDeleting: return false;
  }
  return false;
}

void Redefine(Cluster& cluster, Definition definition, RevisionOrigin origin, WallTime now) {
  cluster.spec = std::move(definition.spec);
  cluster.pending = std::move(definition.pending);
  cluster.generation += 1;
  cluster.origin = std::move(origin);
  cluster.updated = now;
}

Revision RevisionOf(const Cluster& cluster) {
  return {.number = cluster.generation,
          .time = cluster.updated,
          .origin = cluster.origin,
          .definition = {cluster.spec, cluster.pending}};
}

NodeName NodeNameOf(std::string_view cluster, int ordinal) {
  return NodeName(fmt::format("{}-{:03}", cluster, ordinal));
}

std::string ClusterOfNode(std::string_view node) {
  constexpr std::size_t kDigits = 3;
  const std::size_t hyphen = node.rfind('-');
  if (hyphen == std::string_view::npos || node.size() - hyphen - 1 != kDigits) return "";
  const bool numbered = std::all_of(node.begin() + static_cast<std::ptrdiff_t>(hyphen) + 1, node.end(),
                                    [](char c) { return c >= '0' && c <= '9'; });
  return numbered ? std::string(node.substr(0, hyphen)) : "";
}

std::string ShardName(int ordinal) { return fmt::format("{:04}", ordinal); }

}  // namespace cacheplane::model
