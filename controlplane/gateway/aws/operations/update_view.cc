#include "controlplane/gateway/aws/operations/update_view.h"

#include <fmt/format.h>

#include "controlplane/gateway/aws/wire/iso_time.h"

namespace cacheplane::gateway::aws {
namespace {

using service::ClusterUpdate;
using service::NodeUpdate;
using service::UpdateStatus;

constexpr const char* kType = "engine-update";
constexpr const char* kOnlyNode = "0001";

std::optional<WallTime> StatusSince(const ClusterUpdate& update) {
  if (!update.operation) return std::nullopt;
  switch (update.status) {
    case UpdateStatus::kWaitingToStart: return update.operation->created;
    case UpdateStatus::kComplete:
    case UpdateStatus::kStopped:
    case UpdateStatus::kNotApplied: return update.operation->ended;
    case UpdateStatus::kInProgress:
    case UpdateStatus::kStopping: break;  // nobody noted when
  }
  return std::nullopt;
}

std::optional<WallTime> NodeStatusSince(const ClusterUpdate& update, const NodeUpdate& node) {
  if (node.status == UpdateStatus::kInProgress) return node.started;
  const bool waits = node.status == UpdateStatus::kWaitingToStart;
  return waits ? std::optional(update.operation->created) : std::nullopt;
}

void PutTime(Json& json, const char* member, const std::optional<WallTime>& time) {
  if (time) json[member] = IsoTime(*time);
}

Json NodeJson(const ClusterUpdate& update, const NodeUpdate& node) {
  Json json = {{"CacheNodeId", kOnlyNode}, {"NodeUpdateStatus", service::UpdateStatusName(node.status)}};
  PutTime(json, "NodeUpdateStartDate", node.started);
  PutTime(json, "NodeUpdateStatusModifiedDate", NodeStatusSince(update, node));
  if (!update.operation) return json;
  json["NodeUpdateInitiatedBy"] = update.operation->by_call ? "customer" : "system";
  json["NodeUpdateInitiatedDate"] = IsoTime(update.operation->created);
  return json;
}

void PutNodes(Json& json, const ClusterUpdate& update) {
  Json nodes = Json::array();
  for (const NodeUpdate& node : update.nodes) {
    nodes.push_back(NodeJson(update, node));
    if (update.cluster.form == model::ClusterForm::kReplicationGroup) nodes.back()["CacheClusterId"] = node.node.str();
  }
  if (update.cluster.form == model::ClusterForm::kCacheCluster) {
    json["CacheNodeUpdateStatus"] = std::move(nodes);
  } else {
    json["NodeGroupUpdateStatus"] =
        Json::array({Json{{"NodeGroupId", model::ShardName(1)}, {"NodeGroupMemberUpdateStatus", std::move(nodes)}}});
  }
}

}  // namespace

Json ServiceUpdateJson(const service::PatchLevel& level) {
  const std::string version = service::MinorOf(level);
  return {{"ServiceUpdateName", NameOf(level)},
          {"ServiceUpdateStatus", "available"},
          {"ServiceUpdateDescription",
           fmt::format("Patch level {} of {} {}, which hosts have on disk. With AutoMinorVersionUpgrade it is taken in "
                       "the next maintenance window as well.",
                       level.version, level.engine, version)},
          {"ServiceUpdateType", kType},
          {"Engine", level.engine},
          {"EngineVersion", fmt::format("{} before {}", version, level.version)},
          {"AutoUpdateAfterRecommendedApplyByDate", false}};
}

std::string ServiceUpdateStatusOf(const ClusterUpdate& update) { return update.on_hosts ? "available" : "cancelled"; }

Json UpdateSubjectJson(const model::Cluster& cluster) {
  const bool alone = cluster.form == model::ClusterForm::kCacheCluster;
  return {{alone ? "CacheClusterId" : "ReplicationGroupId", cluster.name}};
}

Json UpdateActionJson(const ClusterUpdate& update, bool nodes) {
  Json json = UpdateSubjectJson(update.cluster);
  json["ServiceUpdateName"] = NameOf(update.level);
  json["ServiceUpdateStatus"] = ServiceUpdateStatusOf(update);
  json["ServiceUpdateType"] = kType;
  json["UpdateActionStatus"] = service::UpdateStatusName(update.status);
  json["NodesUpdated"] = fmt::format("{}/{}", update.updated, update.nodes.size());
  PutTime(json, "UpdateActionStatusModifiedDate", StatusSince(update));
  json["SlaMet"] = "n/a";
  json["Engine"] = update.level.engine;
  if (nodes) PutNodes(json, update);
  return json;
}

}  // namespace cacheplane::gateway::aws
