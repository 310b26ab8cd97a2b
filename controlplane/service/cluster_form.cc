#include "controlplane/service/cluster_form.h"

#include <fmt/format.h>

#include <optional>

#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

using model::Cluster;
using model::ClusterForm;

Status CheckNotTaken(ports::ClusterTable& clusters, const std::string& name) {
  const std::optional<Cluster> other = clusters.Find(name);
  if (!other) return {};
  const bool deleting = other->status == model::ClusterStatus::kDeleting;
  return AlreadyExists(fmt::format("name: {} is taken by a {} that is {}; allowed: {}", Quoted(name),
                                   other->form == ClusterForm::kCacheCluster ? "cache cluster" : "cluster",
                                   model::ClusterStatusName(other->status),
                                   deleting ? "any other name, or this one once it is gone" : "any other name"));
}

bool IsGroup(const std::optional<Cluster>& cluster) {
  return cluster && cluster->form == ClusterForm::kReplicationGroup;
}

Status CheckIsNoMembersName(ports::ClusterTable& clusters, const std::string& name) {
  const std::string group = model::ClusterOfNode(name);
  if (group.empty() || !IsGroup(clusters.Find(group))) return {};
  return AlreadyExists(fmt::format("name: {} is a name of the members of replication group {}; allowed: any other name",
                                   Quoted(name), Quoted(group)));
}

Status CheckMembersNamesAreFree(ports::ClusterTable& clusters, const std::string& group) {
  const std::string prefix = group + "-";
  ports::PageRequest page{.after = prefix};
  for (;;) {
    const std::vector<Cluster> rows = clusters.List(page);
    for (const Cluster& row : rows) {
      if (!row.name.starts_with(prefix)) return {};
      if (row.form == ClusterForm::kReplicationGroup || model::ClusterOfNode(row.name) != group) continue;
      return AlreadyExists(
          fmt::format("name: {} would have members that are called like cache cluster {}; allowed: any other name",
                      Quoted(group), Quoted(row.name)));
    }
    if (rows.size() < static_cast<std::size_t>(page.limit)) return {};
    page.after = rows.back().name;
  }
}

}  // namespace

Result<ClusterForm> ReadForm(const std::string& form) {
  if (form.empty()) return ClusterForm::kReplicationGroup;
  if (const auto named = model::ClusterFormNamed(form)) return *named;
  return Invalid("form", form, "is unknown",
                 QuotedList({std::string(model::ClusterFormName(ClusterForm::kReplicationGroup)),
                             std::string(model::ClusterFormName(ClusterForm::kCacheCluster))}));
}

Status ValidateForm(ClusterForm form, const model::ClusterSpec& spec) {
  if (form == ClusterForm::kReplicationGroup || spec.replicas_per_shard == 0) return {};
  return InvalidArgument(
      fmt::format("spec.replicas_per_shard: {} for a cache cluster, which is one node on its own; allowed: 0, or a "
                  "replication group",
                  spec.replicas_per_shard));
}

Status CheckNameIsFree(ports::ClusterTable& clusters, const Cluster& wanted) {
  CP_RETURN_IF_ERROR(CheckNotTaken(clusters, wanted.name));
  return wanted.form == ClusterForm::kCacheCluster ? CheckIsNoMembersName(clusters, wanted.name)
                                                   : CheckMembersNamesAreFree(clusters, wanted.name);
}

std::string EventSourceType(ports::ClusterTable& clusters, const std::string& name) {
  const std::optional<Cluster> cluster = clusters.Find(name);
  return std::string(model::ClusterFormName(cluster ? cluster->form : ClusterForm::kReplicationGroup));
}

}  // namespace cacheplane::service
